package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.Optional;

/**
 * A checkpoint that was seen earlier or elsewhere: the log must still agree with it.
 *
 * @param tiles that stood behind it, where they can be had: then the first difference is told exactly
 * @param genuine whether the key of the log signed it; asked only where the log does not agree
 */
record Sighting(Checkpoint checkpoint, Optional<Tiles> tiles, Question genuine) {
    /** Of a checkpoint whose signature was checked. */
    Sighting(Checkpoint checkpoint, Optional<Tiles> tiles) {
        this(checkpoint, tiles, () -> true);
    }

    /** Something that has to be looked up. */
    @FunctionalInterface
    interface Question {
        boolean ask() throws IOException;
    }
}
