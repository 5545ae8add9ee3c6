package org.strongroom.core.control;

import java.time.Duration;

/** Names and numbers of the loopback contract (docs/control.md). */
public final class Protocol {
    /** The version that both sides must speak. */
    public static final int VERSION = 1;
    /** Header of every request: {@link #VERSION}. */
    public static final String VERSION_HEADER = "Strongroom-Protocol";
    /** Header that bounds how long a read may wait, in milliseconds. */
    public static final String DEADLINE_HEADER = "Strongroom-Deadline";
    /** Header of a read whose bytes did not open: they are to be compared with their digest before they come again. */
    public static final String DOUBT_HEADER = "Strongroom-Doubt";
    /** Seconds that a long poll for work may wait. */
    public static final int MAX_WAIT_SECONDS = 30;

    /**
     * The usual time between the two looks of a comparison: longer than Orthanc takes from storing a file to committing it to a database
     * that answers.
     */
    public static final Duration FSCK_PAUSE = Duration.ofSeconds(10);

    /** With this begins what is said while the ledger does not know everything yet. */
    public static final String REBUILDING = "the ledger is being rebuilt";

    private Protocol() {}
}
