package org.strongroom.sidecar.uplink;

import java.io.IOException;

/** Who goes first on the line, the most urgent first. */
public enum Priority {
    /** A person waits for it. */
    CLINICAL,
    /** Of a study that is marked as urgent. */
    STAT,
    /** Will probably be read soon. */
    PREFETCH,
    /** Arrived within the last day, with the keys and journal it needs, and whatever a tier must hold or lose before anything goes there. */
    NEW,
    /** Waits for longer than a day. */
    OLD,
    /** What lets a lost machine be back soon: of images that a tier has. */
    SNAPSHOT,
    /** Another copy of what a tier already has. */
    REPLICATION,
    /** Looking whether copies are still right. */
    SCRUB;

    private static final ThreadLocal<Priority> CURRENT = ThreadLocal.withInitial(() -> CLINICAL);

    /** That of whatever the calling thread sends now; CLINICAL unless it said otherwise. */
    public static Priority current() {
        return CURRENT.get();
    }

    /** Whatever the calling thread sends during {@code work} has this priority. */
    public <E extends Exception> void during(Work<E> work) throws IOException, E {
        Priority before = CURRENT.get();
        CURRENT.set(this);
        try {
            work.run();
        } finally {
            CURRENT.set(before);
        }
    }

    /**
     * Something that sends.
     *
     * @param <E> what else it throws
     */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run() throws IOException, E;
    }
}
