package org.strongroom.sidecar.scrub;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.Inventory;
import org.strongroom.sidecar.ledger.Inventory.Copy;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;

/**
 * A tier's list of its packs against what the ledger says that it holds. Both come in order of names, so neither is held in
 * memory. Thread-safe.
 */
public final class Recount {
    private static final Logger LOG = LoggerFactory.getLogger(Recount.class);
    private static final String PACKS = "packs/";
    private static final int BATCH = 1_000;

    private final Inventory inventory;
    private final CopyTable copies;
    private final TierTable table;
    private final Hidden hidden;
    private final Problems problems;
    /** Of counts that broke off, by tier: what they found is made again, and is told with the next. */
    private final Map<String, Long> untold = new ConcurrentHashMap<>();

    public Recount(Inventory inventory, CopyTable copies, TierTable table, Problems problems) {
        this.hidden = new Hidden(problems);
        this.problems = problems;
        this.inventory = inventory;
        this.copies = copies;
        this.table = table;
    }

    /** What else finds that something is hidden tells it here. */
    Hidden hidden() {
        return hidden;
    }

    /**
     * Has every copy that is gone made again; one that is only hidden is brought to light and read soon. One that a slow list did not show yet is recognised when it is to be made.
     *
     * @return how many are gone
     * @throws org.strongroom.core.error.StrongroomException UNAVAILABLE if the tier is away or not ours: nothing is concluded
     */
    public long run(MarkedTier marked) {
        marked.requireOurs();
        hidden.forget(marked.name());
        Gone gone = new Gone(marked);
        Iterator<Copy> expected = inventory.copies(marked.name());
        Copy[] next = {next(expected)};
        marked.tier().list(PACKS, object -> {
            while (next[0] != null && name(next[0]).compareTo(object.name()) < 0) {
                gone.add(next[0]);
                next[0] = next(expected);
            }
            if (next[0] != null && name(next[0]).equals(object.name())) {
                next[0] = next(expected);
            }
        });
        for (; next[0] != null; next[0] = next(expected)) {
            gone.add(next[0]);
        }
        gone.flush();
        hidden.tell(marked.name());
        if (isEmpty(marked, "journal/") && isEmpty(marked, "keys/")) {
            marked.requireOurs();
            table.emptied(marked.name());
        }
        gone.tellUnknown();
        Long before = untold.remove(marked.name());
        return before == null ? 0 : before;
    }

    /** Copies that were not listed, in portions. */
    private final class Gone {
        private final MarkedTier marked;
        private final List<UUID> packs = new ArrayList<>();
        private final List<UUID> unknown = new ArrayList<>();

        Gone(MarkedTier marked) {
            this.marked = marked;
        }

        void add(Copy copy) {
            if (copy.state() != CopyState.QUEUED
                    && copy.state() != CopyState.UPLOADING
                    && copy.state() != CopyState.PURGED
                    && copy.state() != CopyState.SEEDED) {
                packs.add(copy.pack());
            }
            if (packs.size() == BATCH) {
                flush();
            }
        }

        void flush() {
            if (!packs.isEmpty()) {
                marked.requireOurs(); // an unmounted disk lists nothing
                packs.removeIf(this::isThere);
                untold.merge(marked.name(), (long) copies.gone(marked.name(), packs), Long::sum);
                packs.clear();
                hidden.tell(marked.name());
            }
        }

        /** One of which the store does not say whether it is hidden is not gone, as far as is known. */
        private boolean isThere(UUID pack) {
            try {
                return isRevealed(pack);
            } catch (StrongroomException e) {
                marked.requireOurs();
                LOG.debug("pack {} in tier {} is neither listed nor said to be gone", pack, marked.name(), e);
                unknown.add(pack);
                return true;
            }
        }

        void tellUnknown() {
            String problem = "scrub/uncounted/" + marked.name();
            if (unknown.isEmpty()) {
                problems.clear(problem);
                return;
            }
            problems.raise(
                    problem,
                    FailureKind.UNAVAILABLE,
                    unknown.size() + " packs are not listed in tier " + marked.name()
                            + ", and it does not say whether they are hidden, " + unknown.get(0)
                            + " among them; they are asked for again tomorrow",
                    "See why the tier does not answer for these objects: its rights, or a rule of the store");
        }

        private boolean isRevealed(UUID pack) {
            boolean revealed = hidden.reveal(marked, PackPrologue.objectName(pack));
            if (revealed) {
                copies.unchecked(marked.name(), pack);
            }
            return revealed;
        }
    }

    private static boolean isEmpty(MarkedTier marked, String prefix) {
        boolean[] empty = {true};
        marked.tier().list(prefix, object -> empty[0] = false);
        return empty[0];
    }

    private static Copy next(Iterator<Copy> copies) {
        return copies.hasNext() ? copies.next() : null;
    }

    private static String name(Copy copy) {
        return PackPrologue.objectName(copy.pack());
    }
}
