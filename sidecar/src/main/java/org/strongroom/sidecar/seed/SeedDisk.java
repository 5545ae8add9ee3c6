package org.strongroom.sidecar.seed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.control.SeedExportRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.receipt.CopyCheck;
import org.strongroom.sidecar.tier.DirectoryTier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.UncachedTier;

/** A disk that is carried to a tier: a directory tier of this installation that holds packs and nothing else. For one thread. */
final class SeedDisk {
    private static final long SLACK = 1 << 20;

    private final Path root;
    private final DirectoryTier tier;
    private final Tier uncached;

    private SeedDisk(Path root) {
        this.root = root;
        this.tier = new DirectoryTier("disk", root);
        this.uncached = new UncachedTier(tier, root);
    }

    /**
     * Opens a folder, and marks it as this installation's if it has no mark.
     *
     * @throws StrongroomException REFUSED if it is no folder for this; UNAVAILABLE or FULL if it cannot be written
     */
    static SeedDisk open(Home home, UUID installation, SeedExportRequest request) throws IOException {
        Path root = Path.of(request.disk());
        if (!root.isAbsolute() || !Files.isDirectory(root)) {
            throw refused(root, "there is no such folder").cure("Mount the disk, and name an existing folder of it");
        }
        SeedDisk disk = new SeedDisk(root);
        if (root.toRealPath().startsWith(home.root().toRealPath())) {
            throw refused(root, "a folder in Home cannot be carried away").cure("Name a folder of another disk");
        }
        if (!request.sameDisk() && disk.tier.sharesFileSystemWith(home.root())) {
            throw refused(root, "the folder is on Home's own file system: the disk is not mounted")
                    .cure("Mount it; if it is meant to be there, add --same-disk");
        }
        Optional<UUID> marked = TierMarker.read(disk.tier);
        if (marked.isEmpty()) {
            TierMarker.write(disk.tier, installation);
        } else if (!marked.get().equals(installation)) {
            throw refused(root, "the folder belongs to another installation")
                    .with("installation", marked.get())
                    .cure("Name an empty folder");
        }
        for (Tier.Upload left : disk.tier.uploads()) {
            disk.tier.abort(left.name(), left.id()); // of an export that was killed
        }
        return disk;
    }

    private static StrongroomException refused(Path root, String text) {
        return StrongroomException.of(FailureKind.REFUSED, text).with("disk", root);
    }

    Tier tier() {
        return tier;
    }

    /** Whether the whole pack is there, and right, as the disk itself gives it. */
    boolean holds(PackLayout layout) throws IOException {
        String name = PackPrologue.objectName(layout.prologue().pack());
        if (tier.head(name).isEmpty()) {
            return false;
        }
        try {
            CopyCheck.readAll(uncached, layout, bytes -> {});
            return true;
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            tier.delete(name);
            return false;
        }
    }

    void remove(PackLayout layout) {
        tier.delete(PackPrologue.objectName(layout.prologue().pack()));
    }

    /** @throws StrongroomException FULL if the disk has no room for so much more */
    void requireRoom(long bytes) throws IOException {
        long usable = DiskSpace.of(root).usable();
        if (usable < bytes + SLACK) {
            throw StrongroomException.of(FailureKind.FULL, "the disk has no room for the next pack")
                    .with("disk", root)
                    .with("free", usable)
                    .with("needed", bytes + SLACK)
                    .cure("Go on with the next disk: strongroom seed export");
        }
    }
}
