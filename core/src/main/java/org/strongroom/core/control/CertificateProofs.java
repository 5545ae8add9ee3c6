package org.strongroom.core.control;

import java.util.List;
import java.util.Objects;

/**
 * Answer of {@code POST /v1/certificates}.
 *
 * @param log verifier key of the log
 * @param events what it has of what was asked for, the oldest first; of a key that it does not say to be destroyed nothing
 */
public record CertificateProofs(String log, List<ProvedEvent> events) {
    public CertificateProofs {
        Objects.requireNonNull(log, "log");
        events = List.copyOf(events);
    }
}
