package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.util.List;
import org.strongroom.sidecar.audit.LogEntry;

/** Somebody who gets events. Obligations: for one thread; every wait has an end. */
interface Destination {
    /** How many events go at once, at most. */
    int most();

    /** Whether the next ones may follow at once; else they wait for the next round, seconds later. */
    default boolean takesMoreAtOnce() {
        return true;
    }

    /**
     * Sends them, in this order. They are there when this returns, as far as the way of sending can tell; after a failure some or all
     * of them may be there, and will come again with the same ids.
     *
     * @throws PartlySent if the first of them are surely there: these do not come again
     */
    void send(List<LogEntry> events) throws IOException, InterruptedException;
}
