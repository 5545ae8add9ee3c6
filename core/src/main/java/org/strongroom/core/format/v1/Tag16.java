package org.strongroom.core.format.v1;

import java.util.Arrays;
import java.util.HexFormat;

/** Sixteen bytes of a keyed hash: tells equal from different, and nothing else. Immutable. */
public final class Tag16 {
    /** No tag. */
    public static final Tag16 NONE = new Tag16(new byte[16]);

    private final byte[] bytes;

    public Tag16(byte[] bytes) {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("a tag has 16 bytes, not " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tag16 tag && Arrays.equals(bytes, tag.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
