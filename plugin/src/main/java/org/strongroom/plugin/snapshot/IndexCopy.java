package org.strongroom.plugin.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.supervise.SidecarCommand;

/**
 * A checked copy of the SQLite index of an Orthanc that may be running, made by a process that has neither keys nor credentials: closing
 * that file inside Orthanc would drop Orthanc's locks. It lies in clear beside the index, and goes when this is closed.
 */
public final class IndexCopy implements AutoCloseable {
    private static final String FOLDER = "strongroom-snapshot";

    private final Path folder;
    private final long instances;
    private final Duration paused;

    private IndexCopy(Path folder, long instances, Duration paused) {
        this.folder = folder;
        this.instances = instances;
        this.paused = paused;
    }

    /**
     * Makes one.
     *
     * @throws StrongroomException UNAVAILABLE or FULL with what the process said, if there is none that can be trusted
     */
    public static IndexCopy of(Path index, Home home, SidecarCommand command) throws IOException, InterruptedException {
        Path folder = index.resolveSibling(FOLDER);
        empty(folder); // what a crash left
        DurableFiles.createDirectories(folder);
        Process process = command.process(
                        home,
                        "index-copy",
                        "--from",
                        index.toString(),
                        "--to",
                        file(folder).toString())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() == 0) {
                String[] numbers = said.substring(said.lastIndexOf('\n') + 1).split(" ", 2);
                return new IndexCopy(folder, Long.parseLong(numbers[1]), Duration.ofMillis(Long.parseLong(numbers[0])));
            }
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc's index could not be copied")
                    .with("said", said)
                    .cure("Look at the disk that holds the index; a busy Orthanc is copied once it rests");
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroy();
            empty(folder);
            throw e;
        }
    }

    /** Who makes one holds the lock of this file. */
    public static Path lock(Home home) {
        return home.run().resolve("snapshot.lock");
    }

    /** Deletes what a crash left of one, in clear, unless one is being made. */
    public static void sweep(Path index, Home home) throws IOException {
        try (FileChannel channel = FileChannel.open(lock(home), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(home.intakePause());
                empty(index.resolveSibling(FOLDER));
            }
        }
    }

    /** The copy. */
    public Path file() {
        return file(folder);
    }

    /** How many it has. */
    public long instances() {
        return instances;
    }

    /** How long intake waited for it. */
    public Duration paused() {
        return paused;
    }

    private static Path file(Path folder) {
        return folder.resolve("index");
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Override
    public void close() throws IOException {
        empty(folder);
    }
}
