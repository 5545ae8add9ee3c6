package org.strongroom.plugin.keys;

import java.util.UUID;

/**
 * A tenant's key, without its bytes.
 *
 * @param epoch how many keys it had, this one counted
 */
public record TenantKey(String name, UUID tenant, int epoch) {
    static TenantKey of(Tenant tenant) {
        return new TenantKey(tenant.name(), tenant.id(), tenant.epoch());
    }
}
