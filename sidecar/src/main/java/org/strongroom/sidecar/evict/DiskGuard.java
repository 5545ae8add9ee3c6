package org.strongroom.sidecar.evict;

import java.io.IOException;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.settings.Watermark;
import org.strongroom.sidecar.problem.Problems;

/** How near the disk is to being full, whatever the levels of the cache say. Thread-safe. */
public final class DiskGuard {
    /** Of the reserve: with less free than so many it is tight. */
    private static final int TIGHT = 3;

    private final Path folder;
    private final Watermark reserve;
    private final Problems problems;
    private volatile boolean tight;
    private boolean wasTight;

    public DiskGuard(Path folder, Watermark reserve, Problems problems) {
        this.folder = folder;
        this.reserve = reserve;
        this.problems = problems;
    }

    /** Bytes that must stay free. */
    public long reserve() throws IOException {
        return reserve.of(DiskSpace.of(folder).total());
    }

    /** Looks again; returns bytes that should become free at once. */
    public long missing() throws IOException {
        DiskSpace disk = DiskSpace.of(folder);
        long missing = Math.max(0, TIGHT * reserve.of(disk.total()) - disk.usable());
        tight = missing > 0;
        return missing;
    }

    /** Whether it was tight at the last look: then nothing is fetched that nobody waits for. */
    public boolean isTight() {
        return tight;
    }

    /** Says so if it was tight at the last two looks of this kind: eviction had its time between them. */
    public synchronized void judge() throws IOException {
        boolean before = wasTight;
        wasTight = missing() > 0;
        if (!wasTight) {
            problems.clear("disk");
        } else if (before) {
            problems.raise(
                    "disk",
                    FailureKind.FULL,
                    "Home's disk is nearly full of images that the tiers do not have yet",
                    "Make room on Home's disk, or bring the line back");
        }
    }

    /** Says so if images are refused. It costs little, and somebody stands at a modality: to be asked every few seconds. */
    public void tellFull() throws IOException {
        if (DiskSpace.of(folder).usable() < reserve()) {
            problems.raise(
                    "disk/full",
                    FailureKind.FULL,
                    "Home's disk is full: new images are refused, what was acknowledged is kept",
                    "Make room on Home's disk, or bring the line back");
        } else {
            problems.clear("disk/full");
        }
    }
}
