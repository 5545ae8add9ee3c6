package org.strongroom.core.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The lock file by which a plugin keeps a second one off its Home: held means that an Orthanc with Strongroom runs. */
public final class PluginLock {
    private PluginLock() {}

    public static Path file(Home home) {
        return home.run().resolve("plugin.lock");
    }

    /**
     * Whether another process holds it now: an Orthanc, or a command that took its place. Makes nothing. The process that holds
     * the lock must not ask: closing any channel of a file drops its POSIX locks.
     *
     * @throws IOException if this user may not look
     */
    public static boolean isHeld(Home home) throws IOException {
        try (FileChannel channel = FileChannel.open(file(home), StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (NoSuchFileException e) {
            return false; // nobody ever held it
        }
    }
}
