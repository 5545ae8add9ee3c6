package org.strongroom.plugin.keys;

import java.security.SecureRandom;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.strongroom.core.secret.Key32;

/** The Ed25519 key that signs the journal's head (format.md §6). Thread-safe. */
final class JournalKey {
    private final Ed25519PrivateKeyParameters key;

    private JournalKey(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    static JournalKey generate(SecureRandom random) {
        return new JournalKey(new Ed25519PrivateKeyParameters(random));
    }

    static JournalKey of(byte[] raw) {
        if (raw.length != Key32.SIZE) {
            throw new IllegalArgumentException("journal key of " + raw.length + " bytes");
        }
        return new JournalKey(new Ed25519PrivateKeyParameters(raw));
    }

    /** Raw private key; the caller wipes it. */
    byte[] encode() {
        return key.getEncoded();
    }

    byte[] publicKey() {
        return key.generatePublicKey().getEncoded();
    }

    byte[] sign(byte[] message) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return signer.generateSignature();
    }
}
