package org.strongroom.core.settings;

import java.util.List;

/** What membership in a group of the directory gives. Immutable. */
public record DirectoryGroupSettings(
        @Setting(text = "The group's DN, for example \"CN=Radiologists,OU=Groups,DC=clinic,DC=example\".") String group,
        @Setting(
                        text = "Roles of its members. They hold in Tenants below, and in no other group's.",
                        otherwise = "nothing")
                List<String> roles,
        @Setting(text = "Tenants whose studies its members work with.", otherwise = "none") List<String> tenants)
        implements GroupSettings {
    public DirectoryGroupSettings {
        roles = List.copyOf(roles);
        tenants = List.copyOf(tenants);
        String dn = group;
        List<String> gives = roles;
        Problems.check(problems -> {
            if (!dn.contains("=")) {
                problems.add("Group", "\"" + dn + "\" is no DN: write for example CN=Radiologists,OU=Groups,DC=clinic");
            }
            if (gives.isEmpty()) {
                problems.add("Roles", "none: write what the group's members may do");
            }
        });
    }
}
