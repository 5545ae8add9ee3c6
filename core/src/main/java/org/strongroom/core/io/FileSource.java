package org.strongroom.core.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** The bytes of an open file. Safe for use by several threads; keeps reading the same file after a rename or unlink. */
public final class FileSource implements ByteSource, Closeable {
    /** Java keeps for each thread as much memory outside of the heap as its longest read took. */
    private static final int PIECE = 128 << 10;

    private static final Path ALWAYS_THERE = Path.of("/dev/null");

    /** How a file is opened. */
    @FunctionalInterface
    interface Opening {
        FileChannel open(Path file) throws IOException;
    }

    private final FileChannel channel;
    private final long size;

    private FileSource(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    /**
     * Opens {@code file}.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there (open, never exists-then-open)
     * @throws UnreadableFileException if the disk does not let it be opened, for instance for want of its inode
     */
    public static FileSource open(Path file) throws IOException {
        return open(file, path -> FileChannel.open(path, StandardOpenOption.READ));
    }

    static FileSource open(Path file, Opening opening) throws IOException {
        FileChannel channel = channel(file, opening);
        try {
            return new FileSource(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel channel(Path file, Opening opening) throws IOException {
        try {
            return opening.open(file);
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class) {
                throw e; // absent, or not ours to read
            }
            // Where nothing can be opened it is not the file: the process has too many open.
            opening.open(ALWAYS_THERE).close();
            return again(file, opening); // or it had until a moment ago
        }
    }

    private static FileChannel again(Path file, Opening opening) throws IOException {
        try {
            return opening.open(file);
        } catch (FileSystemException e) {
            throw e.getClass() == FileSystemException.class ? new UnreadableFileException(e) : e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    /** @throws UnreadableFileException if the disk does not give the bytes */
    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        Objects.checkFromIndexSize(targetOffset, length, target.length);
        for (int done = 0; done < length; ) {
            ByteBuffer piece = ByteBuffer.wrap(target, targetOffset + done, Math.min(PIECE, length - done));
            int count = read(piece, position + done);
            if (count < 0) {
                throw new EOFException("range leaves the file");
            }
            done += count;
        }
    }

    private int read(ByteBuffer buffer, long at) throws IOException {
        try {
            return channel.read(buffer, at);
        } catch (ClosedChannelException e) {
            throw e; // an interrupt, or the reader's own doing
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
