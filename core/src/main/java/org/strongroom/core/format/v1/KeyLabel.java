package org.strongroom.core.format.v1;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/**
 * The clear part of a key record (format.md §5.1): which key it is, and nothing that opens anything. Every bit of it is bound
 * into the wrapping of the payload. Immutable.
 *
 * @param kind what the payload holds
 * @param installation the installation that made it
 * @param tenant random id of the tenant
 * @param id random id of the key, never used again; a tenant record's id is its tenant
 * @param epoch of the tenant key: the one wrapped here, or the one that wraps this record
 * @param ownerTag keyed hash of patient and study (§5.3); {@link Tag16#NONE} unless the kind is STUDY
 * @param created milliseconds since 1970-01-01 UTC
 * @param payloadSize bytes that follow
 */
public record KeyLabel(
        KeyKind kind,
        UUID installation,
        UUID tenant,
        UUID id,
        int epoch,
        Tag16 ownerTag,
        long created,
        int payloadSize) {
    /** Bytes of {@link #encode}. */
    public static final int SIZE = 84;
    /** Where installation, tenant and record id are in it, which stay when the tenant gets another key. */
    public static final int IDS = 8;
    /** Bytes of these. */
    public static final int IDS_SIZE = 48;
    /** A record's length is a 16-bit number. */
    public static final int MAX_PAYLOAD = 0xFFFF - SIZE;

    static final int MAGIC = 0x5354524B; // "STRK"
    private static final byte VERSION = 1;
    /** What every record starts with. */
    static final byte[] START = {'S', 'T', 'R', 'K', VERSION};

    private static final byte[] WRAP = "wrap/v1".getBytes(StandardCharsets.US_ASCII);

    public KeyLabel {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(ownerTag, "ownerTag");
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch " + epoch);
        }
        if (created < 0) {
            throw new IllegalArgumentException("created " + created);
        }
        if (payloadSize < 1 || payloadSize > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload of " + payloadSize + " bytes");
        }
        if (id.equals(tenant) != (kind == KeyKind.TENANT)) {
            throw new IllegalArgumentException("a tenant record, and no other, has its tenant's id");
        }
        if (ownerTag.equals(Tag16.NONE) == (kind == KeyKind.STUDY)) {
            throw new IllegalArgumentException("a study record, and no other, has an owner tag");
        }
    }

    /** Bytes of the whole record. */
    public int recordSize() {
        return SIZE + payloadSize;
    }

    /** The clear bytes. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putInt(MAGIC).put(VERSION).put((byte) kind.code()).putShort((short) recordSize());
        SealedHeader.put(out, installation);
        SealedHeader.put(out, tenant);
        SealedHeader.put(out, id);
        return out.putInt(epoch).put(ownerTag.toBytes()).putLong(created).array();
    }

    /** What every wrap of the payload is bound to: the context of Cobblestone-256, the {@code info} of HPKE. */
    public byte[] wrapContext() {
        return ByteBuffer.allocate(WRAP.length + SIZE).put(WRAP).put(encode()).array();
    }

    /** Reads {@link #SIZE} bytes; what a writer cannot write is an {@link IllegalArgumentException}. */
    static KeyLabel get(ByteBuffer in) {
        if (in.getInt() != MAGIC) {
            throw new IllegalArgumentException("not a key record");
        }
        if (in.get() != VERSION) {
            throw new IllegalArgumentException("unknown key record version");
        }
        KeyKind kind = KeyKind.of(in.get());
        int length = Short.toUnsignedInt(in.getShort());
        UUID installation = SealedHeader.uuid(in);
        UUID tenant = SealedHeader.uuid(in);
        UUID id = SealedHeader.uuid(in);
        int epoch = in.getInt();
        byte[] tag = new byte[16];
        in.get(tag);
        return new KeyLabel(kind, installation, tenant, id, epoch, new Tag16(tag), in.getLong(), length - SIZE);
    }
}
