package org.strongroom.core.secret;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * A secret key of 256 bits. Prints as {@code ***}, compares in constant time, can be wiped. Safe for use by several
 * threads as long as none of them destroys it; after {@link #destroy} every use is an {@link IllegalStateException}.
 */
public final class Key32 implements Destroyable {
    /** Bytes of a key. */
    public static final int SIZE = 32;

    private final byte[] bytes;
    private volatile boolean destroyed;

    private Key32(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A copy of these 32 bytes; the caller may wipe its own.
     *
     * @throws IllegalArgumentException if there are not exactly 32
     */
    public static Key32 of(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + bytes.length);
        }
        return new Key32(bytes.clone());
    }

    /** A new key. */
    public static Key32 random(SecureRandom random) {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        return new Key32(bytes);
    }

    /** A copy of the bytes, for the moment of use; the caller wipes it. */
    public byte[] toBytes() {
        if (destroyed) {
            throw new IllegalStateException("the key has been destroyed");
        }
        return bytes.clone();
    }

    /** Overwrites the bytes held here. */
    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** Whether both hold the same bytes, in constant time; a destroyed key equals nothing but itself. */
    @Override
    public boolean equals(Object other) {
        if (other == this) {
            return true;
        }
        return other instanceof Key32 key && !destroyed && !key.destroyed && MessageDigest.isEqual(bytes, key.bytes);
    }

    /** The same for all keys: a hash of the bytes would tell something about them. */
    @Override
    public int hashCode() {
        return SIZE;
    }

    @Override
    public String toString() {
        return "***";
    }
}
