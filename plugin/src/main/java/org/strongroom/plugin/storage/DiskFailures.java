package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskSpace;

/** Tells a full disk from a broken one. */
final class DiskFailures {
    private static final long NEARLY_NOTHING = 1 << 20;

    private DiskFailures() {}

    /** FULL if the disk or the quota behind {@code folder} is exhausted, else UNAVAILABLE. */
    static StrongroomException of(Path folder, IOException cause, String text) {
        String reason = String.valueOf(
                        cause instanceof FileSystemException e && e.getReason() != null
                                ? e.getReason()
                                : cause.getMessage())
                .toLowerCase(Locale.ROOT);
        boolean full = reason.contains("no space left") || reason.contains("quota exceeded") || isFull(folder);
        return StrongroomException.of(full ? FailureKind.FULL : FailureKind.UNAVAILABLE, text)
                .with("reason", cause.getClass().getSimpleName())
                .cure(
                        full
                                ? "Free space on the disk that holds Strongroom.Home, or give a tier to ship to"
                                : "Look at the disk that holds Strongroom.Home: mount, permissions, kernel log")
                .causedBy(cause);
    }

    /** The system's words are in the language that Orthanc is set to; its numbers are not. */
    private static boolean isFull(Path folder) {
        try {
            return DiskSpace.of(folder).usable() < NEARLY_NOTHING;
        } catch (IOException e) {
            return false; // then it is the disk
        }
    }
}
