package org.strongroom.core.settings;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** When the audit log is signed, and when that reaches the tiers. Immutable. */
public record AuditSettings(
        @Setting(
                        text = "So many events that wait for it are signed into the audit log at once.",
                        byDefault = "1000",
                        min = 1)
                int checkpointEvents,
        @Setting(text = "Fewer are signed when the first of them has waited this long.", byDefault = "30 s")
                Duration checkpointInterval,
        @Setting(
                        text = "So often what was signed since goes to every tier, as an anchor: nobody can change it"
                                + " unseen from then on.",
                        byDefault = "4 min")
                Duration anchorInterval,
        @Setting(text = "What was signed and is not in a tier after this long is a problem.", byDefault = "1 h")
                Duration anchorAlarm) {
    public AuditSettings {
        Map<String, Duration> given =
                new TreeMap<>(Map.of("CheckpointInterval", checkpointInterval, "AnchorInterval", anchorInterval));
        Problems.check(problems -> given.forEach((name, value) -> {
            if (value.compareTo(LONGEST) > 0) {
                problems.add(
                        name,
                        "\"" + Durations.format(value)
                                + "\" is too long: what is not signed and elsewhere proves nothing. Write at most"
                                + " \"1 h\"");
            }
        }));
    }

    private static final Duration LONGEST = Duration.ofHours(1);
}
