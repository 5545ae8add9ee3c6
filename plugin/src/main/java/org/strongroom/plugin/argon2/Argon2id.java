package org.strongroom.plugin.argon2;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Argon2id (RFC 9106), version 0x13, without a secret and associated data: by its authors' library where Linux has it (Debian's package
 * libargon2-1), else by Bouncy Castle, which takes a JVM that has just started three times as long, and all of the memory in its heap.
 * Immutable, thread-safe.
 *
 * @param memoryKib at least 8 for each lane
 * @param passes at least one
 * @param lanes at least one
 */
public record Argon2id(int memoryKib, int passes, int lanes) {
    private static final int VERSION = 0x13;
    /** {@code Argon2_id} of argon2.h, as the next two. */
    private static final int TYPE = 2;

    private static final int NO_MEMORY = -22;
    private static final int NO_THREAD = -33;

    private static final Optional<Function> LIBRARY = library();

    private static Optional<Function> library() {
        try {
            return Optional.of(NativeLibrary.getInstance("libargon2.so.1").getFunction("argon2_hash"));
        } catch (LinkageError e) {
            return Optional.empty();
        }
    }

    /**
     * Whoever calls it wipes both.
     *
     * @param salt at least 8 bytes
     * @param size of the hash, in bytes, at least 4
     * @throws StrongroomException UNAVAILABLE if there is no memory for it
     */
    public byte[] hash(byte[] password, byte[] salt, int size) {
        return byItsAuthors(password, salt, size).orElseGet(() -> byBouncyCastle(password, salt, size));
    }

    byte[] byBouncyCastle(byte[] password, byte[] salt, int size) {
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .build());
        byte[] hash = new byte[size];
        argon2.generateBytes(password, hash);
        return hash;
    }

    /** Empty where its library is not. */
    Optional<byte[]> byItsAuthors(byte[] password, byte[] salt, int size) {
        return LIBRARY.map(argon2 -> by(argon2, password, salt, size));
    }

    private byte[] by(Function argon2, byte[] password, byte[] salt, int size) {
        // Memory of our own: what JNA copies an array into, it gives back as it is.
        try (Memory memory = new Memory((long) password.length + salt.length + size)) {
            Pointer saltAt = memory.share(password.length);
            Pointer hashAt = memory.share((long) password.length + salt.length);
            try {
                memory.write(0, password, 0, password.length);
                saltAt.write(0, salt, 0, salt.length);
                int failed = argon2.invokeInt(new Object[] {
                    passes,
                    memoryKib,
                    lanes,
                    memory,
                    (long) password.length,
                    saltAt,
                    (long) salt.length,
                    hashAt,
                    (long) size,
                    Pointer.NULL,
                    0L,
                    TYPE,
                    VERSION
                });
                if (failed != 0) {
                    throw failure(failed);
                }
                return hashAt.getByteArray(0, size);
            } finally {
                memory.clear();
            }
        }
    }

    private StrongroomException failure(int code) {
        StrongroomException failure = StrongroomException.of(
                        code == NO_MEMORY || code == NO_THREAD ? FailureKind.UNAVAILABLE : FailureKind.BUG,
                        "Argon2id cannot be computed")
                .with("libargon2", code)
                .with("KiB", memoryKib);
        return switch (code) {
            case NO_MEMORY -> failure.cure("Give the machine more memory");
            case NO_THREAD -> failure.cure("Raise the limit on threads");
            default -> failure;
        };
    }
}
