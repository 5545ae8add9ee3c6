package org.strongroom.core.settings;

import java.util.List;
import java.util.Set;

/** What a route of another plugin needs. Immutable. */
public record RouteSettings(
        @Setting(
                        text = "Its path. {patient}, {study}, {series} and {instance} stand for Orthanc's identifiers,"
                                + " {study-uid}, {series-uid} and {instance-uid} for DICOM's, and are checked against the"
                                + " user's tenants; {name} is any one segment, ** at the end all that follows.")
                String path,
        @Setting(text = "GET, POST, PUT or DELETE.", otherwise = "GET") List<String> methods,
        @Setting(
                        text = "What it needs, for example \"study:view\"; \"open\" lets everybody in who is logged in,"
                                + " \"public\" everybody.")
                String permission) {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");

    public RouteSettings {
        methods = methods.isEmpty() ? List.of("GET") : List.copyOf(methods);
        String where = path;
        String needs = permission;
        List<String> given = methods;
        Problems.check(problems -> {
            if (where.contains("/.")
                    || !where.matches("/[A-Za-z0-9._~-]+(/([A-Za-z0-9._~-]+|\\{[a-z-]+\\}))*(/\\*\\*)?")) {
                problems.add("Path", "\"" + where + "\" is no route: write for example /ohif/** or /x/{study}");
            }
            if (!METHODS.containsAll(given)) {
                problems.add("Methods", given + " holds others: write GET, POST, PUT or DELETE");
            }
            if (!needs.matches("open|public|[a-z-]+:[a-z-]+")) {
                problems.add("Permission", "\"" + needs + "\" is no permission: write for example study:view");
            }
        });
    }
}
