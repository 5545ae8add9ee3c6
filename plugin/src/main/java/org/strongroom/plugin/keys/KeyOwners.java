package org.strongroom.plugin.keys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.strongroom.core.home.TenantIds;
import org.strongroom.core.settings.AccessSettings;

/**
 * Whose what a key sealed is: the tenant's that it was sealed for, or another's since the journal has given it to that one; where there never were
 * several tenants, the one's, under whatever names it was sealed. Thread-safe.
 */
public final class KeyOwners {
    private final KeyRecords records;
    private final Tenants tenants;
    /** By key: the tenant that the journal has given it to. */
    private final Map<UUID, UUID> given = new ConcurrentHashMap<>();
    /** Whose everything is but what is quarantine's; empty if each tenant's is its own. */
    private volatile Optional<One> one = Optional.empty();

    private record One(UUID tenant, Optional<UUID> quarantine) {
        UUID now(UUID owner) {
            return quarantine.filter(owner::equals).orElse(tenant);
        }
    }

    KeyOwners(KeyRecords records, Tenants tenants) {
        this.records = records;
        this.tenants = tenants;
    }

    /** By the journal, all that this key has sealed is another tenant's from now on; the key itself stays what it is. */
    public void give(UUID key, UUID tenant) {
        given.put(key, tenant);
    }

    /**
     * There is one tenant, and there never were several: all is this one's, but for what nobody has decided about.
     *
     * @param tenant its name
     */
    public void areAll(String tenant) {
        one = Optional.of(new One(
                tenants.named(tenant).id(),
                tenants.find(AccessSettings.QUARANTINE).map(Tenant::id)));
    }

    /** Whether {@link #areAll} was told. */
    public boolean areOnes() {
        return one.isPresent();
    }

    /**
     * Whose what this key sealed is.
     *
     * @param sealedFor the tenant that it was sealed for
     */
    public UUID of(UUID key, UUID sealedFor) {
        return now(written(key, sealedFor));
    }

    /**
     * The same by key and journal alone, whatever the one tenant is called now: on the day when there are several, they decide.
     *
     * @param sealedFor the tenant that it was sealed for
     */
    public UUID written(UUID key, UUID sealedFor) {
        return given.getOrDefault(key, sealedFor);
    }

    private UUID now(UUID owner) {
        return one.map(only -> only.now(owner)).orElse(owner);
    }

    /** Ids of the tenant with this one, which may have been called something else: itself among them. */
    public Set<UUID> idsOf(UUID tenant) {
        return tenants.all().stream()
                .map(Tenant::id)
                .filter(id -> now(id).equals(now(tenant)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What each tenant is called now. */
    TenantIds ids() {
        return new TenantIds(
                tenants.all().stream().collect(Collectors.toMap(Tenant::id, tenant -> tenants.find(now(tenant.id()))
                        .orElseThrow()
                        .name())));
    }

    /** Keys that were given to this tenant. */
    public List<UUID> givenTo(UUID tenant) {
        return given.entrySet().stream()
                .filter(key -> now(key.getValue()).equals(now(tenant)))
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
        return tenantOf(key)
                .map(sealedFor -> of(key, sealedFor))
                .flatMap(tenants::find)
                .map(Tenant::name);
    }
}
