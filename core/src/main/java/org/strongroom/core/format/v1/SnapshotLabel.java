package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The clear part of a snapshot, and the names of its objects (format.md §10): which chunks it needs, and nothing of what is in them.
 * Immutable.
 *
 * @param time milliseconds since 1970-01-01 UTC, when it was begun
 * @param chunks in the order of the files; one may be there more than once
 */
public record SnapshotLabel(UUID installation, long time, List<Tag16> chunks) {
    /** What the names of all objects begin with. */
    public static final String PREFIX = "snapshots/";

    /** What the names of chunks begin with. */
    public static final String CHUNKS = PREFIX + "chunks/";

    private static final Pattern OBJECT = Pattern.compile(PREFIX + "([0-9]{14})-[0-9a-f]{32}");
    private static final Pattern CHUNK = Pattern.compile(CHUNKS + "[0-9a-f]{32}");
    private static final int MAGIC = 0x5354524e; // "STRN"
    private static final int VERSION_AND_RESERVED = 0x01000000;
    private static final int FIXED = 4 + 4 + 16 + 8 + 4;
    private static final int TAG = 16;
    private static final int DIGITS = 32;

    public SnapshotLabel {
        Objects.requireNonNull(installation, "installation");
        chunks = List.copyOf(chunks);
        if (time < 0 || time > 99_999_999_999_999L) {
            throw new IllegalArgumentException("time " + time);
        }
    }

    /** The bytes of format.md §10. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(size()).putInt(MAGIC).putInt(VERSION_AND_RESERVED);
        SealedHeader.put(out, installation);
        out.putLong(time).putInt(chunks.size());
        chunks.forEach(chunk -> out.put(chunk.toBytes()));
        return out.array();
    }

    /** How many bytes {@link #encode} has. */
    public int size() {
        return FIXED + TAG * chunks.size();
    }

    /** The name of the state file behind this label. */
    public String stateName() {
        return "snapshot/" + digits(encode());
    }

    /** The name of the state file that a chunk is. */
    public static String stateName(Tag16 chunk) {
        return "chunk/" + chunk;
    }

    /** The name in a tier of a chunk. */
    public static String objectName(Tag16 chunk) {
        return CHUNKS + chunk;
    }

    /** The name in a tier of the snapshot with these bytes and this label. */
    public String objectName(byte[] snapshot) {
        return String.format(Locale.ROOT, "%s%014d-%s", PREFIX, time, digits(snapshot));
    }

    /** When the snapshot with this name was begun, in milliseconds since 1970-01-01 UTC; empty if no snapshot is named so. */
    public static Optional<Long> timeOf(String object) {
        Matcher name = OBJECT.matcher(object);
        return name.matches() ? Optional.of(Long.parseLong(name.group(1))) : Optional.empty();
    }

    /** Whether a chunk is named so. */
    public static boolean isChunk(String object) {
        return CHUNK.matcher(object).matches();
    }

    /** Whether an object holds what its name says. */
    public static boolean isWhole(String object, byte[] snapshot) {
        return timeOf(object).isPresent() && object.endsWith("-" + digits(snapshot));
    }

    /**
     * Reads what a snapshot begins with.
     *
     * @throws StrongroomException CORRUPT if it is no label
     */
    public static SnapshotLabel decode(byte[] snapshot) {
        ByteBuffer in = ByteBuffer.wrap(snapshot);
        try {
            if (in.getInt() != MAGIC || in.getInt() != VERSION_AND_RESERVED) {
                throw corrupt();
            }
            UUID installation = SealedHeader.uuid(in);
            long time = in.getLong();
            int count = in.getInt();
            if (count < 0 || count > in.remaining() / TAG) {
                throw corrupt();
            }
            List<Tag16> chunks = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                byte[] tag = new byte[TAG];
                in.get(tag);
                chunks.add(new Tag16(tag));
            }
            return new SnapshotLabel(installation, time, chunks);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static String digits(byte[] bytes) {
        return Sha256.of(bytes).toString().substring(0, DIGITS);
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not a version 1 snapshot");
    }
}
