package org.strongroom.core.settings;

import java.time.Duration;

/** How long studies are shared by a link. Immutable. */
public record ShareSettings(
        @Setting(
                        text =
                                "How long a share link is good, unless whoever makes it says otherwise; not longer than Longest.",
                        byDefault = "7 days")
                Duration usual,
        @Setting(
                        text =
                                "How long a share link is good at most, those that were made before included. \"0 s\": nobody shares"
                                        + " anything, and no link opens any more.",
                        byDefault = "30 days")
                Duration longest) {
    public ShareSettings {
        Duration wanted = usual;
        Problems.check(problems -> {
            if (wanted.isZero()) {
                problems.add("Usual", "must be more than nothing");
            }
        });
    }
}
