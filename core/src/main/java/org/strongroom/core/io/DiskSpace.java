package org.strongroom.core.io;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much room the file system behind a path has, in bytes. Asked of the path itself: {@code Files.getFileStore} looks for its mount
 * first, and finds none in a chroot.
 *
 * @param usable what this user may still write
 */
public record DiskSpace(long total, long usable) {

    /**
     * Asks now.
     *
     * @throws IOException if there is no such path, or its file system does not say
     */
    public static DiskSpace of(Path path) throws IOException {
        File file = path.toFile();
        DiskSpace space = new DiskSpace(file.getTotalSpace(), file.getUsableSpace());
        if (space.total == 0) {
            throw new IOException("the file system does not say how large it is");
        }
        return space;
    }

    /** Asks for what need not be there yet: it would be on the disk of the nearest folder above that is. */
    public static DiskSpace around(Path path) throws IOException {
        Path there = path.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return of(there);
    }
}
