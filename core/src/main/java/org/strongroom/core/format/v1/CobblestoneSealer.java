package org.strongroom.core.format.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Objects;
import org.strongroom.core.secret.Key32;

/**
 * Writes one Cobblestone-256 message (format.md §2) of any length with two chunks of memory. For one thread. There is no
 * {@code close}: only {@link #finish} ends a message, so one that was given up half-way never opens.
 */
public final class CobblestoneSealer {
    private final OutputStream out;
    private final MessageKeys keys;
    private final ChunkCipher cipher;
    private final byte[] pending = new byte[Cobblestone.CHUNK_PLAIN];
    private final byte[] sealed = new byte[Cobblestone.CHUNK_SEALED];
    private int pendingLength;
    private long chunk;
    private long size = Cobblestone.PREFIX;
    private boolean finished;

    private CobblestoneSealer(MessageKeys keys, OutputStream out) {
        this.keys = keys;
        this.cipher = Cobblestone.cipher(keys);
        this.out = out;
    }

    /**
     * Starts a message: salt and commitment are written at once.
     *
     * @param context bound to the message; the reader must give the same
     * @param random where the salt comes from
     * @param out receives the message; neither flushed nor closed here
     */
    public static CobblestoneSealer begin(Key32 key, byte[] context, SecureRandom random, OutputStream out)
            throws IOException {
        byte[] salt = new byte[Cobblestone.SALT_SIZE];
        random.nextBytes(salt);
        MessageKeys keys = MessageKeys.derive(key, salt, context);
        out.write(salt);
        out.write(keys.commitment());
        return new CobblestoneSealer(keys, out);
    }

    /** Adds plain bytes. */
    public void write(byte[] plain, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, plain.length);
        if (finished) {
            throw new IllegalStateException("the message is finished");
        }
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (pendingLength == 0 && end - at >= Cobblestone.CHUNK_PLAIN) {
                sealChunk(plain, at, Cobblestone.CHUNK_PLAIN);
                at += Cobblestone.CHUNK_PLAIN;
                continue;
            }
            int count = Math.min(end - at, Cobblestone.CHUNK_PLAIN - pendingLength);
            System.arraycopy(plain, at, pending, pendingLength, count);
            at += count;
            pendingLength += count;
            if (pendingLength == Cobblestone.CHUNK_PLAIN) {
                sealChunk(pending, 0, pendingLength);
                pendingLength = 0;
            }
        }
    }

    /** Writes the last chunk, which is always shorter than the others. */
    public void finish() throws IOException {
        if (finished) {
            throw new IllegalStateException("the message is finished");
        }
        finished = true;
        sealChunk(pending, 0, pendingLength);
    }

    /** Bytes of the message written so far. */
    public long size() {
        return size;
    }

    private void sealChunk(byte[] plain, int offset, int length) throws IOException {
        cipher.seal(keys.nonce(chunk++), plain, offset, length, sealed);
        out.write(sealed, 0, length + ChunkCipher.TAG_SIZE);
        size += length + ChunkCipher.TAG_SIZE;
    }
}
