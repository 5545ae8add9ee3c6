package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.util.Set;

/** Small objects of one kind in one tier, and what is known of them here. For one thread. */
public interface Holding {
    /** What an object is, compared with what is here. */
    enum Verdict {
        /** As it should be; or nothing here says what it should be, and it could be read. */
        WHOLE,
        /** Not what was put there. */
        DAMAGED
    }

    /** What the names of all of them begin with. */
    String prefix();

    /** Names of those that must be there, as far as is known now. */
    Set<String> expected() throws IOException;

    /** Compares an object that was read. */
    Verdict compare(String name, byte[] bytes) throws IOException;

    /**
     * Puts again what is damaged or absent, at once or with the next copy; never over bytes that may be right.
     *
     * @return whether it was; else what is there is left to a person
     */
    boolean mend(String name, boolean absent) throws IOException;
}
