package org.strongroom.core.settings;

import java.time.Duration;

/** When people are reminded of the recovery kit. Immutable. */
public record RecoveryKitSettings(
        @Setting(
                        text = "A kit whose shares have opened nothing for this long is a problem: sheets get lost, and"
                                + " people leave.",
                        byDefault = "365 days")
                Duration proveEvery) {
    public RecoveryKitSettings {
        Duration given = proveEvery;
        Problems.check(problems -> {
            if (given.compareTo(SHORTEST) < 0) {
                problems.add(
                        "ProveEvery",
                        "\"" + Durations.format(given)
                                + "\" is too short to fetch sheets in: write at least \"1 day\"");
            }
        });
    }

    private static final Duration SHORTEST = Duration.ofDays(1);
}
