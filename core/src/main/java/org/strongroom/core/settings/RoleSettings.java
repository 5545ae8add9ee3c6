package org.strongroom.core.settings;

import java.util.List;

/** A role of one's own. Immutable. */
public record RoleSettings(
        @Setting(
                        text =
                                "What it permits, as area:action, for example \"study:view\" (docs/access.md lists them);"
                                        + " a third part limits it to one tenant whoever the user is: \"study:view:north\"."
                                        + " A star stands for anything.",
                        otherwise = "nothing")
                List<String> permissions,
        @Setting(
                        text =
                                "Only patients whose ReferringPhysicianName is one of the user's, or that were shared with"
                                        + " the user.",
                        byDefault = "false")
                boolean ownPatientsOnly) {
    private static final String PART = "(\\*|[a-z-]+(,[a-z-]+)*)";

    public RoleSettings {
        permissions = List.copyOf(permissions);
        List<String> given = permissions;
        Problems.check(problems -> {
            for (int i = 0; i < given.size(); i++) {
                if (!given.get(i).matches(PART + ":" + PART + "(:(\\*|[a-z0-9,-]+))?")) {
                    problems.add(
                            "Permissions[" + i + "]",
                            "\"" + given.get(i) + "\" is no permission: write area:action, for example study:view");
                }
            }
        });
    }
}
