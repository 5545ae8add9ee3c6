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
        FileChannel channel = channel(file);
        try {
            return new FileSource(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class) {
                throw e; // absent, or not ours to read
            }
            // Where nothing can be opened it is not the file: the process has too many open.
            FileChannel.open(ALWAYS_THERE, StandardOpenOption.READ).close();
            return again(file); // or it had until a moment ago
        }
    }

    private static FileChannel again(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
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
