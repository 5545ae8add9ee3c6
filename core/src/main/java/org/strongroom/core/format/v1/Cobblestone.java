package org.strongroom.core.format.v1;

/** Cobblestone-256 (c2sp.org/chunked-encryption; format.md §2): sizes and positions of a message. */
public final class Cobblestone {
    /** Plain bytes of every chunk but the last. */
    public static final int CHUNK_PLAIN = 16 * 1024;
    /** Sealed bytes of every chunk but the last. */
    public static final int CHUNK_SEALED = CHUNK_PLAIN + 16;
    /** Salt (24) and commitment (32) before the first chunk. */
    public static final int PREFIX = 24 + 32;

    private Cobblestone() {}

    /** Bytes of the message that holds {@code plain} bytes: the last chunk is always short, and may be empty. */
    public static long messageSize(long plain) {
        return PREFIX + plain + 16 * (plain / CHUNK_PLAIN + 1);
    }
}
