package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.settings.Watermark;

/**
 * Room for old images that are sealed anew. They must not take what new ones need: where they come from the same disk nothing is lost,
 * but from another disk they fill this one faster than a line empties it. Thread-safe.
 */
final class SpareRoom {
    private static final int RESERVES = 2;
    private static final int WHOLE = 100;

    private final Path spool;
    private final Path orthancStorage;
    private final Watermark reserve;
    private final Watermark highWater;

    SpareRoom(Path spool, Path orthancStorage, StorageLimits limits) {
        this.spool = spool;
        this.orthancStorage = orthancStorage;
        this.reserve = limits.reserve();
        this.highWater = limits.highWater();
    }

    /**
     * Returns if {@code bytes} more leave twice the reserve free; and, from another disk, half of what eviction leaves free.
     *
     * @throws StrongroomException FULL if not
     */
    void require(long bytes) throws IOException {
        DiskSpace disk = DiskSpace.of(spool);
        long wanted = RESERVES * reserve.of(disk.total());
        if (highWater.percent() && !isSameDisk()) {
            wanted = Math.max(wanted, disk.total() / WHOLE * (WHOLE - highWater.value()) / 2);
        }
        if (disk.usable() - bytes < wanted) {
            throw StrongroomException.of(FailureKind.FULL, "no room to seal old images: new ones need it")
                    .with("free", disk.usable())
                    .with("kept free", wanted)
                    .cure("Wait until a tier has what is sealed, or make room on the disk that holds Strongroom.Home");
        }
    }

    private boolean isSameDisk() throws IOException {
        Object clear;
        try {
            clear = Files.getAttribute(orthancStorage, "unix:dev");
        } catch (IOException e) {
            throw new ClearFileException(e);
        }
        return Files.getAttribute(spool, "unix:dev").equals(clear);
    }
}
