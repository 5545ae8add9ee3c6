package org.strongroom.plugin.keys;

import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.secret.Key32;

/** What the recovery private key and a bundle open, with no Home and no root key (format.md §5.4). Thread-safe. */
public final class RecoveredKeys {
    private final Key32 recoveryKey;
    private final UUID installation;

    public RecoveredKeys(Key32 recoveryKey, UUID installation) {
        this.recoveryKey = recoveryKey;
        this.installation = installation;
    }

    /**
     * The key with this id; empty if the bundle does not hold it.
     *
     * @throws StrongroomException CORRUPT if the bundle is another installation's, was wrapped to another recovery key, or does
     *     not open
     */
    public Optional<Key32> find(KeyBundle bundle, UUID key) {
        if (!bundle.installation().equals(installation)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle of another installation");
        }
        return bundle.records().stream()
                .filter(record ->
                        record.label().kind() == KeyKind.STUDY || record.label().kind() == KeyKind.ATTACHMENT)
                .filter(record -> record.label().id().equals(key))
                .findFirst()
                .map(record -> tenant(bundle, record).unwrap(record).key());
    }

    private Tenant tenant(KeyBundle bundle, KeyRecord study) {
        return bundle.records().stream()
                .filter(one -> one.label().kind() == KeyKind.TENANT)
                .filter(one -> one.label().id().equals(study.label().tenant())
                        && one.label().epoch() == study.label().epoch())
                .findFirst()
                .map(record -> Tenant.recover(record, recoveryKey))
                .orElseThrow(() ->
                        StrongroomException.of(FailureKind.CORRUPT, "a key bundle without the key of its tenant"));
    }
}
