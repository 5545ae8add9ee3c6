package org.strongroom.plugin.keys;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A former key of a tenant that is still in the keyring.
 *
 * @param records of studies and attachments that it wraps, destroyed ones counted
 * @param states whether it opens what the installation sealed under it before and cannot seal anew: texts in the journal, snapshots
 */
public record FormerTenantKey(TenantKey key, long records, boolean states) {
    static List<FormerTenantKey> all(Tenants tenants, KeyringFiles files) throws IOException {
        Map<TenantRewrap.Epoch, Long> counts = TenantRewrap.count(files);
        return tenants.former().stream()
                .map(tenant -> new FormerTenantKey(
                        TenantKey.of(tenant),
                        counts.getOrDefault(TenantRewrap.Epoch.of(tenant), 0L),
                        tenant.id().equals(tenants.first().id())))
                .toList();
    }
}
