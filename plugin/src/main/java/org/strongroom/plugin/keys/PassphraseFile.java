package org.strongroom.plugin.keys;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.argon2.Argon2id;
import org.strongroom.plugin.credential.SecretFile;

/** The root key by Argon2id (RFC 9106) from the first line of a file, without its line end. Thread-safe. */
final class PassphraseFile implements KeySource {
    static final String KIND = "passphrase";
    private static final String SETTING = "RootKey.PassphraseFile";
    private static final int SALT = 16;
    /** RFC 9106 §4, second recommended option. */
    private static final int MEMORY_KIB = 64 * 1024;

    private static final int ITERATIONS = 3;

    private final Path file;

    PassphraseFile(Path file) {
        this.file = file;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public RootParameters newParameters(SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return RootParameters.argon2(KIND, Base64.getEncoder().encodeToString(salt), MEMORY_KIB, ITERATIONS);
    }

    @Override
    public Key32 rootKey(RootParameters parameters) {
        parameters.requireKind(KIND);
        if (parameters.saltBytes().length < 8 || parameters.memoryKib() < 8 || parameters.iterations() < 1) {
            throw StrongroomException.of(FailureKind.REFUSED, "the keyring was not made with a passphrase")
                    .cure("Bring keyring/root.json back from a backup of Home, or from a tier's installation/root-…");
        }
        byte[] passphrase = SecretFile.firstLine(SETTING, file);
        byte[] raw = new byte[0];
        try {
            raw = new Argon2id(parameters.memoryKib(), parameters.iterations(), 1)
                    .hash(passphrase, parameters.saltBytes(), Key32.SIZE);
            return Key32.of(raw);
        } finally {
            Arrays.fill(passphrase, (byte) 0);
            Arrays.fill(raw, (byte) 0);
        }
    }
}
