package org.strongroom.plugin.seal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.ChunkCipher;
import org.strongroom.core.format.v1.Cobblestone;

/**
 * {@link ChunkCipher} by the OpenSSL of this machine: at full speed from the first image on, where Java's own takes thousands of chunks to get
 * there. Several threads do not wait for each other.
 */
public final class OpenSslChunks implements ChunkCipher {
    private static final Logger LOG = System.getLogger(OpenSslChunks.class.getName());
    private static final int KEY_SIZE = 32;
    private static final int NONCE_SIZE = 12;
    /** With those of cipher.c. */
    private static final int DONE = 1;

    private static final int WRONG = 0;

    private static boolean loaded;

    private final byte[] key;

    OpenSslChunks(byte[] key) {
        if (key.length != KEY_SIZE) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        this.key = key;
    }

    /**
     * From now on messages are sealed and opened by OpenSSL, if this machine has one; else by Java, with the same result.
     *
     * @param library our own, which looks for it
     * @return whether there is one
     * @throws UnsatisfiedLinkError if the library is not for this machine
     */
    public static synchronized boolean load(Path library) {
        if (!loaded) {
            System.load(library.toString());
            loaded = find();
            if (loaded) {
                Cobblestone.use(OpenSslChunks::new);
            }
            if (!loaded) {
                LOG.log(
                        Level.WARNING,
                        "This machine has no OpenSSL that encrypts by AES-256-GCM: Java does it, much more slowly. Install"
                                + " libssl3, or permit that cipher");
            }
        }
        return loaded;
    }

    /** Whether this process seals and opens by OpenSSL. */
    public static synchronized boolean isUsed() {
        return loaded;
    }

    @Override
    public void seal(byte[] nonce, byte[] plain, int offset, int length, byte[] sealed) {
        check(nonce, plain, offset, length);
        Objects.checkFromIndexSize(0, length + TAG_SIZE, sealed.length);
        if (crypt(true, key, nonce, plain, offset, length, sealed, 0) != DONE) {
            throw refused("seal");
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] sealed, int offset, int length, byte[] plain, int plainOffset) {
        check(nonce, sealed, offset, length);
        Objects.checkFromIndexSize(plainOffset, length - TAG_SIZE, plain.length);
        int answer = crypt(false, key, nonce, sealed, offset, length, plain, plainOffset);
        if (answer != DONE && answer != WRONG) {
            throw refused("open");
        }
        return answer == DONE;
    }

    private static void check(byte[] nonce, byte[] from, int offset, int length) {
        if (nonce.length != NONCE_SIZE) {
            throw new IllegalArgumentException("a nonce has 12 bytes, not " + nonce.length);
        }
        Objects.checkFromIndexSize(offset, length, from.length);
        if (length > Cobblestone.CHUNK_SEALED) {
            throw new IllegalArgumentException("a chunk has at most 16,400 bytes, not " + length);
        }
    }

    private static StrongroomException refused(String what) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "OpenSSL refused to " + what)
                .cure(
                        "Look whether this machine is short of memory, or its OpenSSL may not do AES-256-GCM (/etc/ssl/openssl.cnf)");
    }

    private static native boolean find();

    private static native int crypt(
            boolean seals, byte[] key, byte[] nonce, byte[] from, int offset, int length, byte[] to, int toOffset);
}
