package org.strongroom.plugin.dimse;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.TenantSettings;
import org.strongroom.plugin.bridge.DicomPeer;

/** The clinics' modalities and workstations: whose each is, and what Orthanc calls those that can be sent to. Immutable. */
public final class Stations {
    static final String NOBODYS = "nobody's station asks by DICOM";

    private final Map<String, TenantSettings> tenants;
    private final Map<String, String> tenantByTitle = new HashMap<>();
    private final Map<String, String> nameByTitle;
    private final Map<String, String> hostByTitle;

    /**
     * @param nameByTitle Orthanc's names of modalities by their titles
     * @param hostByTitle addresses or names of their machines
     */
    public Stations(
            Map<String, TenantSettings> tenants, Map<String, String> nameByTitle, Map<String, String> hostByTitle) {
        this.tenants = Map.copyOf(tenants);
        this.nameByTitle = Map.copyOf(nameByTitle);
        this.hostByTitle = Map.copyOf(hostByTitle);
        tenants.forEach((name, tenant) -> tenant.sources().aETs().forEach(title -> tenantByTitle.put(title, name)));
    }

    /** Whose station asks; empty if it is nobody's, or does not come from the address that Orthanc knows of it. */
    Optional<String> tenantOf(DicomPeer peer) {
        String host = hostByTitle.get(peer.aet());
        boolean elsewhere = !peer.ip().isEmpty() && isAddress(host) && !host.equals(peer.ip());
        return host == null || elsewhere ? Optional.empty() : Optional.ofNullable(tenantByTitle.get(peer.aet()));
    }

    /** A name is Orthanc's to compare. */
    private static boolean isAddress(String host) {
        return host != null && host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    /** What Orthanc calls the station with this title; empty if the tenant's studies may not be sent there. */
    Optional<String> destination(String tenant, String title) {
        return tenants.get(tenant).sendsTo(title) ? Optional.ofNullable(nameByTitle.get(title)) : Optional.empty();
    }

    /** Something that a station did, with whose it is, as far as that is known. */
    AuditEvent event(AuditType type, DicomPeer peer) {
        AuditEvent event =
                AuditEvent.of(type).by(peer.aet()).fromAet(peer.aet()).with("way", "dicom");
        AuditEvent from = peer.ip().isEmpty() ? event : event.fromAddress(peer.ip());
        return tenantOf(peer).map(from::ofTenant).orElse(from);
    }
}
