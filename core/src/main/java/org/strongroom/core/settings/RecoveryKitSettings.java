package org.strongroom.core.settings;

import java.time.Duration;
import java.util.Optional;

/** When people are reminded of the recovery kit, and of trying a recovery. Immutable. */
public record RecoveryKitSettings(
        @Setting(
                        text = "A kit whose shares have opened nothing for this long is a problem: sheets get lost, and"
                                + " people leave.",
                        byDefault = "365 days")
                Duration proveEvery,
        @Setting(
                        text = "A tier that strongroom drill has not recovered from for this long is a problem. A drill"
                                + " that failed is one in any case.",
                        otherwise = "nobody is reminded")
                Optional<Duration> drillEvery) {
    public RecoveryKitSettings {
        Duration given = proveEvery;
        Optional<Duration> drill = drillEvery;
        Problems.check(problems -> {
            if (given.compareTo(SHORTEST) < 0) {
                problems.add(
                        "ProveEvery",
                        "\"" + Durations.format(given)
                                + "\" is too short to fetch sheets in: write at least \"1 day\"");
            }
            if (drill.isPresent() && drill.get().compareTo(SHORTEST) < 0) {
                problems.add(
                        "DrillEvery",
                        "\"" + Durations.format(drill.get())
                                + "\" is too often to read so much of a tier: write at least \"1 day\"");
            }
        });
    }

    private static final Duration SHORTEST = Duration.ofDays(1);
}
