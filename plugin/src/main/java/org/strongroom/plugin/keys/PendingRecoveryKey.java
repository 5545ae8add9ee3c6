package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;

/**
 * The recovery private key, for as long as no kit was shown to hold it: in the keyring, sealed under the root key (format.md
 * §5.2). Stateless.
 */
public final class PendingRecoveryKey {
    private PendingRecoveryKey() {}

    /**
     * The key; the caller destroys it. Empty if it is in a kit only.
     *
     * @throws StrongroomException REFUSED if the root key is another one; CORRUPT if it is not the key of this installation
     */
    public static Optional<Key32> open(Home home, Installation installation, KeySource source) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        if (!Files.exists(files.recoveryPending())) {
            return Optional.empty();
        }
        Key32 root = source.rootKey(RootParameters.read(files.root()));
        try {
            if (Tenants.open(files, installation.id(), root).isEmpty()) {
                throw files.notOpened();
            }
            return Optional.of(unseal(files, installation, root));
        } finally {
            root.destroy();
        }
    }

    private static Key32 unseal(KeyringFiles files, Installation installation, Key32 root) throws IOException {
        byte[] plain;
        try {
            plain = Cobblestone.open(
                    root, KeyringFiles.recoveryContext(installation.id()), files.read(files.recoveryPending()));
        } catch (StrongroomException e) {
            throw files.damaged(files.recoveryPending()).causedBy(e);
        }
        try {
            Key32 key = Key32.of(plain);
            if (!isOf(installation, key)) {
                throw files.damaged(files.recoveryPending());
            }
            return key;
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Whether {@code key} is the private key of an installation's recovery key. */
    public static boolean isOf(Installation installation, Key32 key) {
        byte[] secret = key.toBytes();
        try {
            return Arrays.equals(RecoveryKey.publicKey(secret), installation.recoveryKey());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** From now on only kits hold it. Whether it was still here. */
    public static boolean forget(Home home) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        // A change of the root key that was interrupted, or goes on, would bring it back.
        Files.deleteIfExists(new KeyringFiles(files.undecided()).recoveryPending());
        Files.deleteIfExists(new KeyringFiles(files.next()).recoveryPending());
        boolean was = Files.deleteIfExists(files.recoveryPending());
        DurableFiles.fsyncDirectory(files.folder());
        return was;
    }
}
