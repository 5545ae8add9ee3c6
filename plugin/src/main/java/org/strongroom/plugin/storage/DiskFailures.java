package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Tells a full disk from a broken one. */
final class DiskFailures {
    private DiskFailures() {}

    /** FULL if the disk or the quota is exhausted, else UNAVAILABLE. */
    static StrongroomException of(IOException cause, String text) {
        String reason = String.valueOf(
                        cause instanceof FileSystemException e && e.getReason() != null
                                ? e.getReason()
                                : cause.getMessage())
                .toLowerCase(Locale.ROOT);
        boolean full = reason.contains("no space left") || reason.contains("quota exceeded");
        return StrongroomException.of(full ? FailureKind.FULL : FailureKind.UNAVAILABLE, text)
                .with("reason", cause.getClass().getSimpleName())
                .cure(
                        full
                                ? "Free space on the disk that holds Strongroom.Home, or give a tier to ship to"
                                : "Look at the disk that holds Strongroom.Home: mount, permissions, kernel log")
                .causedBy(cause);
    }
}
