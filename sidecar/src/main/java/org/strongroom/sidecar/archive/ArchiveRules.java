package org.strongroom.sidecar.archive;

import java.time.Duration;
import java.util.Objects;
import org.strongroom.core.settings.ArchiveSettings;

/**
 * How one tier archives.
 *
 * @param storageClass where packs go
 * @param after so long after their study was last stored or opened
 * @param backFor for so long the store keeps readable what was brought back
 * @param byRule whether the store moves them by itself
 */
public record ArchiveRules(String storageClass, Duration after, Duration backFor, boolean byRule) {
    public ArchiveRules {
        Objects.requireNonNull(storageClass, "storageClass");
        if (after.isNegative() || backFor.toDays() < 1) {
            throw new IllegalArgumentException("after " + after + ", back for " + backFor);
        }
    }

    public static ArchiveRules of(ArchiveSettings settings) {
        return new ArchiveRules(settings.storageClass(), settings.after(), settings.backFor(), settings.byRule());
    }
}
