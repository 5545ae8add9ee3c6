package org.strongroom.sidecar.search;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;

/** Which of a block's entries have a term, as bytes: two for each of a few, one bit for each entry of the block if there are more. Stateless. */
final class Postings {
    /** Entries of a block. */
    static final int BLOCK = 8192;

    private static final int BITMAP = BLOCK / Byte.SIZE;

    private Postings() {}

    static byte[] encode(BitSet entries) {
        int size = entries.cardinality() * Short.BYTES;
        if (size >= BITMAP) {
            return Arrays.copyOf(entries.toByteArray(), BITMAP);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        entries.stream().forEach(entry -> out.putShort((short) entry));
        return out.array();
    }

    /** @throws SQLException if these are none: the file is damaged */
    static BitSet decode(byte[] bytes) throws SQLException {
        if (bytes.length == BITMAP) {
            return BitSet.valueOf(bytes);
        }
        if (bytes.length > BITMAP || bytes.length % Short.BYTES != 0) {
            throw damaged();
        }
        BitSet entries = new BitSet(BLOCK);
        for (ByteBuffer in = ByteBuffer.wrap(bytes); in.hasRemaining(); ) {
            int entry = in.getShort();
            if (entry < 0 || entry >= BLOCK) {
                throw damaged();
            }
            entries.set(entry);
        }
        return entries;
    }

    private static SQLException damaged() {
        return new SQLException("not postings");
    }
}
