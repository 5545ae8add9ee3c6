package org.strongroom.core.format.v1;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** One entry of the journal (format.md §6). Immutable. */
public final class JournalEntry {
    /** No entry is shorter or longer than this in a file. */
    static final int MIN_SIZE = 4 + 8 + 8 + 1 + 16 + Sha256.SIZE;

    static final int MAX_SIZE = 4 + 8 + 8 + 1 + 16 + JournalType.LONGEST_TEXT + Sha256.SIZE;

    /** Keys of studies that one entry gives to a tenant, at most. */
    public static final int MOST_ASSIGNED = 64;

    private static final int FIXED = 8 + 8 + 1;
    /** Where the ids of the keys begin. */
    private static final int ASSIGNED_KEYS = 16 + 16 + 1;

    private static final Set<JournalType> TEXTS = EnumSet.of(
            JournalType.HOLD,
            JournalType.HOLD_ENDED,
            JournalType.ERASURE,
            JournalType.ERASURE_APPROVED,
            JournalType.ERASURE_WITHDRAWN);

    private final long sequence;
    private final long time;
    private final JournalType type;
    private final byte[] payload;

    /**
     * @param sequence 1 or more
     * @param time milliseconds since 1970-01-01 UTC
     */
    public JournalEntry(long sequence, long time, JournalType type, byte[] payload) {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence " + sequence);
        }
        if (time < 0) {
            throw new IllegalArgumentException("time " + time);
        }
        if (!type.permits(payload.length)) {
            throw new IllegalArgumentException(type + " of " + payload.length + " bytes");
        }
        if (type == JournalType.ASSIGNED
                && (payload[32] < 1
                        || payload[32] > MOST_ASSIGNED
                        || ASSIGNED_KEYS + 16 * payload[32] >= payload.length)) {
            throw new IllegalArgumentException(type + " of " + payload[32] + " keys in " + payload.length + " bytes");
        }
        this.sequence = sequence;
        this.time = time;
        this.type = Objects.requireNonNull(type);
        this.payload = payload.clone();
    }

    public long sequence() {
        return sequence;
    }

    public long time() {
        return time;
    }

    public JournalType type() {
        return type;
    }

    public byte[] payload() {
        return payload.clone();
    }

    /** The attachment, key, pack, name, hold, erasure or assignment that the entry is about; a bundle has no id. */
    public UUID id() {
        if (type == JournalType.BUNDLE) {
            throw new IllegalStateException("a bundle has no id");
        }
        return SealedHeader.uuid(ByteBuffer.wrap(payload));
    }

    /** The digest that makes a bundle or pack genuine. */
    public Sha256 digest() {
        if (type != JournalType.BUNDLE && type != JournalType.PACK) {
            throw new IllegalStateException(type + " has no digest");
        }
        return new Sha256(Arrays.copyOfRange(payload, payload.length - Sha256.SIZE, payload.length));
    }

    /** The sealed attachment that a name means as well, or from now on. */
    public UUID sealed() {
        if (type != JournalType.ALIAS && type != JournalType.MOVED) {
            throw new IllegalStateException(type + " names nothing");
        }
        return SealedHeader.uuid(ByteBuffer.wrap(payload, 16, 16));
    }

    /** The key, or the tenant, that is under a hold. */
    public UUID held() {
        if (type != JournalType.HELD) {
            throw new IllegalStateException(type + " holds nothing");
        }
        return SealedHeader.uuid(ByteBuffer.wrap(payload, 16, 16));
    }

    /** The key that an erasure is about, or has destroyed. */
    public UUID key() {
        if (type != JournalType.TO_BE_ERASED && type != JournalType.KEY_DESTROYED) {
            throw new IllegalStateException(type + " erases nothing");
        }
        return SealedHeader.uuid(ByteBuffer.wrap(payload, 16, 16));
    }

    /** The tenant whose studies are from now on. */
    public UUID tenant() {
        requireAssigned();
        return SealedHeader.uuid(ByteBuffer.wrap(payload, 16, 16));
    }

    /** Everything that these keys sealed is {@link #tenant}'s; at least one. */
    public List<UUID> keys() {
        requireAssigned();
        ByteBuffer in = ByteBuffer.wrap(payload, ASSIGNED_KEYS, 16 * payload[32]);
        List<UUID> keys = new ArrayList<>();
        while (in.hasRemaining()) {
            keys.add(SealedHeader.uuid(in));
        }
        return keys;
    }

    private void requireAssigned() {
        if (type != JournalType.ASSIGNED) {
            throw new IllegalStateException(type + " gives nothing to anybody");
        }
    }

    /** The sealed text of a hold, an erasure, or its end, or of an assignment. */
    public byte[] sealedText() {
        if (type == JournalType.ASSIGNED) {
            return Arrays.copyOfRange(payload, ASSIGNED_KEYS + 16 * payload[32], payload.length);
        }
        if (!TEXTS.contains(type)) {
            throw new IllegalStateException(type + " has no text");
        }
        return Arrays.copyOfRange(payload, 16, payload.length);
    }

    /** The payload of an entry about one attachment or key. */
    public static byte[] payload(UUID id) {
        ByteBuffer out = ByteBuffer.allocate(16);
        SealedHeader.put(out, id);
        return out.array();
    }

    /** The payload of an entry about two things: a name and its attachment, a hold or an erasure and what is under it. */
    public static byte[] payload(UUID first, UUID second) {
        return ByteBuffer.allocate(32).put(payload(first)).put(payload(second)).array();
    }

    /** The payload of an entry with a sealed text. */
    public static byte[] payload(UUID about, byte[] sealedText) {
        return ByteBuffer.allocate(16 + sealedText.length)
                .put(payload(about))
                .put(sealedText)
                .array();
    }

    /**
     * The payload of an entry that gives studies to a tenant.
     *
     * @param keys 1 to {@link #MOST_ASSIGNED}
     */
    public static byte[] payload(UUID assignment, UUID tenant, List<UUID> keys, byte[] sealedText) {
        if (keys.isEmpty() || keys.size() > MOST_ASSIGNED) {
            throw new IllegalArgumentException(keys.size() + " keys");
        }
        ByteBuffer out = ByteBuffer.allocate(ASSIGNED_KEYS + 16 * keys.size() + sealedText.length);
        out.put(payload(assignment)).put(payload(tenant)).put((byte) keys.size());
        keys.forEach(key -> out.put(payload(key)));
        return out.put(sealedText).array();
    }

    /** The payload of an entry about a pack. */
    public static byte[] payload(UUID pack, Sha256 digest) {
        return ByteBuffer.allocate(48).put(payload(pack)).put(digest.toBytes()).array();
    }

    /** The chain before the first entry. */
    public static Sha256 firstChain(UUID installation) {
        return Sha256.of("journal/v1".getBytes(StandardCharsets.US_ASCII), payload(installation));
    }

    /** The chain after this entry. */
    public Sha256 chain(Sha256 before) {
        return Sha256.of(before.toBytes(), content());
    }

    /** The bytes in a journal file, after an entry whose chain is {@code before}. */
    public byte[] encode(Sha256 before) {
        return ByteBuffer.allocate(4 + FIXED + payload.length + Sha256.SIZE)
                .putInt(FIXED + payload.length + Sha256.SIZE)
                .put(content())
                .put(chain(before).toBytes())
                .array();
    }

    /**
     * Reads one entry.
     *
     * @param rest everything in the entry after its length
     * @throws IllegalArgumentException if it is not the entry that follows {@code before}
     */
    static JournalEntry decode(byte[] rest, Sha256 before, long sequence) {
        ByteBuffer in = ByteBuffer.wrap(rest);
        if (in.getLong() != sequence) {
            throw new IllegalArgumentException("sequence is broken");
        }
        long time = in.getLong();
        JournalType type = JournalType.of(in.get());
        byte[] payload = new byte[in.remaining() - Sha256.SIZE];
        in.get(payload);
        JournalEntry entry = new JournalEntry(sequence, time, type, payload);
        byte[] chain = new byte[Sha256.SIZE];
        in.get(chain);
        if (!entry.chain(before).equals(new Sha256(chain))) {
            throw new IllegalArgumentException("chain is broken");
        }
        return entry;
    }

    private byte[] content() {
        return ByteBuffer.allocate(FIXED + payload.length)
                .putLong(sequence)
                .putLong(time)
                .put((byte) type.code())
                .put(payload)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JournalEntry that
                && sequence == that.sequence
                && time == that.time
                && type == that.type
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence);
    }

    @Override
    public String toString() {
        return sequence + " " + type;
    }
}
