package org.strongroom.core.settings;

import java.time.Duration;

/** How what the tiers hold is read again. Immutable. */
public record ScrubSettings(
        @Setting(
                        text =
                                "Read everything that the tiers hold again and again; damaged and lost copies are made anew from others.",
                        byDefault = "true")
                boolean enabled,
        @Setting(text = "Every copy is read within this time, as far as DailyLimit allows.", byDefault = "90 days")
                Duration period,
        @Setting(text = "At most about this much is read from each tier in a day.", byDefault = "10 GB")
                ByteSize dailyLimit) {
    public ScrubSettings {
        Duration given = period;
        Problems.check(problems -> {
            if (given.isZero()) {
                problems.add(
                        "Period",
                        "\"" + Durations.format(given)
                                + "\" is no time: write for example \"90 days\", or set Enabled to false");
            }
        });
    }
}
