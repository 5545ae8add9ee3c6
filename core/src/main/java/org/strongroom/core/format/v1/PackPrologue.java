package org.strongroom.core.format.v1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The first bytes of a pack: which pack it is, and whose (format.md §4). Immutable.
 *
 * @param members how many sealed files it holds, 1 to {@link PackIndex#MAX_MEMBERS}
 */
public record PackPrologue(UUID pack, UUID installation, UUID tenant, UUID key, int members) {
    /** Bytes of {@link #encode}. */
    public static final int SIZE = 76;

    private static final int MAGIC = 0x53545250; // "STRP"
    private static final byte VERSION = 1;

    public PackPrologue {
        Objects.requireNonNull(pack, "pack");
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(key, "key");
        if (members < 1 || members > PackIndex.MAX_MEMBERS) {
            throw new IllegalArgumentException("a pack of " + members + " members");
        }
    }

    /** The name of the pack's object in every tier. */
    public static String objectName(UUID pack) {
        ByteBuffer id = ByteBuffer.allocate(16);
        SealedHeader.put(id, pack);
        return "packs/" + HexFormat.of().formatHex(id.array());
    }

    /** The bytes of format.md §4. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putInt(MAGIC).put(VERSION).put((byte) 0).putShort((short) SIZE);
        SealedHeader.put(out, pack);
        SealedHeader.put(out, installation);
        SealedHeader.put(out, tenant);
        SealedHeader.put(out, key);
        out.putInt(members);
        return out.array();
    }

    /**
     * Reads a prologue; only what {@link #encode} writes is accepted.
     *
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of one
     */
    public static PackPrologue decode(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw corrupt().with("length", bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            in.position(8);
            PackPrologue prologue = new PackPrologue(
                    SealedHeader.uuid(in),
                    SealedHeader.uuid(in),
                    SealedHeader.uuid(in),
                    SealedHeader.uuid(in),
                    in.getInt());
            if (!Arrays.equals(prologue.encode(), bytes)) {
                throw corrupt();
            }
            return prologue;
        } catch (IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not the prologue of a version 1 pack");
    }
}
