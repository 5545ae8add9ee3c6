package org.strongroom.sidecar.replica;

import java.io.IOException;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskFailures;

/** The cause of a failure of this machine's disk while something was read from a tier: no other tier helps. */
public final class OwnDiskException extends IOException {
    private static final long serialVersionUID = 1L;

    private OwnDiskException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** What to throw if something could not be written: FULL if {@code folder}'s disk is, else UNAVAILABLE. */
    public static StrongroomException unwritable(Path folder, IOException cause, String text) {
        return DiskFailures.ofWrite(folder, cause, text).causedBy(new OwnDiskException(cause));
    }

    /** What to throw if something could not be read. */
    public static StrongroomException unreadable(IOException cause, String text) {
        return DiskFailures.ofRead(cause, text).causedBy(new OwnDiskException(cause));
    }

    /** Whether it is this machine's disk that failed, and no tier. */
    public static boolean isCauseOf(StrongroomException e) {
        return e.kind() == FailureKind.FULL || e.getCause() instanceof OwnDiskException;
    }
}
