package org.strongroom.core.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Numbered append-only files (readable by their owner only) whose writers share fsyncs: {@link #write}, then {@link #sync}
 * outside the caller's lock; whoever comes first syncs for all who wrote before. Thread-safe; an interrupt neither closes
 * the file nor stops a sync.
 *
 * <p>A failed write leaves the file as it was. After a failed fsync nobody can tell what is on the disk: every call then first
 * opens the file again, cuts off all that was not surely on the disk, writes it once more and syncs, and fails while that
 * fails. So nothing that {@link #write} took is ever left out, and the log is well again when its disk is.
 */
public final class AppendLog implements Closeable {
    private final IntFunction<Path> files;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What was written and is not surely on the disk, oldest first: that of ticket {@code synced + 1} to {@code written}. */
    private final Deque<byte[]> pending = new ArrayDeque<>();

    private RandomAccessFile file;
    private int number;
    private long length;
    private long durable;
    private long written;
    private long synced;
    private boolean syncing;
    private boolean closed;
    private IOException broken;

    /**
     * Opens a log for appending. What is in its file may come from a writer that was killed before its fsync: it is durable
     * when this returns.
     *
     * @param files names the file with a number; the folder exists
     * @param number of the file to append to; made if it is absent
     * @param length bytes of it that count; what is behind them is cut off
     */
    public AppendLog(IntFunction<Path> files, int number, long length) throws IOException {
        this.files = files;
        this.number = number;
        this.length = length;
        this.durable = length;
        this.file = openOrCreate(number);
        if (file.length() != length) {
            file.setLength(length);
        }
        file.getFD().sync();
    }

    /** Number of the file that is appended to. */
    public int number() {
        return locked(() -> number);
    }

    /** Bytes in that file. */
    public long length() {
        return locked(() -> length);
    }

    /**
     * Appends {@code bytes}; not durable yet. Callers that need an order call it under a lock of their own.
     *
     * @return what {@link #sync} waits for
     * @throws IOException if they could not be written; the file is then as it was before
     */
    public long write(byte[] bytes) throws IOException {
        lock.lock();
        try {
            beWell();
            try {
                file.seek(length);
                file.write(bytes);
            } catch (IOException e) {
                takeBack(e);
                throw e;
            }
            pending.add(bytes.clone());
            length += bytes.length;
            return ++written;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when everything up to this {@link #write} is on the disk. */
    public void sync(long ticket) throws IOException {
        lock.lock();
        try {
            while (synced < ticket) {
                if (syncing) {
                    changed.awaitUninterruptibly();
                } else if (broken == null) {
                    requireOpen();
                    syncAll();
                } else {
                    beWell();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Goes on in the next file, after making this one durable. */
    public void rotate() throws IOException {
        lock.lock();
        try {
            settle();
            RandomAccessFile next = openOrCreate(number + 1);
            if (next.length() != 0) {
                next.close();
                throw new IOException("the next file exists and is not empty: " + files.apply(number + 1));
            }
            file.close();
            file = next;
            number++;
            length = 0;
            durable = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything durable and ends; closing twice does no harm. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            try {
                settle();
            } finally {
                closed = true;
                file.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nobody syncs and everything is on the disk; nobody can write before the lock is given up. */
    private void settle() throws IOException {
        awaitSync();
        beWell();
        synced(written, force(file));
        changed.signalAll();
        if (broken != null) {
            throw broken;
        }
    }

    /** Returns when nobody syncs; the log may have been closed meanwhile. */
    private void awaitSync() throws IOException {
        while (syncing) {
            changed.awaitUninterruptibly();
        }
        requireOpen();
    }

    /** Syncs, without the lock, what has been written so far. */
    private void syncAll() {
        long target = written;
        RandomAccessFile current = file;
        syncing = true;
        lock.unlock();
        IOException failure;
        try {
            failure = force(current);
        } finally {
            lock.lock();
            syncing = false;
            changed.signalAll();
        }
        synced(target, failure);
    }

    private void synced(long target, IOException failure) {
        if (failure != null) {
            broken = failure;
            return;
        }
        while (synced < target) {
            durable += pending.remove().length;
            synced++;
        }
    }

    /** Returns at once if all is well; after a failure it makes the file hold, durably, all that was written. */
    private void beWell() throws IOException {
        requireOpen();
        if (broken == null) {
            return;
        }
        awaitSync();
        if (broken == null) {
            return;
        }
        try {
            Path path = files.apply(number);
            if (!Files.exists(path) || Files.size(path) < durable) {
                throw new IOException("the file is gone, or shorter than what was written to it: " + path);
            }
            file.close();
            file = new RandomAccessFile(path.toFile(), "rw");
            file.setLength(durable);
            file.seek(durable);
            for (byte[] bytes : pending) {
                file.write(bytes);
            }
            file.getFD().sync();
        } catch (IOException e) {
            broken = e;
            throw new IOException("the log does not work since an earlier failure", e);
        }
        broken = null;
        synced(written, null);
        changed.signalAll();
    }

    private static IOException force(RandomAccessFile file) {
        try {
            file.getFD().sync();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private RandomAccessFile openOrCreate(int which) throws IOException {
        Path path = files.apply(which);
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            DurableFiles.fsyncDirectory(path.toAbsolutePath().getParent());
        }
        return new RandomAccessFile(path.toFile(), "rw");
    }

    private void takeBack(IOException cause) {
        try {
            file.setLength(length);
        } catch (IOException e) {
            cause.addSuppressed(e);
            broken = cause;
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the log is closed");
        }
    }

    private <T> T locked(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }
}
