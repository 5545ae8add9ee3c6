package org.strongroom.plugin.snapshot;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a snapshot says of itself, sealed (format.md §10). Immutable.
 *
 * @param orthanc version of the Orthanc that had the index
 * @param journal sequence of the journal's head before the index was copied
 * @param instances in the index
 */
public record SnapshotContents(String orthanc, long journal, long instances, List<Entry> files) {
    /** Orthanc's SQLite database. */
    public static final String INDEX = "index";

    /** Orthanc's index in PostgreSQL, as {@code pg_dump} gives it. */
    public static final String POSTGRES = "index.pgdump";

    /** The settings, without secrets. */
    public static final String SETTINGS = "settings.json";

    /** Second factors and app tokens: a state file. */
    public static final String ACCOUNTS = "accounts.strs";

    /** Until when plans told that each study stays: a state file. */
    public static final String RETENTION_TOLD = "retention-told.strs";

    /** Patients whom users opened in an emergency, and what nobody has reviewed: a state file. */
    public static final String EMERGENCIES = "emergencies.strs";

    /** Where studies of tenants may be, of those that the settings do not name any more, too. */
    public static final String TENANT_PLACES = "tenant-places.json";

    /** The audit log's newest checkpoint. */
    public static final String CHECKPOINT = "checkpoint";

    public SnapshotContents {
        Objects.requireNonNull(orthanc, "orthanc");
        files = List.copyOf(files);
    }

    /**
     * A file.
     *
     * @param sha256 of its bytes, in hexadecimal digits
     * @param first number of its first chunk in the label
     */
    public record Entry(String name, long bytes, String sha256, int first) {
        public Entry {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    /** Whether the chunks of the file of this name are cut by what is in it. */
    static boolean isCutByContent(String name) {
        return name.equals(POSTGRES);
    }

    /** The file of this name; empty if the snapshot has none. */
    public Optional<Entry> file(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findAny();
    }
}
