package org.strongroom.plugin.tenancy;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.keys.Keyring;

/** Tenants that the settings do not name any more, although studies of theirs are here. Stateless. */
public final class LeftTenants {
    private LeftTenants() {}

    /**
     * Where there is one tenant, stations are given everything: what another one left would be among it. What came before there were
     * tenants is {@code clinic}'s, and no other's.
     *
     * @throws StrongroomException REFUSED if one tenant is left of several, and keys of another one's studies are here
     */
    public static void require(Settings settings, Keyring keyring) throws IOException {
        if (!settings.controlsAccess() || settings.tenants().size() > 1) {
            return;
        }
        Set<String> left = new TreeSet<>(keyring.tenantNames());
        left.removeAll(settings.tenants().keySet());
        left.removeAll(Set.of(AccessSettings.QUARANTINE, Settings.FIRST_TENANT));
        for (String name : left) {
            UUID tenant = keyring.tenantNamed(name).orElseThrow();
            if (!keyring.owners().ownedBy(tenant).isEmpty()) {
                throw StrongroomException.of(
                                FailureKind.REFUSED,
                                "studies of a tenant are here that is not in the settings any more, and nothing would keep"
                                        + " them from the stations of the one that is left")
                        .with("Strongroom.Tenants", name)
                        .cure("Write Strongroom.Tenants." + name
                                + " again, with Copies alone if nothing new is to be its. If its studies are to be"
                                + " another's, give them away first: strongroom tenant assign");
            }
        }
    }
}
