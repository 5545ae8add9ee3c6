package org.strongroom.plugin.keys;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.home.Rewrapped;
import org.strongroom.core.secret.Key32;

/** Whether what a key bundle in a tier holds are the keys of this keyring (format.md §5.4). Thread-safe. */
public final class BundleCheck {
    private final UUID installation;
    private final KeyringFiles files;
    private final Tenants tenants;
    private final KeyRecords records;
    private final Function<UUID, Optional<Key32>> keys;

    /** @param keys the open key of an id; empty if there is none */
    BundleCheck(
            UUID installation,
            KeyringFiles files,
            Tenants tenants,
            KeyRecords records,
            Function<UUID, Optional<Key32>> keys) {
        this.installation = installation;
        this.files = files;
        this.tenants = tenants;
        this.records = records;
        this.keys = keys;
    }

    /**
     * Returns if every record of a bundle is authentic, of this installation, and holds the key that is used here.
     *
     * @throws StrongroomException CORRUPT if one is not; STALE if all are authentic, and the keyring has no record of one, or one is from
     *     before its key was destroyed or the root key changed;
     *     UNAVAILABLE if the keyring's own record does not open. What a tenant that is not known here has sealed is STALE, unopened
     */
    public void check(KeyBundle bundle) {
        checkOfAnyRoot(bundle);
        for (KeyRecord record : bundle.records()) {
            Optional<Tenant> tenant =
                    tenants.find(record.label().tenant(), record.label().epoch());
            if (record.label().kind() == KeyKind.TENANT
                    && tenant.isPresent()
                    && !record.equals(tenant.get().record())) {
                throw StrongroomException.of(FailureKind.STALE, "a key bundle is not wrapped by the root key of now")
                        .with("key", record.label().id())
                        .cure("Nothing is to be done: another bundle is written");
            }
            if (record.label().kind() != KeyKind.TENANT
                    && tenants.find(record.label().tenant())
                            .filter(one -> record.label().epoch() < one.epoch())
                            .isPresent()) {
                throw StrongroomException.of(
                                FailureKind.STALE, "a key bundle is from before the key of a tenant was changed")
                        .with("key", record.label().id())
                        .cure("Nothing is to be done: another bundle is written");
            }
        }
    }

    /**
     * As {@link #check}, of a bundle that may be from before the root key or a tenant's was changed: the recovery key opens it, and whether the
     * root key of then does, nobody can tell.
     *
     * @throws StrongroomException as {@link #check}
     */
    public void checkOfAnyRoot(KeyBundle bundle) {
        if (!bundle.installation().equals(installation)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle of another installation");
        }
        Optional<UUID> unknown = Optional.empty();
        Set<TenantRewrap.Epoch> others = new HashSet<>();
        for (KeyRecord record : bundle.records()) {
            UUID id = record.label().id();
            TenantRewrap.Epoch owner = TenantRewrap.Epoch.of(record);
            Optional<Tenant> tenant = tenants.find(owner.tenant(), owner.epoch());
            if (tenant.isEmpty()) {
                // A tenant that was made later, or had another key, has its own record here; without one, the label is
                // damaged.
                require(record.label().kind() == KeyKind.TENANT || others.contains(owner), id);
                others.add(owner);
                unknown = isOfBefore(record) ? unknown : Optional.of(id);
                continue;
            }
            if (record.label().kind() == KeyKind.TENANT) {
                require(tenant.get().isSame(record), id);
                continue;
            }
            boolean gone = record.label().kind() == KeyKind.DESTROYED;
            if (gone) {
                tenant.get().requireDestroyed(record);
            }
            if (gone || records.isDestroyed(id)) {
                unknown = gone && records.isDestroyed(id) ? unknown : Optional.of(id);
                continue;
            }
            Key32 key = tenant.get().unwrap(record).key();
            Optional<Key32> here = keys.apply(id);
            require(here.isEmpty() || here.get().equals(key), id);
            unknown = here.isEmpty() ? Optional.of(id) : unknown;
        }
        if (unknown.isPresent()) {
            throw StrongroomException.of(FailureKind.STALE, "a key bundle holds a key that the keyring does not have")
                    .with("key", unknown.get())
                    .cure("If the keyring was restored from a backup, restore it from this bundle; never delete"
                            + " either");
        }
    }

    /** Whether this is, to the byte, what a record here took the place of when its tenant's key was changed; of a tenant's, but for the wrap by the root key. */
    private boolean isOfBefore(KeyRecord record) {
        UUID id = record.label().id();
        Optional<Tenant> newest = tenants.find(record.label().tenant());
        if (newest.filter(one -> record.label().epoch() < one.epoch()).isEmpty()) {
            return false;
        }
        try {
            Rewrapped rewrapped =
                    Rewrapped.of(files.folder(), records.segment(id).orElse(0));
            return record.label().kind() == KeyKind.TENANT
                    ? rewrapped.isSuccessor(record, newest.get().record())
                    : records.read(id, now -> rewrapped.isSuccessor(record, now))
                            .orElse(false);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the keyring cannot be read")
                    .with("key", id)
                    .cure("Look at the disk that holds Strongroom.Home")
                    .causedBy(e);
        }
    }

    private static void require(boolean same, UUID key) {
        if (!same) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a key bundle holds another key than the keyring")
                    .with("key", key);
        }
    }
}
