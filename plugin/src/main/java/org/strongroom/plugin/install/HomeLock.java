package org.strongroom.plugin.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.core.time.Sleeper;

/** Keeps a second plugin off one Home. Held until closed, or until the process ends however it ends. */
public final class HomeLock implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    private static final String UNWRITABLE = "Home cannot be written";
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Makes Home's folders and locks it.
     *
     * @throws StrongroomException REFUSED if Home may not be written, if the folder it is in does not exist (a disk that is not
     *     mounted must not be replaced by a new folder), or if another Orthanc uses it; FULL or UNAVAILABLE if its disk does not take it
     */
    public static HomeLock take(Home home) {
        Path parent = home.root().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw StrongroomException.of(FailureKind.REFUSED, "the folder that Home is in does not exist")
                    .with("Strongroom.Home", home.root())
                    .cure("Mount the disk, or create " + parent);
        }
        try {
            home.createFolders();
            Path probe = Files.createTempFile(home.run(), ".write", ".tmp");
            Files.delete(probe);
            FileChannel channel =
                    FileChannel.open(PluginLock.file(home), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw StrongroomException.of(FailureKind.REFUSED, "another Orthanc uses this Home")
                        .with("Strongroom.Home", home.root())
                        .cure("Stop the other Orthanc, or give each its own Home");
            }
            return new HomeLock(channel);
        } catch (AccessDeniedException e) {
            throw StrongroomException.of(FailureKind.REFUSED, UNWRITABLE)
                    .with("Strongroom.Home", home.root())
                    .with("reason", e.getClass().getSimpleName())
                    .cure("Create the folder, owned by the user that runs Orthanc with mode 0700, on a disk that is"
                            + " mounted read-write")
                    .causedBy(e);
        } catch (IOException e) {
            throw DiskFailures.ofAny(e, UNWRITABLE).with("Strongroom.Home", home.root());
        }
    }

    /** A command that only asks who holds it does so for a moment: that must not keep Orthanc from starting. */
    private static FileLock lock(FileChannel channel) throws IOException {
        FileLock lock = tryLock(channel);
        for (int attempt = 1; lock == null && attempt < ATTEMPTS; attempt++) {
            try {
                Sleeper.SYSTEM.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            lock = tryLock(channel);
        }
        return lock;
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this process: two Strongrooms in one Orthanc
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
