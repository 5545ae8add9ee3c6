package org.strongroom.plugin.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.strongroom.core.settings.Watermark;

/**
 * What an administrator may set of the storage area.
 *
 * @param spoolMirror folder on a second disk
 * @param coldReads reads that may wait for a line at the same time
 * @param readDeadline how long one of them waits
 * @param reserve of the disk, that no image is taken into
 * @param highWater of the disk, above which sealed files are evicted
 */
public record StorageLimits(
        Optional<Path> spoolMirror, int coldReads, Duration readDeadline, Watermark reserve, Watermark highWater) {
    public StorageLimits {
        if (coldReads < 1) {
            throw new IllegalArgumentException("no cold reads");
        }
    }
}
