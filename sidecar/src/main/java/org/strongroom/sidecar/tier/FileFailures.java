package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskSpace;

/**
 * What a failed file operation in a directory means. Error texts of the system are in its language, so a full or read-only
 * disk is also recognised by asking the disk.
 */
final class FileFailures {
    /** A disk with less than this left is what made a write fail. */
    private static final long NOTHING_LEFT = 1 << 20;

    private final String tier;
    private final Path root;

    FileFailures(String tier, Path root) {
        this.tier = tier;
        this.root = root;
    }

    /** A failure of a read: the disk does not answer, or it may not be read. */
    StrongroomException read(IOException e) {
        if (e instanceof AccessDeniedException) {
            return of(FailureKind.REFUSED, "the tier's directory may not be read")
                    .cure("Give the sidecar's user read and write permission in the tier's directory")
                    .causedBy(e);
        }
        return of(FailureKind.UNAVAILABLE, "the tier's directory cannot be read")
                .cure("Check that the disk is mounted and healthy")
                .causedBy(e);
    }

    /** A failure of a write. */
    StrongroomException write(IOException e) {
        String text = String.valueOf(e.getMessage());
        if (e instanceof AccessDeniedException) {
            return of(FailureKind.REFUSED, "the tier's directory may not be written")
                    .cure("Give the sidecar's user read and write permission in the tier's directory")
                    .causedBy(e);
        }
        if (text.contains("Read-only file system") || isReadOnly()) {
            return of(FailureKind.REFUSED, "the tier's disk is mounted read-only")
                    .cure("Check the disk for errors and mount it for writing")
                    .causedBy(e);
        }
        if (text.contains("No space left") || text.contains("Disk quota exceeded") || isFull()) {
            return full().causedBy(e);
        }
        return of(FailureKind.UNAVAILABLE, "the tier's directory cannot be written")
                .cure("Check that the disk is mounted and healthy")
                .causedBy(e);
    }

    StrongroomException full() {
        return of(FailureKind.FULL, "the tier's disk is full")
                .cure("Make room on the disk or give the tier a larger one");
    }

    /** The directory is not there, or not the one it was. */
    StrongroomException unmounted() {
        return of(FailureKind.UNAVAILABLE, "the tier's directory is not there")
                .cure("Mount the disk; a new tier's directory is made by the administrator");
    }

    StrongroomException of(FailureKind kind, String text) {
        return StrongroomException.of(kind, text).with("tier", tier).with("directory", root);
    }

    private boolean isReadOnly() {
        try {
            return Files.getFileStore(root).isReadOnly();
        } catch (IOException e) {
            return false; // it cannot be asked: the first failure says enough
        }
    }

    private boolean isFull() {
        try {
            return DiskSpace.of(root).usable() < NOTHING_LEFT;
        } catch (IOException e) {
            return false; // as above
        }
    }
}
