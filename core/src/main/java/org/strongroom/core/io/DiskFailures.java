package org.strongroom.core.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Tells a full disk, Home's or another one, from a broken one: who frees space on a broken one does the wrong thing. */
public final class DiskFailures {
    private static final long NEARLY_NOTHING = 1 << 20;

    private DiskFailures() {}

    /** A write failed: FULL if the disk or the quota behind {@code folder} is exhausted, else UNAVAILABLE. */
    public static StrongroomException ofWrite(Path folder, IOException cause, String text) {
        return isFull(folder, cause)
                ? of(FailureKind.FULL, cause, text)
                        .cure("Free space on the disk that holds Strongroom.Home, or give a tier to ship to")
                : broken(cause, text);
    }

    /** A write into a folder that somebody named failed, which is nobody's Home: FULL or UNAVAILABLE, with the folder. */
    public static StrongroomException ofNamed(String option, Path folder, IOException cause, String text) {
        boolean full = isFull(folder, cause);
        return of(full ? FailureKind.FULL : FailureKind.UNAVAILABLE, cause, text)
                .with(option, folder)
                .cure(
                        full
                                ? "Make room on its disk, then run the same command again: it goes on where it was"
                                : "Name a folder that the user who runs this may write to, or look at its disk: mount,"
                                        + " permissions, kernel log");
    }

    /** A read out of such a folder failed: UNAVAILABLE, with the folder. */
    public static StrongroomException ofNamedRead(String option, Path folder, IOException cause, String text) {
        return of(FailureKind.UNAVAILABLE, cause, text)
                .with(option, folder)
                .cure("Look at its disk: mount, permissions, kernel log");
    }

    /** A read failed: UNAVAILABLE, for it needs no room. */
    public static StrongroomException ofRead(IOException cause, String text) {
        return broken(cause, text);
    }

    /** Something of Home failed, nobody knows what was to be done with it: FULL if the system says so, else UNAVAILABLE. */
    public static StrongroomException ofAny(IOException cause, String text) {
        StrongroomException failure = saysFull(cause)
                ? of(FailureKind.FULL, cause, text).cure("Free space on the disk that holds Strongroom.Home")
                : broken(cause, text);
        return cause instanceof FileSystemException one && one.getFile() != null
                ? failure.with("file", one.getFile())
                : failure;
    }

    private static StrongroomException broken(IOException cause, String text) {
        return of(FailureKind.UNAVAILABLE, cause, text)
                .cure("Look at the disk that holds Strongroom.Home: mount, permissions, kernel log");
    }

    private static StrongroomException of(FailureKind kind, IOException cause, String text) {
        return StrongroomException.of(kind, text)
                .with("reason", cause.getClass().getSimpleName())
                .causedBy(cause);
    }

    /** The system's words are in the language that Orthanc is set to; its numbers are not. */
    private static boolean isFull(Path folder, IOException cause) {
        if (saysFull(cause)) {
            return true;
        }
        try {
            return DiskSpace.around(folder).usable() < NEARLY_NOTHING;
        } catch (IOException e) {
            return false; // then it is the disk
        }
    }

    private static boolean saysFull(IOException cause) {
        String reason = String.valueOf(
                        cause instanceof FileSystemException e && e.getReason() != null
                                ? e.getReason()
                                : cause.getMessage())
                .toLowerCase(Locale.ROOT);
        return reason.contains("no space left") || reason.contains("quota exceeded");
    }
}
