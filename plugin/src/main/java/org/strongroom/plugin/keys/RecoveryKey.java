package org.strongroom.plugin.keys;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.TenantWraps;

/** Wraps to the recovery key with HPKE (RFC 9180; format.md §5.1). Thread-safe. */
final class RecoveryKey {
    private static final byte[] NO_DATA = new byte[0];

    private RecoveryKey() {}

    /** A new raw private key of 32 bytes; the caller wipes it. */
    static byte[] generate(SecureRandom random) {
        return new X25519PrivateKeyParameters(random).getEncoded();
    }

    /** Its raw public key, 32 bytes. */
    static byte[] publicKey(byte[] privateKey) {
        return new X25519PrivateKeyParameters(privateKey).generatePublicKey().getEncoded();
    }

    /** {@code enc ‖ ciphertext}. */
    static byte[] wrap(byte[] publicKey, byte[] info, byte[] secret) {
        try {
            HPKEContextWithEncapsulation sender = suite().setupBaseS(new X25519PublicKeyParameters(publicKey), info);
            byte[] enc = sender.getEncapsulation();
            byte[] ciphertext = sender.seal(NO_DATA, secret);
            byte[] all = Arrays.copyOf(enc, enc.length + ciphertext.length);
            System.arraycopy(ciphertext, 0, all, enc.length, ciphertext.length);
            return all;
        } catch (InvalidCipherTextException e) {
            throw StrongroomException.of(FailureKind.BUG, "HPKE refused to seal")
                    .causedBy(e);
        }
    }

    private static HPKE suite() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    /**
     * Opens {@link #wrap}.
     *
     * @throws StrongroomException CORRUPT if it was wrapped to another key, or for another place
     */
    static byte[] unwrap(byte[] privateKey, byte[] info, byte[] wrapped) {
        X25519PrivateKeyParameters secret = new X25519PrivateKeyParameters(privateKey);
        if (wrapped.length < TenantWraps.HPKE_ENC) {
            throw StrongroomException.of(FailureKind.CORRUPT, "not what was wrapped to a recovery key");
        }
        byte[] enc = Arrays.copyOf(wrapped, TenantWraps.HPKE_ENC);
        byte[] ciphertext = Arrays.copyOfRange(wrapped, TenantWraps.HPKE_ENC, wrapped.length);
        try {
            return suite().setupBaseR(enc, new AsymmetricCipherKeyPair(secret.generatePublicKey(), secret), info)
                    .open(NO_DATA, ciphertext);
        } catch (InvalidCipherTextException | IllegalStateException e) { // the latter: no point of the curve
            throw StrongroomException.of(FailureKind.CORRUPT, "a key was wrapped to another recovery key")
                    .causedBy(e);
        }
    }
}
