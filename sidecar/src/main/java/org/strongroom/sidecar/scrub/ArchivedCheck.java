package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackCompanion;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.archive.Companions;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.ArchivedRow;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.tier.Tier;

/**
 * Looks at one tier's archived copies, which cannot be read without being brought back: the size of each, and every byte of its
 * companion, which is made anew while the pack is back. For one thread.
 */
final class ArchivedCheck {
    private final MarkedTier marked;
    private final PackTable packs;
    private final CopyTable copies;
    private final ArchiveTable archive;
    private final Companions companions;
    private final Replicas replicas;
    private final Problems problems;
    private final Unread unread;

    ArchivedCheck(
            MarkedTier marked,
            PackTable packs,
            CopyTable copies,
            ArchiveTable archive,
            Companions companions,
            Replicas replicas,
            Problems problems,
            Unread unread) {
        this.unread = unread;
        this.companions = companions;
        this.marked = marked;
        this.packs = packs;
        this.copies = copies;
        this.archive = archive;
        this.replicas = replicas;
        this.problems = problems;
    }

    /**
     * Looks at one that was not looked at since {@code before}.
     *
     * @return whether there was one
     */
    boolean next(Instant before, Instant now) throws IOException {
        Optional<ArchivedRow> row = archive.longestUnseen(marked.name(), before, now, unread.waiting());
        if (row.isEmpty()) {
            return false;
        }
        Optional<PackRow> pack = packs.find(row.get().pack());
        Optional<CopyRow> copy = copies.find(row.get().pack(), marked.name());
        if (pack.isPresent() && copy.isPresent()) {
            try {
                look(pack.get(), copy.get());
            } catch (StrongroomException e) {
                unread.failed(pack.get(), e);
                return true;
            }
            unread.over(pack.get());
        }
        archive.looked(row.get(), now);
        return true;
    }

    private void look(PackRow pack, CopyRow copy) throws IOException {
        PackLayout layout = packs.layout(pack);
        Optional<Tier.ObjectInfo> there = marked.tier().head(PackPrologue.objectName(pack.pack()));
        if (there.filter(info -> info.size() == layout.size()).isEmpty()) {
            StrongroomException judged = replicas.doubt(
                    pack,
                    new Replicas.Source(marked, copy),
                    StrongroomException.of(
                            there.isEmpty() ? FailureKind.NOT_FOUND : FailureKind.CORRUPT,
                            "an archived pack is gone from its tier, or has another size there"));
            if (judged.kind().retryable()) {
                throw judged;
            }
            return;
        }
        String problem = "scrub/heads/" + marked.name() + "/" + pack.pack();
        try {
            companions.ensure(marked.tier(), layout);
            problems.clear(problem);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            marked.requireOurs();
            problems.raise(
                    problem,
                    FailureKind.CORRUPT,
                    PackCompanion.objectName(pack.pack()) + " in tier " + marked.name()
                            + " is damaged or gone: of an archived pack nothing can be read at once there",
                    "Open the study: when it was brought back its heads are written again");
        }
    }
}
