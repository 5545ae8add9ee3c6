package org.strongroom.sidecar.audit;

import java.util.Optional;

/**
 * A checkpoint that was seen earlier or elsewhere: the log must still agree with it.
 *
 * @param tiles that stood behind it, where they can be had: then the first difference is told exactly
 */
record Witness(Checkpoint checkpoint, Optional<Tiles> tiles) {}
