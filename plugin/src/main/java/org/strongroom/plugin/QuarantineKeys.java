package org.strongroom.plugin;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.storage.SealedStorage;
import org.strongroom.plugin.tenancy.StrayKeys;

/** Quarantine's keys, which its own hold is on, and those of tenants that a strange image was sealed under. Thread-safe. */
final class QuarantineKeys implements StrayKeys {
    private final SealedStorage storage;
    private final Keyring keyring;
    private final Holds holds;
    private final Journal journal;
    private final AuditTap audit;

    QuarantineKeys(SealedStorage storage, Keyring keyring, Holds holds, Journal journal, AuditTap audit) {
        this.storage = storage;
        this.keyring = keyring;
        this.holds = holds;
        this.journal = journal;
        this.audit = audit;
    }

    @Override
    public Optional<String> tenant(UUID attachment) throws IOException {
        return storage.plainReads().tenantOf(attachment);
    }

    boolean isQuarantined(UUID attachment) throws IOException {
        return tenant(attachment).filter(AccessSettings.QUARANTINE::equals).isPresent();
    }

    @Override
    public void keep(UUID attachment) throws IOException {
        Optional<UUID> key = storage.plainReads().keyOf(attachment);
        if (key.isPresent() && !isQuarantined(attachment)) {
            holds.keep(key.get(), "an image in it is read in two ways, and is out of Orthanc", journal, audit);
        }
    }

    @Override
    public void close(byte[] patientId, byte[] studyInstanceUid) throws IOException {
        Optional<UUID> key = keyring.findStudyKey(AccessSettings.QUARANTINE, patientId, studyInstanceUid);
        if (key.isPresent()) {
            journal.keyClosed(key.get());
            keyring.retire(key.get());
        }
    }
}
