package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.util.List;
import org.strongroom.sidecar.audit.LogEntry;

/** Somebody who gets events. Obligations: for one thread; every wait has an end. */
interface Destination {
    /** How many events go at once, at most. */
    int most();

    /**
     * Sends them, in this order. They are there when this returns, as far as the way of sending can tell; after a failure some or all
     * of them may be there, and will come again with the same ids.
     */
    void send(List<LogEntry> events) throws IOException, InterruptedException;
}
