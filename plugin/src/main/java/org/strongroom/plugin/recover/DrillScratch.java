package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/**
 * The folder that a trial recovery goes into, and that goes with it: it holds Orthanc's index in clear. One at a time for a Home. It is
 * deleted when this is closed, when the process is told to end, and what a killed one left is deleted by the next. Used by one thread.
 */
public final class DrillScratch implements AutoCloseable {
    /** What it is called, wherever it is. */
    public static final String NAME = "strongroom-drill";

    private static final String MARKER = "made-by-strongroom-drill";
    private static final long MILLIS_TO_END = 10_000;
    private static final FileAttribute<Set<PosixFilePermission>> OURS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final String mark;
    private final FileChannel lock;
    private final Thread atEnd;

    private DrillScratch(Path folder, String mark, FileChannel lock) {
        this.folder = folder;
        this.mark = mark;
        this.lock = lock;
        Thread owner = Thread.currentThread();
        this.atEnd = new Thread(() -> end(owner), "drill-end");
    }

    /**
     * Makes it, and deletes what an earlier one left, wherever that was.
     *
     * @param parent folder in which it is made
     * @param forbidden folders that nothing may be written into
     * @throws StrongroomException UNAVAILABLE if another drill goes on; REFUSED if the folder is there and is none of ours, or would be
     *     in one of the forbidden ones
     */
    public static DrillScratch make(Home home, UUID installation, Path parent, Collection<Path> forbidden)
            throws IOException {
        DurableFiles.createDirectories(home.run());
        FileChannel lock = FileChannel.open(
                home.drillLock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock held = lock.tryLock();
            if (held == null) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "another drill goes on")
                        .cure("Wait for it to end");
            }
            String mark = "Trial recovery of installation " + installation + "\n";
            String left = read(lock);
            if (!left.isEmpty()) {
                remove(Path.of(left), mark);
            }
            Path folder = parent.toAbsolutePath().normalize().resolve(NAME);
            requireAllowed(folder, forbidden);
            write(lock, folder.toString()); // first: a killed one is found by its name
            remove(folder, mark);
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw StrongroomException.of(FailureKind.REFUSED, "the folder is there, and no drill made it")
                        .with("folder", folder)
                        .cure("Move it away, or name another place: --to DIR");
            }
            Files.createDirectory(folder, OURS_ALONE);
            DurableFiles.replace(folder.resolve(MARKER), mark.getBytes(StandardCharsets.UTF_8));
            DrillScratch scratch = new DrillScratch(folder, mark, lock);
            Runtime.getRuntime().addShutdownHook(scratch.atEnd);
            return scratch;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Deletes what a killed drill left, unless one goes on.
     *
     * @param installation whose it must be
     */
    public static void sweep(Home home, UUID installation) throws IOException {
        if (!Files.exists(home.drillLock())) {
            return;
        }
        try (FileChannel lock = FileChannel.open(home.drillLock(), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock held = lock.tryLock()) {
            String left = held == null ? "" : read(lock);
            if (!left.isEmpty()) {
                remove(Path.of(left), "Trial recovery of installation " + installation + "\n");
                write(lock, "");
            }
        }
    }

    private static void requireAllowed(Path folder, Collection<Path> forbidden) throws IOException {
        Path real = real(folder);
        for (Path other : forbidden) {
            if (real.startsWith(real(other))) {
                throw StrongroomException.of(FailureKind.REFUSED, "a drill writes nothing there")
                        .with("folder", folder)
                        .cure("Name another place: --to DIR");
            }
        }
    }

    /** With links followed as far as it is there. */
    private static Path real(Path path) throws IOException {
        Path there = path.toAbsolutePath().normalize();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        return there.toRealPath().resolve(there.relativize(path.toAbsolutePath().normalize()));
    }

    /** An empty Home for what comes out of the tier. */
    public Home home() {
        return new Home(folder.resolve("home"));
    }

    /** For what is asked of the tier. */
    public Path answers() {
        return folder.resolve("answers");
    }

    /** For Orthanc's index, and nothing else. */
    public Path index() {
        return folder.resolve("orthanc").resolve("index");
    }

    /** The folder itself. */
    public Path folder() {
        return folder;
    }

    private static String read(FileChannel lock) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(Math.toIntExact(lock.size()));
        int count = 0;
        while (text.hasRemaining() && count >= 0) {
            count = lock.read(text, text.position());
        }
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    }

    private static void write(FileChannel lock, String text) throws IOException {
        lock.truncate(0);
        lock.position(0);
        DurableFiles.writeFully(lock, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        lock.force(true);
    }

    /** Deletes a folder that a drill of this installation made, its marker last; no other one. */
    private static void remove(Path folder, String mark) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !isOurs(folder, mark)) {
            return;
        }
        Path marker = folder.resolve(MARKER);
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
            for (Path each : inside) {
                if (!each.equals(marker)) {
                    deleteTree(each);
                }
            }
        }
        Files.deleteIfExists(marker);
        Files.deleteIfExists(folder);
    }

    /** An empty one is what a crash leaves before the marker is there, and after it went. */
    private static boolean isOurs(Path folder, String mark) throws IOException {
        Path marker = folder.resolve(MARKER);
        if (Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
            return Files.readString(marker).equals(mark);
        }
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
            return !inside.iterator().hasNext();
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file); // SQLite takes its own away
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // gone meanwhile, or the folder is not empty later
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
                Files.deleteIfExists(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The process was told to end: whoever uses the folder stops, and it goes. */
    private void end(Thread owner) {
        owner.interrupt();
        try {
            owner.join(MILLIS_TO_END);
            remove(folder, mark);
        } catch (IOException | RuntimeException e) {
            // the next drill, or the next start of Orthanc, deletes it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            remove(folder, mark);
            write(lock, "");
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(atEnd);
            } catch (IllegalStateException e) {
                // it is running, and waits for this
            }
        }
    }
}
