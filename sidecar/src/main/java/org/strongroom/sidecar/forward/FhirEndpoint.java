package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.sidecar.audit.LogEntry;

/**
 * AuditEvents in a FHIR repository, each created under the id of its entry: who gets one twice overwrites it with the same.
 */
final class FhirEndpoint implements Destination {
    private static final int MOST = 100;

    private final HttpsPost post;
    private final URI base;
    private final UUID installation;

    /** @param base of the repository, without a slash at its end */
    FhirEndpoint(HttpsPost post, URI base, UUID installation) {
        this.post = post;
        this.base = base;
        this.installation = installation;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public void send(List<LogEntry> events) throws IOException, InterruptedException {
        int there = 0;
        try {
            for (; there < events.size(); there++) {
                AuditEntry entry = events.get(there).entry();
                URI place = URI.create(base + "/AuditEvent/" + entry.id());
                post.send("PUT", place, "application/fhir+json", FhirAuditEvent.of(entry, installation));
            }
        } catch (IOException e) {
            throw new PartlySent(there, e);
        }
    }
}
