package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.settings.Watermark;

/**
 * Keeps images out of the last of the disk: keys, journal and ledger must still be written when it is full of images that no tier
 * has yet. Thread-safe.
 */
final class Reserve {
    private final Path folder;
    private final Watermark reserve;

    Reserve(Path folder, Watermark reserve) {
        this.folder = folder;
        this.reserve = reserve;
    }

    /**
     * Returns if {@code bytes} more leave the reserve free.
     *
     * @throws StrongroomException FULL if not
     */
    void require(long bytes) throws IOException {
        DiskSpace disk = DiskSpace.of(folder);
        if (disk.usable() - bytes < reserve.of(disk.total())) {
            throw StrongroomException.of(FailureKind.FULL, "the disk is full but for the reserve")
                    .with("Cache.Reserve", reserve)
                    .cure("Free space on the disk that holds Strongroom.Home, or bring the line to a tier back");
        }
    }
}
