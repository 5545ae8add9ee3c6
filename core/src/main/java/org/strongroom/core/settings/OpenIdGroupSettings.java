package org.strongroom.core.settings;

import java.util.List;

/** What membership in a group of an OpenID Connect provider gives. Immutable. */
public record OpenIdGroupSettings(
        @Setting(
                        text =
                                "The group as the provider writes it, upper and lower case included: a name, a path or an identifier.")
                String group,
        @Setting(
                        text = "Roles of its members. They hold in Tenants below, and in no other group's.",
                        otherwise = "nothing")
                List<String> roles,
        @Setting(text = "Tenants whose studies its members work with.", otherwise = "none") List<String> tenants)
        implements GroupSettings {
    public OpenIdGroupSettings {
        roles = List.copyOf(roles);
        tenants = List.copyOf(tenants);
        boolean nameless = group.isBlank();
        boolean givesNothing = roles.isEmpty();
        Problems.check(problems -> {
            if (nameless) {
                problems.add("Group", "empty: write what the provider calls the group");
            }
            if (givesNothing) {
                problems.add("Roles", "none: write what the group's members may do");
            }
        });
    }
}
