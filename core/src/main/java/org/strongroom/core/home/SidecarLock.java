package org.strongroom.core.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Keeps a second sidecar off one Home, for as long as this process lives. */
public final class SidecarLock implements AutoCloseable {
    private final FileChannel channel;

    private SidecarLock(FileChannel channel) {
        this.channel = channel;
    }

    /** The lock, or empty if another sidecar has it. */
    public static Optional<SidecarLock> take(Home home) throws IOException {
        Path file = home.run().resolve("sidecar.lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new SidecarLock(channel));
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            return Optional.empty(); // another one in this process: a test
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
