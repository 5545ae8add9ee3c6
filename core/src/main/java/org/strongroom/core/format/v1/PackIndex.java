package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What is where in a pack, in reading order (format.md §4). Immutable. */
public record PackIndex(List<PackMember> members) {
    /** So that an index fits a small heap; a larger study travels in several packs. */
    public static final int MAX_MEMBERS = 16_384;
    /** No index is longer than this. */
    public static final int MAX_SIZE = 8 + MAX_MEMBERS * (2 + SealedHeader.MAX_SIZE + 28 + 2 * Sha256.SIZE);

    private static final int MAGIC = 0x53545249; // "STRI"

    public PackIndex {
        members = List.copyOf(members);
        if (members.isEmpty() || members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException("an index of " + members.size() + " members");
        }
    }

    /** The bytes of format.md §4. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(
                8 + members.stream().mapToInt(PackMember::indexSize).sum());
        out.putInt(MAGIC).putInt(members.size());
        for (PackMember member : members) {
            byte[] header = member.header().encode();
            out.putShort((short) header.length).put(header);
            out.putLong(member.bodyOffset()).putLong(member.bodyLength());
            out.putLong(member.headOffset()).putInt(member.headLength());
            out.put(member.bodyDigest().toBytes()).put(member.headDigest().toBytes());
        }
        return out.array();
    }

    /**
     * Reads an index, without judging whether its offsets fit together: {@link PackLayout#decode} does.
     *
     * @throws StrongroomException CORRUPT if these are not exactly the bytes of one
     */
    static PackIndex decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.getInt() != MAGIC) {
                throw corrupt();
            }
            int count = in.getInt();
            if (count < 1 || count > MAX_MEMBERS) {
                throw corrupt().with("members", count);
            }
            List<PackMember> members = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                members.add(member(in));
            }
            if (in.hasRemaining()) {
                throw corrupt();
            }
            return new PackIndex(members);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static PackMember member(ByteBuffer in) {
        byte[] header = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(header);
        SealedHeader decoded = SealedHeader.decode(header);
        if (decoded.size() != header.length) {
            throw corrupt();
        }
        return new PackMember(decoded, in.getLong(), in.getLong(), in.getLong(), in.getInt(), digest(in), digest(in));
    }

    private static Sha256 digest(ByteBuffer in) {
        byte[] bytes = new byte[Sha256.SIZE];
        in.get(bytes);
        return new Sha256(bytes);
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not the index of a version 1 pack");
    }
}
