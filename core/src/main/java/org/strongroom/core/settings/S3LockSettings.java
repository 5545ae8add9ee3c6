package org.strongroom.core.settings;

import java.time.Duration;
import java.util.Set;

/** How what is put into a bucket is locked against deleting. Immutable. */
public record S3LockSettings(
        @Setting(
                        text = "\"governance\": an account with a special right can end a lock early. \"compliance\":"
                                + " nobody can, not even the store's owner.",
                        byDefault = "governance")
                String mode,
        @Setting(
                        text = "Every object is locked for this long, and again and again while it is wanted; at most"
                                + " 366 days.",
                        byDefault = "30 days")
                Duration period) {
    /** A longer one would be a slip that in compliance mode nobody could take back. */
    private static final Duration LONGEST = Duration.ofDays(366);

    private static final Set<String> MODES = Set.of("governance", "compliance");

    public S3LockSettings {
        String chosen = mode;
        Duration given = period;
        Problems.check(problems -> {
            if (!MODES.contains(chosen)) {
                problems.add("Mode", "\"" + chosen + "\" is no mode: write governance or compliance");
            }
            if (given.isZero() || given.compareTo(LONGEST) > 0) {
                problems.add(
                        "Period",
                        "\"" + Durations.format(given) + "\" is not between nothing and 366 days: write for example"
                                + " \"30 days\"; a lock is renewed while the object is wanted");
            }
        });
    }
}
