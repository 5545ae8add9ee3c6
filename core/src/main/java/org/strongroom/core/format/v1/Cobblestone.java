package org.strongroom.core.format.v1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;

/**
 * Cobblestone-256 (c2sp.org/chunked-encryption; format.md §2): sizes and positions of a message, and sealing and opening of
 * small ones. Large ones: {@link CobblestoneSealer}, {@link CobblestoneReader}. Thread-safe.
 */
public final class Cobblestone {
    /** Plain bytes of every chunk but the last. */
    public static final int CHUNK_PLAIN = 16 * 1024;
    /** Sealed bytes of every chunk but the last. */
    public static final int CHUNK_SEALED = CHUNK_PLAIN + 16;
    /** Salt (24) and commitment (32) before the first chunk. */
    public static final int PREFIX = 24 + 32;

    static final int SALT_SIZE = 24;
    static final int COMMITMENT_SIZE = 32;
    static final Charset ASCII = StandardCharsets.US_ASCII;

    private static final int WARM_UP_CHUNKS = 512;

    private static volatile ChunkCipher.Maker ciphers = JavaChunkCipher::new;

    private Cobblestone() {}

    /** Bytes of the message that holds {@code plain} bytes: the last chunk is always short, and may be empty. */
    public static long messageSize(long plain) {
        return PREFIX + plain + 16 * (plain / CHUNK_PLAIN + 1);
    }

    /**
     * Plain bytes in a message of {@code message} bytes.
     *
     * @throws StrongroomException CORRUPT if no message has that size
     */
    public static long plainSize(long message) {
        long sealed = message - PREFIX;
        long last = sealed % CHUNK_SEALED;
        if (sealed < 0 || last < ChunkCipher.TAG_SIZE) {
            throw StrongroomException.of(FailureKind.CORRUPT, "sealed message has an impossible length")
                    .with("length", message);
        }
        return sealed / CHUNK_SEALED * CHUNK_PLAIN + last - ChunkCipher.TAG_SIZE;
    }

    /** Where chunk {@code chunk} starts in its message. */
    public static long chunkPosition(long chunk) {
        return PREFIX + chunk * CHUNK_SEALED;
    }

    /** A message of {@code plain} under a fresh salt. */
    public static byte[] seal(Key32 key, byte[] context, byte[] plain) {
        return seal(key, context, plain, new SecureRandom());
    }

    /** A message of {@code plain} whose salt is taken from {@code random}. */
    public static byte[] seal(Key32 key, byte[] context, byte[] plain, SecureRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(messageSize(plain.length)));
        try {
            CobblestoneSealer sealer = CobblestoneSealer.begin(key, context, random, out);
            sealer.write(plain, 0, plain.length);
            sealer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * The plain bytes of a whole message.
     *
     * @throws StrongroomException CORRUPT if key, context and message do not belong together or a bit is wrong
     */
    public static byte[] open(Key32 key, byte[] context, byte[] message) {
        try {
            CobblestoneReader reader = CobblestoneReader.open(key, context, ByteSource.of(message));
            return reader.read(0, Math.toIntExact(reader.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@link #seal(Key32, byte[], byte[])} with the key's 32 bytes. */
    public static byte[] seal(byte[] key, byte[] context, byte[] plain) {
        Key32 copy = Key32.of(key);
        try {
            return seal(copy, context, plain);
        } finally {
            copy.destroy();
        }
    }

    /** {@link #open(Key32, byte[], byte[])} with the key's 32 bytes. */
    public static byte[] open(byte[] key, byte[] context, byte[] message) {
        Key32 copy = Key32.of(key);
        try {
            return open(copy, context, message);
        } finally {
            copy.destroy();
        }
    }

    /**
     * Seals and opens some data so that the JIT compiles Java's AES-GCM before the first image waits for it; and proves at start-up that this
     * machine can do it at all. Takes most of a second of one core, or, where others do it, some milliseconds.
     */
    public static void warmUp() {
        SecureRandom random = new SecureRandom();
        Key32 key = Key32.random(random);
        byte[] context = "warm-up".getBytes(ASCII);
        byte[] plain = new byte[64 * CHUNK_PLAIN];
        for (int done = 0; done < WARM_UP_CHUNKS; done += 64) {
            byte[] message = seal(key, context, plain, random);
            if (!Arrays.equals(plain, open(key, context, message))) {
                throw StrongroomException.of(FailureKind.BUG, "AES-GCM of this machine does not return what it sealed");
            }
        }
    }

    /** From now on chunks are sealed and opened by these; until somebody calls it, by Java. */
    public static void use(ChunkCipher.Maker others) {
        ciphers = others;
    }

    static ChunkCipher cipher(MessageKeys keys) {
        return ciphers.under(keys.key());
    }
}
