package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What a failure is for Orthanc, and what of it may stand in a log. */
final class Failures {
    private Failures() {}

    /** The failure's number in loader.c, which has registered an error code and an HTTP status for each. */
    static int code(Throwable failure) {
        return switch (kind(failure)) {
            case REFUSED -> 1;
            case NOT_FOUND -> 2;
            case CORRUPT -> 3;
            case STALE -> 4;
            case UNAVAILABLE -> 5;
            case FULL -> 6;
            case BUG -> 7;
        };
    }

    static FailureKind kind(Throwable failure) {
        if (failure instanceof StrongroomException known) {
            return known.kind();
        }
        return failure instanceof IOException || failure instanceof UncheckedIOException
                ? FailureKind.UNAVAILABLE
                : FailureKind.BUG;
    }

    /**
     * One line that names the failure. Messages of foreign exceptions are left out, they may quote what was parsed; those of
     * Java's own file and network operations hold names of files and machines only.
     */
    static String describe(Throwable failure) {
        StringBuilder line = new StringBuilder();
        int depth = 0;
        for (Throwable at = failure; at != null && depth < 5; at = at.getCause(), depth++) {
            line.append(depth == 0 ? "" : "; caused by ");
            if (at instanceof StrongroomException known) {
                line.append(known.kind()).append(": ").append(known.getMessage());
                continue;
            }
            line.append(at.getClass().getName());
            if (at instanceof IOException && at.getClass().getName().startsWith("java.")) {
                line.append(": ").append(at.getMessage());
            }
            if (at.getStackTrace().length > 0) {
                line.append(" at ").append(at.getStackTrace()[0]);
            }
        }
        return line.toString();
    }

    /** Ends the process if the JVM itself is broken: a half-working one would only let requests time out. */
    static void haltIfBroken(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof OutOfMemoryError) {
                Runtime.getRuntime().halt(3);
            }
        }
    }
}
