package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Orthanc's whole configuration as far as Strongroom reads it. Immutable.
 *
 * @param settings the {@code "Strongroom"} section
 * @param orthanc Orthanc's own part
 * @param indexInFile whether Orthanc keeps its index in a file of its own, not in a database server
 * @param postgres where that is one of PostgreSQL
 * @param unasked what answers stations from everybody's studies and does not ask Strongroom: C-GET, another plugin's DICOM servers
 * @param waysAround as {@link WayAround#all}, but for users
 * @param cuts what has Orthanc tell less than all that it finds
 */
public record Configuration(
        Settings settings,
        OrthancSettings orthanc,
        boolean indexInFile,
        Optional<PostgresIndex> postgres,
        List<WayAround> unasked,
        List<WayAround> waysAround,
        List<WayAround> cuts) {
    private static final String POSTGRES = "PostgreSQL";
    private static final List<String> DATABASES = List.of(POSTGRES, "MySQL", "Odbc");

    public Configuration {
        unasked = List.copyOf(unasked);
        waysAround = List.copyOf(waysAround);
        cuts = List.copyOf(cuts);
    }

    /**
     * Reads a configuration that is already merged and substituted: what Orthanc's SDK hands out, or {@code
     * run/settings.json}.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED with every problem, each under its path
     */
    public static Configuration parse(String json) {
        Problems problems = new Problems();
        JsonNode root = ConfigurationText.parse(json, "the configuration");
        SettingsReader reader = new SettingsReader(problems);
        OrthancSettings orthanc = reader.orthanc(root);
        Settings settings = reader.section(root.get(Settings.SECTION));
        if (orthanc != null && orthanc.recycles() && (settings == null || !settings.allowRecycling())) {
            problems.add(
                    orthanc.maximumStorageSize() > 0 ? "MaximumStorageSize" : "MaximumPatientCount",
                    "makes Orthanc delete old studies: set it to 0, or set Strongroom.AllowRecycling to true");
        }
        problems.throwIfAny();
        boolean inServer = DATABASES.stream().anyMatch(name -> hasIndex(root.path(name)));
        Optional<PostgresIndex> postgres =
                Optional.of(root.path(POSTGRES)).filter(Configuration::hasIndex).map(PostgresIndex::of);
        return new Configuration(
                settings,
                orthanc,
                !inServer,
                postgres,
                WaysAround.unasked(root),
                WaysAround.of(settings, orthanc, root),
                WaysAround.cuts(root));
    }

    private static boolean hasIndex(JsonNode section) {
        return section.path("EnableIndex").asBoolean(false);
    }

    /**
     * Reads what {@code --config} names, as Orthanc would: a file, or a folder whose {@code *.json} files are merged.
     *
     * @param environment for {@code ${VAR}} and {@code ${VAR:-default}}
     * @throws org.strongroom.core.error.StrongroomException REFUSED if it cannot be read or holds problems
     */
    public static Configuration load(Path fileOrFolder, Map<String, String> environment) {
        return parse(ConfigurationText.load(fileOrFolder, environment));
    }
}
