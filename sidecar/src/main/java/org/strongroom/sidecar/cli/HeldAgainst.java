package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.WitnessSettings;
import org.strongroom.sidecar.audit.AnchorVerification;
import org.strongroom.sidecar.audit.Cosignatures;
import org.strongroom.sidecar.audit.LogVerification;
import org.strongroom.sidecar.tier.OpenedTier;
import org.strongroom.sidecar.tier.Tier;

/** What a command holds a log against, beside the log's own key: witnesses, and tiers that are named. For one command. */
final class HeldAgainst {
    private final AuditCommand audit;
    private final Session session;
    private final Path log;
    private final Cosignatures witnesses;

    private HeldAgainst(AuditCommand audit, Session session, Path log) {
        this.audit = audit;
        this.session = session;
        this.log = log;
        this.witnesses = new Cosignatures(log);
    }

    /**
     * With the witnesses of the settings: each has to have signed. A copy may be anybody's, of whose witnesses the settings here say nothing.
     *
     * @param ask also what each says itself that it signed
     * @throws StrongroomException REFUSED if they are to be asked about a copy
     */
    static HeldAgainst settings(AuditCommand audit, boolean ask) throws IOException, InterruptedException {
        if (ask && audit.isCopy()) {
            throw StrongroomException.of(FailureKind.REFUSED, "witnesses cannot be asked about a copy of a log")
                    .cure("Leave out --ask, or --log: --ask asks the witnesses of the settings about Home/audit;"
                            + " --witness KEY reads what a witness signed of a copy");
        }
        Session session = audit.session();
        HeldAgainst against = new HeldAgainst(audit, session, audit.log(session));
        if (!audit.isCopy()) {
            for (Map.Entry<String, WitnessSettings> one :
                    session.configuration().settings().audit().witnesses().entrySet()) {
                against.witnesses.add(one.getKey(), one.getValue().key().text(), !ask);
                if (ask) {
                    against.witnesses.ask(one.getKey(), one.getValue());
                }
            }
        }
        return against;
    }

    /** A witness that must have signed as well. */
    void add(String key) throws IOException {
        witnesses.add(key.substring(0, Math.max(0, key.indexOf('+'))), key, true);
    }

    /** What they signed, by their names; null for one that has signed nothing. */
    Map<String, Cosignatures.Seen> witnesses() {
        return witnesses.told();
    }

    /**
     * Reads the log, and all of each tier's copy.
     *
     * @param key file with the verifier key; empty for the one beside the log
     * @param seen as for {@link LogVerification#of(Path, Path, List)}
     * @param tiers by name
     * @param former as for {@link AnchorVerification#of(Path, Optional, List, List, List)}
     */
    AnchorVerification.Outcome verify(Optional<Path> key, List<Path> seen, List<String> tiers, List<Path> former)
            throws IOException {
        if (tiers.isEmpty()) {
            return new AnchorVerification.Outcome(LogVerification.of(log, key, seen, witnesses), Map.of());
        }
        List<OpenedTier> opened = new ArrayList<>();
        try {
            tiers.forEach(name -> opened.add(audit.open(session, name)));
            List<Tier> there = opened.stream().map(OpenedTier::tier).toList();
            return AnchorVerification.of(log, key, seen, there, former, witnesses);
        } finally {
            opened.forEach(OpenedTier::close);
        }
    }
}
