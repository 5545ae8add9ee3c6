package org.strongroom.core.format.v1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Follows a journal from its first entry on, while another process may be writing it: every entry's place in the chain is
 * checked (format.md §6). At the end, {@link #next} is empty and may be asked again later. Not thread-safe; holds no file
 * open between calls.
 */
public final class JournalReader {
    /** Read at once. */
    private static final int STEP = 64 * 1024;

    private final Path folder;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int segment = 1;
    private long offset;
    private long sequence;
    private Sha256 chain;

    /**
     * @param folder with the files {@code 00000001.strj} … of {@code installation}; may be empty still
     */
    public JournalReader(Path folder, UUID installation) {
        this.folder = folder;
        this.chain = JournalEntry.firstChain(installation);
    }

    /** The file with this number, from 1 on. */
    public static Path segment(Path folder, int number) {
        return folder.resolve(String.format(Locale.ROOT, "%08d.strj", number));
    }

    /** Sequence of the entry returned last; 0 before the first. */
    public long sequence() {
        return sequence;
    }

    /** The chain after that entry. */
    public Sha256 chain() {
        return chain;
    }

    /** Number of the file that holds that entry. */
    public int segment() {
        return segment;
    }

    /** Where that entry ends in its file. */
    public long offset() {
        return offset;
    }

    /** Goes on to the first entry after {@code wanted} or to the end, still checking each one. */
    public void skipTo(long wanted) throws IOException {
        while (sequence < wanted && next().isPresent()) {
            // every entry is checked on the way
        }
    }

    /**
     * The next entry; empty at the end. An entry at the end that is not finished yet is no entry.
     *
     * @throws IOException if a file cannot be read
     * @throws StrongroomException CORRUPT if what follows is not the next entry of this installation's journal
     */
    public Optional<JournalEntry> next() throws IOException {
        byte[] rest = nextBytes();
        while (rest == null) {
            // The next file is begun only after this one is complete: ask for it first, then look at this one again.
            boolean more = Files.exists(segment(folder, segment + 1));
            buffer = ByteBuffer.allocate(0);
            rest = nextBytes();
            if (rest != null || !more) {
                break;
            }
            if (buffer.hasRemaining()) {
                throw corrupt("a journal file ends within an entry");
            }
            segment++;
            offset = 0;
            rest = nextBytes();
        }
        return rest == null ? Optional.empty() : Optional.of(accept(rest));
    }

    private JournalEntry accept(byte[] rest) {
        try {
            JournalEntry entry = JournalEntry.decode(rest, chain, sequence + 1);
            sequence = entry.sequence();
            chain = entry.chain(chain);
            offset += 4 + rest.length;
            return entry;
        } catch (IllegalArgumentException e) {
            throw corrupt("a journal entry does not follow the one before it").causedBy(e);
        }
    }

    /** What follows the length of the next entry, or null if it is not all there. */
    private byte[] nextBytes() throws IOException {
        if (!has(4)) {
            return null;
        }
        int length = buffer.getInt(buffer.position());
        if (length == 0) {
            return null; // zeros, as a power cut leaves them
        }
        if (length < JournalEntry.MIN_SIZE - 4 || length > JournalEntry.MAX_SIZE - 4) {
            throw corrupt("a journal entry has an impossible length");
        }
        if (!has(4 + length)) {
            return null;
        }
        byte[] rest = new byte[length];
        buffer.position(buffer.position() + 4).get(rest);
        return rest;
    }

    private boolean has(int length) throws IOException {
        if (buffer.remaining() < length) {
            buffer = fill();
        }
        return buffer.remaining() >= length;
    }

    private ByteBuffer fill() throws IOException {
        ByteBuffer filled = ByteBuffer.allocate(STEP);
        try (FileChannel channel = FileChannel.open(segment(folder, segment), StandardOpenOption.READ)) {
            long position = offset;
            for (int count = 0; count >= 0 && filled.hasRemaining(); position += count) {
                count = channel.read(filled, position);
            }
        } catch (NoSuchFileException e) {
            return filled.flip(); // not begun yet
        }
        return filled.flip();
    }

    private StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text)
                .with("file", segment(folder, segment).getFileName())
                .with("offset", offset)
                .with("after", sequence);
    }
}
