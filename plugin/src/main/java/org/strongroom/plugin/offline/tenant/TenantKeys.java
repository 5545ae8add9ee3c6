package org.strongroom.plugin.offline.tenant;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;

/**
 * Keys, and whose what they sealed is now. Two tenants may know two people by one PatientID: what more than one has is nobody's until
 * somebody says whose is meant. Immutable.
 *
 * @param tenant by name
 */
public record TenantKeys(String tenant, List<UUID> keys) {
    public TenantKeys {
        keys = List.copyOf(keys);
    }

    /**
     * Those of {@code keys} that are one tenant's; destroyed ones are nobody's.
     *
     * @param keyring that knows what was given to whom
     * @param tenant whose; null: the only one's that has any
     * @return empty if there is none
     * @throws StrongroomException REFUSED if they are more than one tenant's
     */
    public static Optional<TenantKeys> of(Keyring keyring, List<UUID> keys, String tenant) throws IOException {
        Map<String, List<UUID>> byTenant = new TreeMap<>();
        for (UUID key : keys) {
            Optional<String> owner = keyring.owners()
                    .tenantOf(key)
                    .map(sealedFor -> keyring.owners().of(key, sealedFor))
                    .flatMap(keyring::tenantName);
            if (owner.isPresent() && (tenant == null || tenant.equals(owner.get()))) {
                byTenant.computeIfAbsent(owner.get(), any -> new ArrayList<>()).add(key);
            }
        }
        if (byTenant.size() > 1) {
            throw StrongroomException.of(FailureKind.REFUSED, "more than one tenant has something of this name")
                    .with("keys", counts(byTenant))
                    .cure("Say whose is meant: --tenant NAME");
        }
        return byTenant.entrySet().stream()
                .map(one -> new TenantKeys(one.getKey(), one.getValue()))
                .findFirst();
    }

    /**
     * All that is a tenant's, those of single attachments as well.
     *
     * @throws StrongroomException NOT_FOUND if nobody of this name ever had a key
     */
    public static TenantKeys all(Keyring keyring, String tenant) throws IOException {
        UUID id = keyring.tenantNamed(tenant)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "no such tenant has keys here")
                        .with("tenant", tenant)
                        .cure("Name it as in Strongroom.Tenants: strongroom tenant list shows what there is"));
        return new TenantKeys(tenant, keyring.owners().ownedBy(id));
    }

    private static String counts(Map<String, List<UUID>> byTenant) {
        return byTenant.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue().size())
                .collect(Collectors.joining(", "));
    }
}
