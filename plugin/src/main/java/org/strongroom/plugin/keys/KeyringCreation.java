package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.Settings;

/** Makes and writes the keys of a new installation; {@code installation.json} comes last and makes them count. */
final class KeyringCreation {

    private final Home home;
    private final KeyringFiles files;
    private final SecureRandom random;

    KeyringCreation(Home home, KeyringFiles files, SecureRandom random) {
        this.home = home;
        this.files = files;
        this.random = random;
    }

    /**
     * Whoever lost only {@code installation.json} must not lose the keys as well.
     *
     * @throws StrongroomException REFUSED if there is a keyring that may have sealed something
     */
    void requireUnused() throws IOException {
        if (Files.exists(home.installation()) || files.segments() > 0) {
            throw StrongroomException.of(FailureKind.REFUSED, "Home has a keyring already: it is never overwritten")
                    .with("keyring", files.folder())
                    .cure("Bring installation.json of this Home back from a backup");
        }
    }

    Installation write(RootParameters parameters, Key32 root, UUID installation, Instant now) throws IOException {
        DurableFiles.createDirectories(files.folder());
        clearTenants();
        parameters.write(files.root());
        byte[] recoveryKey = RecoveryKey.generate(random);
        byte[] recoveryPublicKey = RecoveryKey.publicKey(recoveryKey);
        try {
            files.seal(files.recoveryPending(), root, KeyringFiles.recoveryContext(installation), recoveryKey);
        } finally {
            Arrays.fill(recoveryKey, (byte) 0);
        }
        JournalKey journalKey = JournalKey.generate(random);
        journalKey.write(files, installation, root);
        Tenant.create(files, installation, Settings.FIRST_TENANT, root, recoveryPublicKey, now.toEpochMilli(), random);
        Installation made = new Installation(installation, now, recoveryPublicKey, journalKey.publicKey());
        journalKey.keepForRecovery(files, made);
        made.write(home.installation());
        return made;
    }

    /** What an interrupted creation left behind has sealed nothing. */
    private void clearTenants() throws IOException {
        if (Files.isDirectory(files.tenants())) {
            try (DirectoryStream<Path> old = Files.newDirectoryStream(files.tenants())) {
                for (Path record : old) {
                    Files.delete(record);
                }
            }
        }
    }
}
