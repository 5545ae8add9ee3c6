package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What a failure is for Orthanc, and what of it may stand in a log. */
final class Failures {
    /** In an ARCHIVED failure's context: when the bytes are about to be back, if that is within a day. */
    private static final String READY = "ready";

    private static final int FIRST_HALF_HOUR = 9;
    private static final int HALF_HOURS = 48;
    private static final int HALF_HOUR_SECONDS = 1800;

    private Failures() {}

    /** The failure's number in loader.c, which has registered an error code and an HTTP status for each. */
    static int code(Throwable failure) {
        if (failure instanceof StrongroomException known
                && known.kind() == FailureKind.ARCHIVED
                && known.context().containsKey(READY)) {
            return FIRST_HALF_HOUR + halfHour(known.context().get(READY));
        }
        return switch (kind(failure)) {
            case REFUSED -> 1;
            case NOT_FOUND -> 2;
            case CORRUPT -> 3;
            case STALE -> 4;
            case UNAVAILABLE -> 5;
            case FULL -> 6;
            case BUG -> 7;
            case ARCHIVED -> 8;
        };
    }

    /** The half hour of the day, on this machine's clock, at which it is ready or will have been for a few minutes. */
    private static int halfHour(String ready) {
        LocalTime time = LocalTime.ofInstant(Instant.parse(ready), ZoneId.systemDefault());
        return (time.toSecondOfDay() + HALF_HOUR_SECONDS - 1) / HALF_HOUR_SECONDS % HALF_HOURS;
    }

    static FailureKind kind(Throwable failure) {
        if (failure instanceof StrongroomException known) {
            return known.kind();
        }
        if (isShortOfThreads(failure)) {
            return FailureKind.UNAVAILABLE;
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

    /** The system gives no more threads, which Java calls by the same name as a full heap: others end sooner or later. */
    private static boolean isShortOfThreads(Throwable failure) {
        return failure instanceof OutOfMemoryError
                && String.valueOf(failure.getMessage()).contains("unable to create native thread");
    }

    /** Ends the process if the JVM itself is broken: a half-working one would only let requests time out. */
    static void haltIfBroken(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof OutOfMemoryError && !isShortOfThreads(at)) {
                Runtime.getRuntime().halt(3);
            }
        }
    }
}
