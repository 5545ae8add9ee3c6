package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Settings;

/**
 * Who may see what once Orthanc starts with a recovered configuration, and what is still to be written by hand for that. Immutable.
 *
 * @param from where users and tenants came from
 * @param tenants their names
 * @param missing files and variables that the settings name (secrets, which no snapshot holds), tiers and users of tenants that are not there, and numbers of copies that are lower for that
 * @param stations titles (AET) of the tenants that {@code DicomModalities} does not know: Orthanc takes nothing of them
 */
public record RecoveredAccess(From from, List<String> tenants, List<Missing> missing, List<String> stations) {
    private static final List<String> SECTIONS = List.of("Access", "Tenants");
    private static final String USERS_FILE = "Strongroom.Access.UsersFile";

    public RecoveredAccess {
        tenants = List.copyOf(tenants);
        missing = List.copyOf(missing);
        stations = List.copyOf(stations);
    }

    /** The same, with more that is still to be looked at. */
    RecoveredAccess and(List<Missing> more) {
        return new RecoveredAccess(
                from, tenants, Stream.concat(missing.stream(), more.stream()).toList(), stations);
    }

    /** Who said who may see what. */
    public enum From {
        /** The configuration that the person had. */
        CONFIGURATION,
        /** The settings in the snapshot. */
        SNAPSHOT,
        /** Nobody: there were no settings, and the configuration says nothing. Orthanc shows everything to whoever it answers. */
        NOBODY,
        /** The settings in the snapshot, which let everybody in that Orthanc lets in. */
        EVERYBODY;

        /** As it stands in the report. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something that is not in any tier, a tier or user that is not there, or copies that are not asked for because of that.
     *
     * @param setting its path
     * @param value the file, the name of the variable, the tier or the user, or the number of copies
     * @param cure what to write there
     */
    public record Missing(String setting, String value, String cure) {
        /** How the path of a number of copies ends. */
        static final String COPIES = ".Copies";

        /** As it stands in the report: Orthanc starts with a number that is too low. */
        public String line() {
            String what = setting.endsWith(COPIES)
                    ? "Fewer copies than before: " + setting + " is "
                    : "Missing before Orthanc starts: " + setting + " names ";
            return what + value + ". " + cure;
        }
    }

    /** The settings in {@link Home#recoveredSettings}; empty if there are none. */
    static Optional<JsonNode> settings(Home home) throws IOException {
        return Files.exists(home.recoveredSettings())
                ? Optional.of(new ObjectMapper()
                        .readTree(Files.readAllBytes(home.recoveredSettings()))
                        .path(Settings.SECTION))
                : Optional.empty();
    }

    /** The part of them that is about users and tenants; nothing in it if whoever Orthanc let in saw everything. */
    static ObjectNode said(JsonNode settings) {
        ObjectNode access = RecoveredConfiguration.object();
        for (String name : SECTIONS) {
            if (settings.path(name) instanceof ObjectNode said && says(name, said)) {
                access.set(name, said);
            }
        }
        return access;
    }

    /** Written out, settings hold every default; those of {@code Access} alone let everybody in. */
    private static boolean says(String section, ObjectNode said) {
        return section.equals("Access")
                ? Stream.of("Users", "UsersFile", "Directory", "OpenIdConnect", "Roles")
                        .map(said::path)
                        .anyMatch(one -> one.isTextual() || !one.isEmpty())
                : !said.isEmpty();
    }

    /** Whether a section says who may see what; tenants whom nothing tells apart, or settings of the login alone, do not. */
    static boolean isIn(JsonNode section) {
        boolean sources = false;
        for (JsonNode tenant : section.path("Tenants")) {
            sources |= !tenant.path("Sources").isEmpty();
        }
        return sources || (section.path("Access") instanceof ObjectNode access && says("Access", access));
    }

    /** Adds what a section does not say itself. */
    static void complete(ObjectNode section, ObjectNode said) {
        said.properties().forEach(one -> {
            if (section.get(one.getKey()) instanceof ObjectNode inner && one.getValue() instanceof ObjectNode more) {
                complete(inner, more);
            } else {
                section.putIfAbsent(one.getKey(), one.getValue());
            }
        });
    }

    /**
     * What is true of a configuration as it was written.
     *
     * @param root all of it
     * @param snapshot as {@link #said}
     */
    static RecoveredAccess of(JsonNode root, Optional<ObjectNode> snapshot, Set<String> variables) {
        JsonNode section = root.path(Settings.SECTION);
        List<Missing> missing = new ArrayList<>();
        collect("Strongroom.Access", section.path("Access"), variables, missing);
        From from = from(section, snapshot);
        if (from == From.SNAPSHOT) {
            missing.replaceAll(RecoveredAccess::ofNoSnapshot);
        }
        Set<String> titles = new TreeSet<>();
        for (JsonNode tenant : section.path("Tenants")) {
            tenant.at("/Sources/AETs").forEach(title -> titles.add(title.asText()));
        }
        for (JsonNode modality : root.path("DicomModalities")) {
            titles.remove(
                    modality.isArray()
                            ? modality.path(0).asText()
                            : modality.path("AET").asText());
        }
        List<String> tenants = new ArrayList<>();
        section.path("Tenants").fieldNames().forEachRemaining(tenants::add);
        return new RecoveredAccess(from, tenants, missing, List.copyOf(titles));
    }

    private static From from(JsonNode section, Optional<ObjectNode> snapshot) {
        if (!isIn(section)) {
            return snapshot.isPresent() ? From.EVERYBODY : From.NOBODY;
        }
        return snapshot.isPresent() && isOf(section, snapshot.get()) ? From.SNAPSHOT : From.CONFIGURATION;
    }

    /** Whether a section says all that a snapshot does of who may see what. */
    static boolean isOf(JsonNode section, ObjectNode snapshot) {
        ObjectNode completed = section.deepCopy();
        complete(completed, snapshot);
        return isIn(snapshot) && completed.equals(section);
    }

    /** A snapshot with the users of the file names no file. */
    private static Missing ofNoSnapshot(Missing one) {
        return one.setting().equals(USERS_FILE)
                ? new Missing(
                        USERS_FILE,
                        one.value(),
                        "The snapshot has none of its users: the file could not be read when it was made, or had none. "
                                + one.cure())
                : one;
    }

    /** Secrets stand in settings as {@code …File} or {@code …Env} only; what proves a server is a file as well. */
    private static void collect(String path, JsonNode node, Set<String> variables, List<Missing> missing) {
        for (Map.Entry<String, JsonNode> one : node.properties()) {
            String name = one.getKey();
            String here = path + "." + name;
            JsonNode value = one.getValue();
            boolean file = name.endsWith("File") || name.equals("Authorities") || name.equals("Policy");
            if (value.isObject()) {
                collect(here, value, variables, missing);
            } else if (value.isTextual() && file && !Files.isReadable(Path.of(value.asText()))) {
                missing.add(new Missing(here, value.asText(), cure(name)));
            } else if (value.isTextual() && name.endsWith("Env") && !variables.contains(value.asText())) {
                missing.add(new Missing(
                        here, value.asText(), "Set this variable in the environment that Orthanc is started with"));
            }
        }
    }

    private static String cure(String setting) {
        return switch (setting) {
            case "PasswordFile" ->
                "Write a new password into its first line, readable by Orthanc's user only, and tell the user";
            case "PasswordHashFile" ->
                "Write what \"strongroom user hash\" prints into its first line, readable by Orthanc's user only";
            case "UsersFile" -> "Write the users into it, as in Strongroom.Access.Users, or take the setting out";
            default -> "Put the file back, or name another one";
        };
    }
}
