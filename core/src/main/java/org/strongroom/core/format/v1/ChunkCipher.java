package org.strongroom.core.format.v1;

/**
 * AES-256-GCM of single chunks under one key (format.md §2; RFC 5116, AEAD_AES_256_GCM): a nonce of 12 bytes, no associated data, and 16 bytes of
 * tag after what is sealed. At most {@link Cobblestone#CHUNK_PLAIN} plain bytes. Obligations: safe for several threads; holds the key no longer than it
 * lives itself.
 */
public interface ChunkCipher {
    /** Bytes of a tag. */
    int TAG_SIZE = 16;

    /**
     * Seals {@code length} bytes.
     *
     * @param sealed another array; gets {@code length} and the tag's bytes from its beginning
     */
    void seal(byte[] nonce, byte[] plain, int offset, int length, byte[] sealed);

    /**
     * Opens {@code length} bytes, of which the last ones are the tag: at least as many as that has.
     *
     * @param plain another array; gets {@code length} less the tag's from {@code plainOffset} on
     * @return false if a bit is wrong; what the array then holds there is undefined
     */
    boolean open(byte[] nonce, byte[] sealed, int offset, int length, byte[] plain, int plainOffset);

    /** Whoever makes one for a message. Obligations: safe for several threads. */
    @FunctionalInterface
    interface Maker {
        /** @param key 32 bytes, which are not changed any more */
        ChunkCipher under(byte[] key);
    }
}
