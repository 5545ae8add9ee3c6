package org.strongroom.core.settings;

import java.time.Duration;

/** When the audit log is signed. Immutable. */
public record AuditSettings(
        @Setting(
                        text = "So many events that wait for it are signed into the audit log at once.",
                        byDefault = "1000",
                        min = 1)
                int checkpointEvents,
        @Setting(text = "Fewer are signed when the first of them has waited this long.", byDefault = "30 s")
                Duration checkpointInterval) {
    public AuditSettings {
        Duration given = checkpointInterval;
        Problems.check(problems -> {
            if (given.compareTo(LONGEST) > 0) {
                problems.add(
                        "CheckpointInterval",
                        "\"" + Durations.format(given)
                                + "\" is too long: what is not signed proves nothing. Write at most" + " \"1 h\"");
            }
        });
    }

    private static final Duration LONGEST = Duration.ofHours(1);
}
