package org.strongroom.core.settings;

import java.time.Duration;

/** How often Orthanc's index, the settings and the accounts are copied, sealed, to the tiers. Immutable. */
public record SnapshotSettings(
        @Setting(
                        text = "Copy Orthanc's index (SQLite or PostgreSQL), the settings and the accounts to every"
                                + " tier, sealed: strongroom recover then needs no pixel to list all studies, and"
                                + " labels, metadata and users' attachments are back.",
                        byDefault = "true")
                boolean enabled,
        @Setting(text = "Time between two snapshots.", byDefault = "24 h") Duration every,
        @Setting(text = "So many of the newest are kept.", byDefault = "7", min = 1) int keep) {
    public SnapshotSettings {
        Duration given = every;
        Problems.check(problems -> {
            if (given.compareTo(SHORTEST) < 0) {
                problems.add(
                        "Every",
                        "\"" + Durations.format(given)
                                + "\" is too often: the whole index is read each time. Write at least \"10 min\"");
            }
        });
    }

    private static final Duration SHORTEST = Duration.ofMinutes(10);
}
