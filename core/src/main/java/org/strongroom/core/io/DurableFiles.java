package org.strongroom.core.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that are either there, whole, after a power cut, or not there. All methods are thread-safe as long as two threads
 * do not write the same target.
 */
public final class DurableFiles {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> OWNER_ONLY_ATTRIBUTE = PosixFilePermissions.asFileAttribute(OWNER_ONLY);

    private DurableFiles() {}

    /** Writes what goes into a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Replaces {@code target} with {@code bytes}, readable by its owner only; durable when this returns. */
    public static void replace(Path target, byte[] bytes) throws IOException {
        write(target, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    /**
     * Writes a temporary file beside {@code target}, fsyncs it, renames it to {@code target} and fsyncs the directory. On
     * any failure the temporary file is removed and an existing {@code target} is left as it was.
     */
    public static void write(Path target, Content content) throws IOException {
        Path temporary = writeTemporary(target, content);
        try {
            rename(temporary, target);
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /**
     * Like {@link #write}, but not durable, and so without waiting for the disk: only for copies of what is safe elsewhere.
     * After a power cut the file may be there with other bytes than were written: whoever reads it has to check it.
     */
    public static void writeCopy(Path target, Content content) throws IOException {
        Path temporary = temporary(target);
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /**
     * The first half of {@link #write}: an fsynced temporary file beside {@code target}, named so that {@link
     * #isTemporary} knows it. The caller renames it with {@link #rename} or deletes it.
     */
    public static Path writeTemporary(Path target, Content content) throws IOException {
        Path temporary = temporary(target);
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true);
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return temporary;
    }

    private static Path temporary(Path target) throws IOException {
        return Files.createTempFile(parent(target), "." + target.getFileName() + ".", ".tmp", OWNER_ONLY_ATTRIBUTE);
    }

    /** The second half of {@link #write}: renames within one file system and fsyncs the directory. */
    public static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("rename must stay within one file system: " + from + " -> " + to, e);
        }
        fsyncDirectory(parent(to));
    }

    /** Whether a file name is one that {@link #writeTemporary} makes: a leftover of a crash if nobody is writing. */
    public static boolean isTemporary(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(".") && name.endsWith(".tmp");
    }

    /** Makes creations, renames and removals in {@code directory} durable. */
    public static void fsyncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Creates {@code directory} and its parents (0700 for what is new), durably; does nothing where it exists. */
    public static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (java.nio.file.FileAlreadyExistsException e) {
            return; // another thread made it: it fsyncs the parent as well
        }
        if (parent != null) {
            fsyncDirectory(parent);
        }
    }

    /** Writes all of {@code buffer} to {@code channel}. */
    public static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static Path parent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("not a file: " + file);
        }
        return parent;
    }
}
