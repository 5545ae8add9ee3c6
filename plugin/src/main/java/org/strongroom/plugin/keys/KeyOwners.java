package org.strongroom.plugin.keys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Whose what a key sealed is: the tenant's that it was sealed for, or another's since the journal has given it to that one. Thread-safe. */
public final class KeyOwners {
    private final KeyRecords records;
    private final Tenants tenants;
    /** By key: the tenant that the journal has given it to. */
    private final Map<UUID, UUID> given = new ConcurrentHashMap<>();

    KeyOwners(KeyRecords records, Tenants tenants) {
        this.records = records;
        this.tenants = tenants;
    }

    /** By the journal, all that this key has sealed is another tenant's from now on; the key itself stays what it is. */
    public void give(UUID key, UUID tenant) {
        given.put(key, tenant);
    }

    /**
     * Whose what this key sealed is.
     *
     * @param sealedFor the tenant that it was sealed for
     */
    public UUID of(UUID key, UUID sealedFor) {
        return given.getOrDefault(key, sealedFor);
    }

    /** Keys that were given to this tenant. */
    public List<UUID> givenTo(UUID tenant) {
        return given.entrySet().stream()
                .filter(one -> one.getValue().equals(tenant))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Every key of which what it sealed is this tenant's now, those of single attachments as well, the oldest first; a destroyed one is
     * not among them.
     */
    public List<UUID> ownedBy(UUID tenant) throws IOException {
        List<UUID> owned = new ArrayList<>();
        for (UUID id : records.ids()) {
            Optional<UUID> owner = tenantOf(id).map(sealedFor -> of(id, sealedFor));
            if (owner.filter(tenant::equals).isPresent()) {
                owned.add(id);
            }
        }
        return owned;
    }

    /** The tenant whose key this is; empty if the keyring has no such key, or it is destroyed. */
    public Optional<UUID> tenantOf(UUID key) throws IOException {
        return records.isDestroyed(key)
                ? Optional.empty()
                : records.read(key, record -> record.label().tenant());
    }

    /** The name of the tenant whose what this key sealed is now; empty if the keyring has no such key, or it is destroyed. */
    public Optional<String> nameOf(UUID key) throws IOException {
        return tenantOf(key).map(sealedFor -> of(key, sealedFor)).flatMap(tenants::find).map(Tenant::name);
    }
}
