package org.strongroom.sidecar.seed;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.receipt.CopyCheck;
import org.strongroom.sidecar.ship.DiskCopy;
import org.strongroom.sidecar.tier.StoredDigest;
import org.strongroom.sidecar.tier.Tier;

/** Knows packs again that somebody else put into a tier: by the store's digest, or by reading them. */
final class Landings {
    private static final Logger LOG = LoggerFactory.getLogger(Landings.class);

    private final DiskCopy disks;

    Landings(DiskCopy disks) {
        this.disks = disks;
    }

    /** What became of a pack. */
    enum Landing {
        /** There, and every byte is that of the plan. */
        PROVEN,
        /** There, and whoever brought it read the right bytes from the disk. */
        TOLD,
        /** Something else has its name. */
        WRONG,
        /** Nothing has, or what is still being copied. */
        MISSING,
        /** There, and could not be read now: in an archive class, say. */
        UNREAD
    }

    /**
     * Looks for one pack.
     *
     * @param underWay whether what is too short may be a file that somebody is just copying
     * @throws StrongroomException UNAVAILABLE if the tier is away
     */
    Landing look(Tier tier, PackLayout layout, boolean underWay) throws IOException {
        String name = PackPrologue.objectName(layout.prologue().pack());
        Optional<Tier.ObjectInfo> there = tier.head(name);
        if (there.isEmpty()) {
            return Landing.MISSING;
        }
        if (there.get().size() != layout.size()) {
            return underWay && there.get().size() < layout.size() ? Landing.MISSING : Landing.WRONG;
        }
        try {
            Optional<StoredDigest> digest = tier.digest(name);
            if (digest.isPresent() && disks.isOf(digest.get(), layout)) {
                return digest.get().computed() ? Landing.PROVEN : Landing.TOLD;
            }
            CopyCheck.readAll(tier, layout, bytes -> {});
            return Landing.PROVEN;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.info("{} in tier {} is not what was written to the disk", name, tier.name(), e);
            return e.kind() == FailureKind.CORRUPT ? Landing.WRONG : Landing.UNREAD;
        }
    }
}
