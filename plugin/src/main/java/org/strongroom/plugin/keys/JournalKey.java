package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
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

    /** Empty if the root key does not open it. */
    static Optional<JournalKey> open(KeyringFiles files, UUID installation, Key32 root) throws IOException {
        byte[] sealed;
        try {
            sealed = files.read(files.journalKey());
        } catch (StrongroomException e) {
            return Optional.empty();
        }
        return open(sealed, installation, root);
    }

    /** The same of its copy in a tier. */
    static Optional<JournalKey> open(byte[] sealed, UUID installation, Key32 root) {
        byte[] raw;
        try {
            raw = Cobblestone.open(root, KeyringFiles.journalKeyContext(installation), sealed);
        } catch (StrongroomException e) {
            return Optional.empty();
        }
        try {
            return raw.length == Key32.SIZE
                    ? Optional.of(new JournalKey(new Ed25519PrivateKeyParameters(raw)))
                    : Optional.empty();
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    void write(KeyringFiles files, UUID installation, Key32 root) throws IOException {
        byte[] raw = key.getEncoded();
        try {
            files.seal(files.journalKey(), root, KeyringFiles.journalKeyContext(installation), raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** Writes it for whoever has the recovery kit and no root key, unless that was done. */
    void keepForRecovery(KeyringFiles files, Installation installation) throws IOException {
        if (Files.exists(files.journalRecoveryKey())) {
            return;
        }
        byte[] raw = key.getEncoded();
        try {
            byte[] context = KeyringFiles.journalRecoveryContext(installation.id());
            DurableFiles.replace(
                    files.journalRecoveryKey(), RecoveryKey.wrap(installation.recoveryKey(), context, raw));
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    /** Opens what {@link #keepForRecovery} wrote; empty if it is another's. */
    static Optional<JournalKey> recover(byte[] wrapped, UUID installation, Key32 recoveryKey) {
        byte[] secret = recoveryKey.toBytes();
        byte[] raw = new byte[0];
        try {
            raw = RecoveryKey.unwrap(secret, KeyringFiles.journalRecoveryContext(installation), wrapped);
            return raw.length == Key32.SIZE
                    ? Optional.of(new JournalKey(new Ed25519PrivateKeyParameters(raw)))
                    : Optional.empty();
        } catch (StrongroomException e) {
            return Optional.empty();
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(raw, (byte) 0);
        }
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
