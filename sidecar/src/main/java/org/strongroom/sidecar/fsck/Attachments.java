package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.strongroom.core.io.DurableFiles;

/**
 * A pile of attachment uuids of any height, kept in files and read back one shard at a time. Thread-safe.
 */
final class Attachments implements AutoCloseable {
    static final int SHARDS = 256;
    private static final int RECORD = 17;
    private static final int BUFFERED = 64;

    private final Path folder;
    private final Supplier<UnaryOperator<UUID>> names;
    private final ByteBuffer[] buffers = new ByteBuffer[SHARDS];
    private final boolean[] filled = new boolean[SHARDS];
    private long count;
    private UnaryOperator<UUID> sealed;

    /**
     * @param folder is made, and removed by {@link #close}; what an earlier process left in it is removed
     * @param names gives the uuid that an attachment was sealed under, of a name of it; asked for anew for every pile
     */
    Attachments(Path folder, Supplier<UnaryOperator<UUID>> names) throws IOException {
        this.folder = folder;
        this.names = names;
        for (int shard = 0; shard < SHARDS; shard++) {
            buffers[shard] = ByteBuffer.allocate(RECORD * BUFFERED);
        }
        DurableFiles.createDirectories(folder);
        clear();
    }

    /**
     * One shard of it.
     *
     * @param sealed those that are not {@code clear}
     * @param twice those that were added more than once
     */
    record Shard(Set<UUID> sealed, Set<UUID> clear, Set<UUID> twice) {}

    static int shardOf(UUID uuid) {
        return (int) (uuid.getMostSignificantBits() >>> 56);
    }

    synchronized void add(UUID name, boolean clear) throws IOException {
        UUID uuid = sealed.apply(name);
        int shard = shardOf(uuid);
        ByteBuffer buffer = buffers[shard];
        buffer.putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .put((byte) (clear ? 1 : 0));
        filled[shard] = true;
        count++;
        if (!buffer.hasRemaining()) {
            flush(shard);
        }
    }

    synchronized long count() {
        return count;
    }

    synchronized boolean isEmpty(int shard) {
        return !filled[shard];
    }

    synchronized Shard shard(int shard) throws IOException {
        Shard read = new Shard(new HashSet<>(), new HashSet<>(), new HashSet<>());
        if (isEmpty(shard)) {
            return read;
        }
        flush(shard);
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file(shard)));
        while (in.hasRemaining()) {
            UUID uuid = new UUID(in.getLong(), in.getLong());
            if (!(in.get() == 0 ? read.sealed : read.clear).add(uuid)) {
                read.twice.add(uuid);
            }
        }
        return read;
    }

    private void flush(int shard) throws IOException {
        try (FileChannel file = FileChannel.open(file(shard), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            DurableFiles.writeFully(file, buffers[shard].flip());
        }
        buffers[shard].clear();
    }

    private Path file(int shard) {
        return folder.resolve(String.format(Locale.ROOT, "%02x", shard));
    }

    /** Takes everything away. */
    synchronized void clear() throws IOException {
        for (int shard = 0; shard < SHARDS; shard++) {
            Files.deleteIfExists(file(shard));
            buffers[shard].clear();
            filled[shard] = false;
        }
        count = 0;
        sealed = names.get();
    }

    @Override
    public void close() throws IOException {
        clear();
        try {
            Files.delete(folder);
        } catch (NoSuchFileException e) {
            return; // somebody tidied up: that is what was wanted
        }
    }
}
