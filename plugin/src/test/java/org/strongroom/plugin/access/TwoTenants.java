package org.strongroom.plugin.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.bridge.HttpMethod;

/**
 * North and south, a patient of each, one of both, and north's people. What a request names tells by its first digit whose it is. North's
 * studies are one, as far as a share link can tell.
 */
final class TwoTenants implements Ownership {
    /** Whose the things are that a request names. */
    enum Whose {
        NORTH('1'),
        SOUTH('2'),
        /** A patient of both; of this patient north's study. */
        SHARED('3'),
        NOWHERE('4'),
        /** North's, and its processing is restricted. */
        RESTRICTED('5');

        final char digit;

        Whose(char digit) {
            this.digit = digit;
        }
    }

    static final Roles ROLES = Roles.of(Settings.parse(
                    """
                    {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Access": {"Roles": {
                      "everything": {"Permissions": ["*:*"]},
                      "protection": {"Permissions": ["*:*", "study:restricted"]},
                      "no-pixels": {"Permissions": [
                        "study:view,tags,reports,download,import,annotate,send,modify,delete", "worklist:*", "share:*",
                        "remote:*", "job:*", "system:*", "access:*", "tenant:*", "audit:*"]}}}}}""")
            .access());
    static final List<Principal> PEOPLE = List.of(
            north("radiologist"),
            north("technologist"),
            north("referrer"),
            north("billing"),
            ROLES.principal("auditor", List.of(), List.of("auditor"), List.of()),
            ROLES.principal("administrator", List.of(), List.of("administrator"), List.of()),
            north("no-pixels"),
            Principal.NOBODY,
            link("radiologist", false),
            link("referrer", true));

    /** What a restricted patient may be known by. */
    static final UUID OPENED = new UUID(5, 5);

    static final Set<String> TENANTS = Set.of("north", "south");

    private static final Pattern NAMED = Pattern.compile("\\{([a-z-]+)\\}");
    private static final Map<String, String> IDS = Map.ofEntries(
            Map.entry("patient", "%c0000000-00000000-00000000-00000000-00000001"),
            Map.entry("study", "%c0000000-00000000-00000000-00000000-00000002"),
            Map.entry("series", "%c0000000-00000000-00000000-00000000-00000003"),
            Map.entry("instance", "%c0000000-00000000-00000000-00000000-00000004"),
            Map.entry(
                    "resources",
                    "%1$c0000000-00000000-00000000-00000000-00000002,%1$c0000000-00000000-00000000-00000000-00000003"),
            Map.entry("study-uid", "%c.2.3"),
            Map.entry("series-uid", "%c.2.3.4"),
            Map.entry("instance-uid", "%c.2.3.4.5"),
            Map.entry("modality", "%cct"),
            Map.entry("peer", "%cpeer"),
            Map.entry("server", "%cserver"),
            Map.entry("job", "%c0000000-0000-4000-8000-000000000005"),
            Map.entry("query", "%c0000000-0000-4000-8000-000000000006"),
            Map.entry("commitment", "%c.2.3.7"),
            Map.entry("number", "7"));

    final Access access = new Access(RouteTable.of(DicomWebRoots.DEFAULTS, List.of()), TENANTS, this);
    private Principal asking = Principal.NOBODY;

    static Principal north(String role) {
        return ROLES.principal("north-" + role, List.of("north"), List.of(role), List.of("REFERRER^NORTH"));
    }

    /** Whoever holds a link to north's study. */
    static Principal link(String role, boolean download) {
        return north(role).sharing("share:1", new Shared("north", "norths"), download);
    }

    /** What becomes of this route when it names things of {@code whose}. */
    Decision decide(Principal principal, HttpMethod method, Route route, Whose whose) {
        return decide(principal, method, fill(route.path(), whose));
    }

    Decision decide(Principal principal, HttpMethod method, String uri) {
        asking = principal;
        String[] halves = uri.split("\\?", 2);
        List<Map.Entry<String, String>> arguments = halves.length < 2
                ? List.of()
                : List.of(halves[1].split("&", -1)).stream()
                        .map(argument -> argument.split("=", 2))
                        .map(pair -> Map.entry(pair[0], pair.length < 2 ? "" : pair[1]))
                        .toList();
        return access.decide(principal, method, halves[0], arguments);
    }

    static String fill(String path, Whose whose) {
        Matcher named = NAMED.matcher(path.replace("**", "x"));
        return named.replaceAll(found -> IDS.getOrDefault(found.group(1), "x").formatted(whose.digit));
    }

    @Override
    public Owners owners(Resource resource) {
        Part north = new Part("north", "REFERRER^NORTH", Set.of(), "norths");
        Part south = new Part("south", "REFERRER^NORTH", Set.of(), "souths");
        return switch (resource.id().charAt(0)) {
            case '1' -> new Owners(List.of(north), false);
            case '2' -> new Owners(List.of(south), false);
            case '5' -> new Owners(List.of(new Part("north", "REFERRER^NORTH", Set.of(OPENED), "norths", true)), false);
            case '3' ->
                resource.level() == Level.PATIENT
                        ? new Owners(List.of(north, south), true)
                        : new Owners(List.of(north), true);
            default -> Owners.NOBODY;
        };
    }

    @Override
    public Optional<Resource> find(String id) {
        Level level = List.of(Level.PATIENT, Level.STUDY, Level.SERIES, Level.INSTANCE)
                .get(id.charAt(id.length() - 1) - '1');
        return id.startsWith("4") ? Optional.empty() : Optional.of(new Resource(level, false, id));
    }

    @Override
    public Optional<String> starter(Resource resource) {
        return switch (resource.id().charAt(0)) {
            case '1', '3' -> Optional.of(asking.name());
            case '2' -> Optional.of("south-radiologist");
            default -> Optional.empty();
        };
    }
}
