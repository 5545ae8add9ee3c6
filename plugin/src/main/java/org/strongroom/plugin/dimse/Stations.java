package org.strongroom.plugin.dimse;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.AeTitles;
import org.strongroom.core.settings.TenantSettings;
import org.strongroom.plugin.bridge.DicomPeer;

/** The modalities and workstations that ask: whose each is, and what Orthanc calls those that can be sent to. Immutable. */
public final class Stations {
    static final String NOBODYS = "nobody's station asks by DICOM";

    private final Function<DicomPeer, Optional<String>> owner;
    private final BiFunction<String, String, Optional<String>> receiver;

    private Stations(
            Function<DicomPeer, Optional<String>> owner, BiFunction<String, String, Optional<String>> receiver) {
        this.owner = owner;
        this.receiver = receiver;
    }

    /**
     * Those that the tenants name; a station is what it calls itself, and comes from where Orthanc knows it to be.
     *
     * @param nameByTitle Orthanc's names of modalities by their {@linkplain AeTitles#folded folded} titles
     * @param hostByTitle addresses or names of their machines
     */
    public static Stations ofTenants(
            Map<String, TenantSettings> tenants, Map<String, String> nameByTitle, Map<String, String> hostByTitle) {
        Map<String, String> tenantByTitle = new HashMap<>();
        tenants.forEach((name, tenant) ->
                tenant.sources().aETs().forEach(title -> tenantByTitle.put(AeTitles.folded(title), name)));
        return new Stations(
                peer -> {
                    String host = hostByTitle.get(AeTitles.folded(peer.aet()));
                    boolean elsewhere = !peer.ip().isEmpty() && isAddress(host) && !host.equals(peer.ip());
                    return host == null || elsewhere
                            ? Optional.empty()
                            : Optional.ofNullable(tenantByTitle.get(AeTitles.folded(peer.aet())));
                },
                (tenant, title) -> tenants.get(tenant).sendsTo(title)
                        ? Optional.ofNullable(nameByTitle.get(AeTitles.folded(title)))
                        : Optional.empty());
    }

    /**
     * Whoever Orthanc lets ask: all of it is one tenant's.
     *
     * @param names what Orthanc calls the station with a title, when it is asked
     */
    public static Stations ofOne(String tenant, Function<String, Optional<String>> names) {
        return new Stations(peer -> Optional.of(tenant), (owner, title) -> names.apply(title));
    }

    /** Whose station asks; empty if it is nobody's. */
    Optional<String> tenantOf(DicomPeer peer) {
        return owner.apply(peer);
    }

    /** A name is Orthanc's to compare. */
    private static boolean isAddress(String host) {
        return host != null && host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    /** What Orthanc calls the station with this title; empty if the tenant's studies may not be sent there. */
    Optional<String> destination(String tenant, String title) {
        return receiver.apply(tenant, title);
    }

    /** Something that a station did, with whose it is, as far as that is known. */
    AuditEvent event(AuditType type, DicomPeer peer) {
        AuditEvent event = AuditEvent.of(type)
                .by(AuditEvent.person(peer.aet()))
                .fromAet(peer.aet())
                .with("way", "dicom");
        AuditEvent from = peer.ip().isEmpty() ? event : event.fromAddress(peer.ip());
        return tenantOf(peer).map(from::ofTenant).orElse(from);
    }
}
