package org.strongroom.sidecar.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.control.CertificateProofs;
import org.strongroom.core.control.CertificateRequest;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.search.ErasureProofs;

/** What the audit log proves of an erasure, for the certificate that a command with the keys makes. */
final class CertificateRoute {
    private final Path log;
    private final Consumer<List<AuditEvent>> audit;
    private final ControlDesk.Signing signing;

    /**
     * @param log {@code HOME/audit}
     * @param audit returns when events are durable
     */
    CertificateRoute(Path log, Consumer<List<AuditEvent>> audit, ControlDesk.Signing signing) {
        this.log = log;
        this.audit = audit;
        this.signing = signing;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("POST /certificates", call -> call.answer(proofs(call.body(CertificateRequest.class))));
    }

    /** One certificate is one event, however often it is asked for: requests wait for each other. */
    private synchronized CertificateProofs proofs(CertificateRequest request) throws IOException {
        signing.flush();
        String statement = request.statement();
        if (statement != null && !new ErasureProofs(log).isCertified(request.erasure(), statement)) {
            audit.accept(
                    List.of(ErasureProofs.certificate(request.erasure(), statement, request.all(), request.account())));
            signing.flush();
        }
        ErasureProofs proofs = new ErasureProofs(log);
        List<ProvedEvent> events = new ArrayList<>();
        if (statement != null) {
            events.addAll(proofs.steps(request.erasure(), statement));
        }
        events.addAll(proofs.destroyed(request.erasure(), request.keys()));
        return new CertificateProofs(new LogReader(log).verifierKey(), events);
    }
}
