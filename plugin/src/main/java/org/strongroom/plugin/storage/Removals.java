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
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;
import org.strongroom.core.time.RunningTime;

/**
 * Sees to it that everything Orthanc removed is journaled. Orthanc removes from its index first, and asks once: what the disk does not take
 * then is kept in memory until it does, or it would never be purged, and the next fsck would give it back. A kill meanwhile loses it, and so
 * does an end while the disk is still bad. Thread-safe.
 */
final class Removals implements AutoCloseable {
    /** Some 30 MB: Orthanc deletes whole patients at a time. */
    static final int MOST_HELD = 200_000;

    /** Orthanc waits for the end of everything a minute, and then can neither stop nor load its plugins anew. */
    static final Duration LAST_TRY = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger(Removals.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final int TENFOLD = 10;

    private final InstantSource clock;
    private final RunningTime time;
    private final Deque<Held> held = new ArrayDeque<>();
    /** One thread at a time brings back what is held. */
    private final Object bringingBack = new Object();

    private Optional<Pulse> pulse = Optional.empty();
    private volatile boolean closing;
    private long lost;
    /** How many have to be held until that is told once more. */
    private int told = 1;

    private record Held(UUID attachment, Removal removal, Instant happened) {}

    /** Makes one removal durable. Obligations: what failed may be tried again, whatever of it was done, by another thread. */
    @FunctionalInterface
    interface Removal {
        /**
         * @param happened when it was, if that is not now
         * @throws StrongroomException if something beside the journal did not take it
         */
        void journal(Optional<Instant> happened) throws IOException;
    }

    /** One that tries again when it is told to. */
    Removals(InstantSource clock, RunningTime time) {
        this.clock = clock;
        this.time = time;
    }

    /** One that tries again every few seconds. */
    static Removals begin(InstantSource clock, RunningTime time) {
        Removals removals = new Removals(clock, time);
        removals.pulse = Optional.of(new Pulse("strongroom-removals-again", AGAIN, removals::again));
        return removals;
    }

    /**
     * Journals what Orthanc removed. Orthanc waits with its index locked: nothing is tried again here.
     *
     * @throws IOException if it could not be, and StrongroomException likewise: it is tried again later
     */
    void now(UUID attachment, Removal removal) throws IOException {
        try {
            removal.journal(Optional.empty());
        } catch (IOException | RuntimeException e) {
            later(attachment, removal);
            tell();
            throw e;
        }
    }

    /** Journals it within seconds, or when the disk takes it. */
    void later(UUID attachment, Removal removal) {
        synchronized (held) {
            if (held.size() < MOST_HELD) {
                held.add(new Held(attachment, removal, clock.instant()));
            } else {
                lost++;
            }
        }
    }

    /** Whether one of these attachments was removed and the journal does not know it yet. */
    boolean isHeld(Predicate<UUID> attachment) {
        synchronized (held) {
            return held.stream().anyMatch(one -> attachment.test(one.attachment));
        }
    }

    private void tell() {
        synchronized (held) {
            if (held.size() >= told) {
                told = held.size() * TENFOLD;
                LOG.log(
                        Level.WARNING,
                        "Orthanc removed {0} files that the journal does not take now. They are kept in memory until it"
                                + " does: a kill loses that. Look at the disk that holds Strongroom.Home",
                        held.size());
            }
        }
    }

    /** Journals what is held, if the disk takes it now. */
    void again() {
        bringBack(() -> closing);
    }

    private void bringBack(BooleanSupplier isOver) {
        synchronized (bringingBack) {
            long journaled = 0;
            boolean taken = true;
            for (Held next = first(); taken && next != null && !isOver.getAsBoolean(); next = first()) {
                try {
                    next.removal.journal(Optional.of(next.happened));
                    journaled++;
                    done(0);
                } catch (IOException | StrongroomException e) {
                    LOG.log(Level.DEBUG, "the disk still takes no removal", e);
                    taken = false;
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "A removal cannot be journaled, and is to hold up no other", e);
                    done(1);
                }
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

    /** @param never how many of it will not be journaled */
    private void done(int never) {
        synchronized (held) {
            held.remove();
            lost += never;
            if (held.isEmpty()) {
                told = 1;
            }
        }
    }

    /** Tries a last time, for {@link #LAST_TRY}. */
    @Override
    public void close() {
        closing = true;
        pulse.ifPresent(Pulse::close);
        Duration end = time.now().plus(LAST_TRY);
        bringBack(() -> time.now().compareTo(end) > 0);
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
