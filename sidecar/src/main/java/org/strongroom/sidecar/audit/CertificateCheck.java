package org.strongroom.sidecar.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.CertificateFile;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.error.StrongroomException;

/**
 * What a certificate of destruction proves, by nothing but itself and the verifier key of the log (format.md §9.7). Immutable.
 *
 * @param erasure as it states; null if it does not
 * @param keys how many it states to be destroyed
 * @param at when nothing was left, by the log; null if that is not proved
 * @param bad what is wrong, in words; empty if nothing is
 */
public record CertificateCheck(String erasure, int keys, Instant at, List<String> bad) {
    public CertificateCheck {
        bad = List.copyOf(bad);
    }

    /** Whether everything that it states is what the log has. */
    public boolean ok() {
        return bad.isEmpty();
    }

    /** Opens every proof. */
    public static CertificateCheck of(CertificateFile file, ProofVerification proofs) {
        List<String> bad = new ArrayList<>();
        String erasure = file.erasure().orElse(null);
        Set<String> stated = new HashSet<>(file.keys());
        String digest = CertificateFile.digest(file.statement()).toString();
        if (!file.log().strip().equals(proofs.key())) {
            bad.add("it names another verifier key than the one that it is checked with");
        }
        Set<String> destroyed = new HashSet<>();
        Instant at = null;
        boolean otherStatement = false;
        for (ProvedEvent event : file.events()) {
            AuditEntry entry;
            try {
                entry = proofs.open(event);
            } catch (StrongroomException e) {
                bad.add("event " + event.index() + ": " + e.text());
                continue;
            }
            Map<String, String> details = entry.event().details();
            if (erasure == null || !erasure.equals(details.get("erasure"))) {
                bad.add("event " + event.index() + ": it is in the log, and is not of this erasure");
            } else if (entry.event().outcome() != AuditOutcome.SUCCESS) {
                bad.add("event " + event.index() + ": it is in the log, and says of something that it was not done");
            } else if (entry.event().type() == AuditType.KEY && "true".equals(details.get("destroyed"))) {
                destroyed.add(details.get("key"));
            } else if (entry.event().type() == AuditType.RETENTION && "certificate".equals(details.get("step"))) {
                boolean same = digest.equals(details.get("sha256"));
                otherStatement |= !same;
                at = same && at == null ? entry.time() : at;
            }
        }
        if (at == null) {
            bad.add(
                    otherStatement
                            ? "the statement: it is not the one that is in the log"
                            : "the statement: nothing proves that it is in the log");
        }
        for (String key : file.keys()) {
            if (!destroyed.contains(key)) {
                bad.add("key " + key + ": nothing proves that it was destroyed");
            }
        }
        destroyed.stream()
                .filter(key -> !stated.contains(key))
                .sorted()
                .forEach(key -> bad.add("key " + key + ": it was destroyed, and the statement does not name it"));
        if (erasure == null || stated.isEmpty()) {
            bad.add("the statement: it names no erasure, or no key");
        }
        return new CertificateCheck(erasure, stated.size(), at, bad);
    }
}
