package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Key records as they travel to a tier (format.md §5.4): tenant records first, then those of one segment. Immutable.
 *
 * @param installation whose records these are, all of them
 * @param records at least one
 */
public record KeyBundle(UUID installation, List<KeyRecord> records) {
    /** What the names of all bundles in a tier begin with. */
    public static final String PREFIX = "keys/";

    private static final int MAGIC = 0x53545242; // "STRB"
    private static final int VERSION_AND_RESERVED = 0x01000000;
    private static final int FIXED = 4 + 4 + 16 + 4;

    public KeyBundle {
        Objects.requireNonNull(installation, "installation");
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a bundle of no records");
        }
        boolean tenants = true;
        for (KeyRecord record : records) {
            boolean tenant = record.label().kind() == KeyKind.TENANT;
            if (!record.label().installation().equals(installation)) {
                throw new IllegalArgumentException("a record of another installation");
            }
            if (tenant && !tenants) {
                throw new IllegalArgumentException("a tenant record after another");
            }
            tenants = tenant;
        }
    }

    /** What the names of one segment's bundles in a tier begin with. */
    public static String prefix(int segment) {
        return String.format(Locale.ROOT, PREFIX + "%08d-", segment);
    }

    /** The bytes of format.md §5.4. */
    public byte[] encode() {
        int length = FIXED + records.stream().mapToInt(KeyRecord::size).sum();
        ByteBuffer out = ByteBuffer.allocate(length + Sha256.SIZE);
        out.putInt(MAGIC).putInt(VERSION_AND_RESERVED);
        SealedHeader.put(out, installation);
        out.putInt(records.size());
        records.forEach(record -> out.put(record.encode()));
        return out.put(Sha256.of(Arrays.copyOf(out.array(), length)).toBytes()).array();
    }

    /** What a journal entry says of this bundle (format.md §6, type 4): the digest of all its bytes. */
    public Sha256 digest() {
        return Sha256.of(encode());
    }

    /**
     * Reads a bundle; only what {@link #encode} writes is accepted.
     *
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of one
     */
    public static KeyBundle decode(byte[] bytes) {
        int length = bytes.length - Sha256.SIZE;
        if (length < FIXED
                || !Arrays.equals(
                        Sha256.of(Arrays.copyOf(bytes, length)).toBytes(),
                        Arrays.copyOfRange(bytes, length, bytes.length))) {
            throw corrupt();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        try {
            if (in.getInt() != MAGIC || in.getInt() != VERSION_AND_RESERVED) {
                throw corrupt();
            }
            UUID installation = SealedHeader.uuid(in);
            int count = in.getInt();
            List<KeyRecord> records = new ArrayList<>();
            while (in.hasRemaining()) {
                records.add(KeyRecord.get(in));
            }
            if (records.size() != count) {
                throw corrupt();
            }
            return new KeyBundle(installation, records);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not a version 1 key bundle");
    }
}
