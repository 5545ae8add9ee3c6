package org.strongroom.plugin.audit;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;

/**
 * What makes two requests one viewing session. Immutable.
 *
 * @param type {@link AuditType#VIEW} or {@link AuditType#QUERY}
 * @param who asks
 * @param address IP address of the other side; empty if it is not known
 * @param study key id of the study, or what else tells one study from another; empty for a search
 * @param details of the event
 * @param failure why nothing is seen of it; empty if it is
 */
public record Viewing(
        AuditType type,
        String who,
        String address,
        String study,
        Map<String, String> details,
        Optional<String> failure) {
    public Viewing {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(failure, "failure");
        details = Map.copyOf(details);
    }

    /** One that is answered. */
    public Viewing(AuditType type, String who, String address, String study, Map<String, String> details) {
        this(type, who, address, study, details, Optional.empty());
    }

    /** Written out, as is {@link #hashCode}: what Java would make of a record when it is first asked would be made while somebody waits for an image. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Viewing viewing
                && type == viewing.type
                && who.equals(viewing.who)
                && address.equals(viewing.address)
                && study.equals(viewing.study)
                && details.equals(viewing.details)
                && failure.equals(viewing.failure);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, who, address, study, details, failure);
    }

    AuditEvent event() {
        AuditEvent event = AuditEvent.of(type).by(who);
        if (!address.isEmpty()) {
            event = event.fromAddress(address);
        }
        for (Map.Entry<String, String> detail : new TreeMap<>(details).entrySet()) {
            event = event.with(detail.getKey(), detail.getValue());
        }
        return failure.isPresent() ? event.failed(failure.get()) : event;
    }
}
