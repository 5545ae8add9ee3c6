package org.strongroom.core.settings;

import java.time.Duration;

/** When packs go to a store's archive class, where keeping is cheap and reading takes hours. Immutable. */
public record ArchiveSettings(
        @Setting(text = "The archive class: GLACIER or DEEP_ARCHIVE in S3, Archive in Azure.") String storageClass,
        @Setting(
                        text =
                                "A pack goes there when its study was neither stored nor opened for so long; \"0 s\" for as"
                                        + " soon as every tier has its receipt.")
                Duration after,
        @Setting(text = "For so long the store itself keeps readable what was brought back.", byDefault = "3 days")
                Duration backFor,
        @Setting(
                        text = "A life-cycle rule of the store moves the packs, not Strongroom: needed where the bucket"
                                + " keeps old versions or locks objects.",
                        byDefault = "false")
                boolean byRule) {
    private static final Duration DAY = Duration.ofDays(1);

    public ArchiveSettings {
        Duration kept = backFor;
        Problems.check(problems -> {
            if (kept.compareTo(DAY) < 0) {
                problems.add(
                        "BackFor", "\"" + Durations.format(kept) + "\" is less than a day: write \"1 day\" or more");
            }
        });
    }
}
