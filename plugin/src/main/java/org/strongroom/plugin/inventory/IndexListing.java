package org.strongroom.plugin.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.control.IndexBatch;
import org.strongroom.core.error.StrongroomException;

/** Tells what Orthanc's index knows, batch by batch. Thread-safe. */
public final class IndexListing {
    /** Small enough for a batch to arrive every few seconds from a slow database: the sidecar waits for signs of life. */
    private static final int BATCH = Math.min(1_000, IndexBatch.MOST);

    private final IndexWalk walk;
    private final Predicate<UUID> isClear;

    /** @param isClear whether Orthanc itself holds the file, in clear, from the time before Strongroom */
    public IndexListing(IndexWalk walk, Predicate<UUID> isClear) {
        this.walk = walk;
        this.isClear = isClear;
    }

    /**
     * Delivers everything; the first batch is empty and comes at once, as a sign that somebody is at it.
     *
     * @throws StrongroomException as {@link IndexWalk#run}, or what {@code to} throws
     */
    public void deliver(Consumer<IndexBatch> to) {
        Batches batches = new Batches(to);
        batches.flush();
        walk.run(file -> batches.add(file.attachment().uuid()));
        batches.flush();
    }

    private final class Batches {
        private final Consumer<IndexBatch> to;
        private final List<UUID> sealed = new ArrayList<>();
        private final List<UUID> clear = new ArrayList<>();
        private long number;

        private Batches(Consumer<IndexBatch> to) {
            this.to = to;
        }

        private void add(UUID attachment) {
            (isClear.test(attachment) ? clear : sealed).add(attachment);
            if (sealed.size() + clear.size() == BATCH) {
                flush();
            }
        }

        private void flush() {
            to.accept(new IndexBatch(number++, sealed, clear));
            sealed.clear();
            clear.clear();
        }
    }
}
