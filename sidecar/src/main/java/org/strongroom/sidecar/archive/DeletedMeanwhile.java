package org.strongroom.sidecar.archive;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.marker.MarkedTier;

/** A pack that was purged or erased while the store moved it: what the store copies onto itself is there again after a deletion. */
final class DeletedMeanwhile {
    private static final Logger LOG = LoggerFactory.getLogger(DeletedMeanwhile.class);

    private DeletedMeanwhile() {}

    /** Whether the tier is not to have the pack any more; if so it is deleted once more. */
    static boolean isDeletedAgain(MarkedTier marked, PackTable packs, PackRow pack) {
        if (!packs.isPurgedFrom(pack.id(), marked.name())) {
            return false;
        }
        marked.tier().delete(PackPrologue.objectName(pack.pack()));
        LOG.info("pack {} was deleted from tier {} while it was moved, and is once more", pack.pack(), marked.name());
        return true;
    }
}
