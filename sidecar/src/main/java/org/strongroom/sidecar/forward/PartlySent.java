package org.strongroom.sidecar.forward;

import java.io.IOException;

/** The first events of a batch are there, and then it failed. */
final class PartlySent extends IOException {
    private static final long serialVersionUID = 1L;

    private final int there;

    PartlySent(int there, IOException cause) {
        super(cause.toString(), cause);
        this.there = there;
    }

    /** How many. */
    int there() {
        return there;
    }
}
