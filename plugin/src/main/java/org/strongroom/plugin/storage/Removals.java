package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;

/**
 * Sees to it that everything Orthanc removed is journaled. Orthanc removes from its index first, and asks once: what the disk does not take
 * then is kept in memory until it does, or it would never be purged, and the next fsck would give it back. A kill meanwhile loses it.
 * Thread-safe.
 */
final class Removals implements AutoCloseable {
    /** Some 30 MB: Orthanc deletes whole patients at a time. */
    static final int MOST_HELD = 200_000;

    private static final Logger LOG = System.getLogger(Removals.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Deque<Held> held = new ArrayDeque<>();
    /** One thread at a time brings back what is held. */
    private final Object bringingBack = new Object();

    private final Pulse pulse;
    private long lost;

    private record Held(Removal removal, Instant happened) {}

    /** Makes one removal durable. Obligations: what failed may be tried again, whatever of it was done, by another thread. */
    @FunctionalInterface
    interface Removal {
        /**
         * @param happened when it was, if that is not now
         * @throws StrongroomException if something beside the journal did not take it
         */
        void journal(Optional<Instant> happened) throws IOException;
    }

    Removals(InstantSource clock) {
        this.clock = clock;
        this.pulse = new Pulse("strongroom-removals-again", AGAIN, this::again);
    }

    /**
     * Journals what Orthanc removed. Orthanc waits with its index locked: nothing is tried again here.
     *
     * @throws IOException if it could not be, and StrongroomException likewise: it is tried again later
     */
    void now(Removal removal) throws IOException {
        try {
            removal.journal(Optional.empty());
        } catch (IOException | StrongroomException e) {
            later(removal);
            throw e;
        }
    }

    /** Journals it within seconds, or when the disk takes it. */
    void later(Removal removal) {
        synchronized (held) {
            if (held.size() < MOST_HELD) {
                held.add(new Held(removal, clock.instant()));
            } else {
                lost++;
            }
        }
    }

    /** Journals what is held, if the disk takes it now. */
    void again() {
        synchronized (bringingBack) {
            long journaled = 0;
            for (Held next = first(); next != null; next = first()) {
                try {
                    next.removal.journal(Optional.of(next.happened));
                } catch (IOException | StrongroomException e) {
                    LOG.log(Level.DEBUG, "the disk still takes no removal", e);
                    return;
                }
                synchronized (held) {
                    held.remove();
                }
                journaled++;
            }
            if (journaled > 0) {
                LOG.log(Level.INFO, "What Orthanc removed meanwhile is journaled now: {0} files", journaled);
            }
        }
    }

    private Held first() {
        synchronized (held) {
            return held.peek();
        }
    }

    /** Tries a last time. */
    @Override
    public void close() {
        pulse.close();
        again();
        synchronized (held) {
            if (held.size() + lost > 0) {
                LOG.log(
                        Level.ERROR,
                        "Orthanc removed {0} files of which the journal does not know: strongroom fsck names them",
                        held.size() + lost);
            }
        }
    }
}
