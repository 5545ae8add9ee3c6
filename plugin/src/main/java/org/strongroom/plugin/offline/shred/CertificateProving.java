package org.strongroom.plugin.offline.shred;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.CertificateFile;
import org.strongroom.core.control.CertificateProofs;
import org.strongroom.core.control.CertificateRequest;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;

/** Has the audit log sign that nothing is left of an erasure, and takes its proofs into the certificate. Stateless. */
final class CertificateProving {
    private CertificateProving() {}

    /** Who asks the log. */
    @FunctionalInterface
    interface Log {
        CertificateProofs certify(CertificateRequest request);
    }

    /** The certificate with its proofs, if nothing is left; if the log does not prove all of it, with the reason. */
    static Certificate prove(Certificate certificate, Keyring keyring, Set<String> tiers, Log log) {
        if (!certificate.isDone()) {
            return certificate;
        }
        UUID erasure = certificate.erasure().id();
        List<String> statement = certificate.statement(
                keyring.installation(), keyring.state().certificateTag(erasure).toString(), tiers);
        try {
            return prove(certificate, statement, log);
        } catch (StrongroomException e) {
            return certificate.unproved(e.text());
        }
    }

    private static Certificate prove(Certificate certificate, List<String> statement, Log log) {
        UUID erasure = certificate.erasure().id();
        List<UUID> keys = certificate.erasure().keys().stream().sorted().toList();
        String account = System.getProperty("user.name", "");
        List<ProvedEvent> destroyed = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += CertificateRequest.MOST) {
            List<UUID> some = keys.subList(from, Math.min(keys.size(), from + CertificateRequest.MOST));
            destroyed.addAll(log.certify(new CertificateRequest(erasure, null, keys.size(), some, account))
                    .events());
        }
        if (destroyed.size() < keys.size()) {
            return certificate.unproved("it has no event of the end of "
                    + Amounts.count(keys.size() - destroyed.size(), "key")
                    + ": they were destroyed before it began, or it does not keep that any more (Audit.Keep), or it is"
                    + " not whole (strongroom audit verify)");
        }
        CertificateProofs steps = log.certify(new CertificateRequest(
                erasure, CertificateFile.digest(statement).toString(), keys.size(), List.of(), account));
        List<ProvedEvent> events = new ArrayList<>(steps.events());
        events.addAll(destroyed);
        return certificate.provedBy(new CertificateFile(statement, steps.log(), events));
    }
}
