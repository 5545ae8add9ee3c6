package org.strongroom.plugin.keys;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;

/** Opens a Home's keyring with its root key, which is destroyed behind it. Stateless. */
final class KeyringOpening {
    private KeyringOpening() {}

    /** As {@link Keyring#create}. */
    static Keyring create(Home home, KeySource source, UUID installation, Clock clock) throws IOException {
        SecureRandom random = new SecureRandom();
        KeyringCreation creation = new KeyringCreation(home, new KeyringFiles(home), random);
        creation.requireUnused();
        RootParameters parameters = source.newParameters(random);
        Key32 root = source.rootKey(parameters);
        try {
            Installation made = creation.write(parameters, root, installation, clock.instant());
            return open(made, home, root, clock, Set.of(), true);
        } finally {
            root.destroy();
        }
    }

    /**
     * Opens it.
     *
     * @param names of tenants that get keys if they have none
     * @param writer whether new keys are made with it, and what was interrupted is finished
     */
    static Keyring open(Home home, KeySource source, Clock clock, Set<String> names, boolean writer)
            throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Installation installation = Installation.read(home.installation())
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "Home has no keys")
                        .with("Strongroom.Home", home.root())
                        .cure("Start Orthanc with Strongroom once, or correct Strongroom.Home"));
        if (RootChange.isPending(files)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a change of the root key was interrupted")
                    .with("keyring", files.folder())
                    .cure("Start Orthanc, or run strongroom key rotate --root again: either finishes it");
        }
        Key32 root = source.rootKey(RootParameters.read(files.root()));
        try {
            return open(installation, home, root, clock, names, writer);
        } finally {
            root.destroy();
        }
    }

    private static Keyring open(
            Installation installation, Home home, Key32 root, Clock clock, Set<String> names, boolean writer)
            throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Tenants tenants = tenants(installation, files, root);
        JournalKey journalKey = JournalKey.open(files, installation.id(), root).orElseThrow();
        if (writer) {
            // Also of a keyring that was made again of bundles of several times.
            tenants = new TenantRewrap(home, tenants, RootChange.Steps.UNSEEN, done -> {}).finish();
        }
        KeyRecords records =
                writer ? KeyRecords.open(files, installation.id()) : KeyRecords.read(files, installation.id());
        Tenants all = tenants.with(names, files, installation, root, clock.millis(), new SecureRandom());
        if (writer) { // who only reads may be another user, or have a Home that takes nothing
            all.ids().add(home.tenantIds());
        }
        return new Keyring(installation, files, all, journalKey, records, clock);
    }

    /**
     * The tenants, opened, of a keyring that is whole.
     *
     * @throws StrongroomException REFUSED if the root key opens nothing; CORRUPT if it opens a part
     */
    static Tenants tenants(Installation installation, KeyringFiles files, Key32 root) throws IOException {
        Optional<Tenants> tenants = Tenants.open(files, installation.id(), root);
        Optional<JournalKey> journalKey = JournalKey.open(files, installation.id(), root);
        if (tenants.isEmpty() && journalKey.isEmpty()) {
            throw files.notOpened();
        }
        // The root key opened one of the two, so the other one is damaged.
        if (tenants.isEmpty()) {
            throw files.damaged(files.tenants());
        }
        if (journalKey.isEmpty() || !Arrays.equals(journalKey.get().publicKey(), installation.journalKey())) {
            throw files.damaged(files.journalKey());
        }
        return tenants.get();
    }
}
