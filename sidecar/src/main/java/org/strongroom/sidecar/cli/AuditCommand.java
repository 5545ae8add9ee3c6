package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.LogRead;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.sidecar.audit.LogReads;
import org.strongroom.sidecar.search.EventSearch;
import org.strongroom.sidecar.tier.OpenedTier;
import org.strongroom.sidecar.tier.RetryPolicy;
import org.strongroom.sidecar.tier.TierFactory;
import org.strongroom.sidecar.uplink.Uplink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "audit",
        description =
                "What happened, and that the log of it is whole. Reads Home/audit, and tiers that are named, whether"
                        + " anything runs or not.",
        subcommands = {
            AuditVerifyCommand.class,
            AuditSearchCommand.class,
            AuditReportCommand.class,
            AuditProofCommand.class,
            AuditCertificateCommand.class,
            AuditFetchCommand.class,
            AuditPruneCommand.class,
            AuditWitnessCommand.class
        })
final class AuditCommand {
    /** How times are typed, for the help. */
    static final String TIME =
            "2026-11-26, 2026-11-26T08:00 (of this machine's zone), 2026-11-26T08:00:00Z, or \"24 h\" (ago).";

    private static final String KEY_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    @ParentCommand
    private Main main;

    @Option(names = "--log", paramLabel = "DIR", description = "The log: a copy of it. Default: Home/audit")
    private Path log;

    Session session() {
        return main.session();
    }

    InstantSource clock() {
        return main.clock;
    }

    Instant now() {
        return main.clock.instant();
    }

    Path log(Session session) {
        return Optional.ofNullable(log).orElseGet(() -> session.home().audit());
    }

    /** Whether another log is meant than that of Home. */
    boolean isCopy() {
        return log != null;
    }

    /**
     * Has the running sidecar record that the log of Home is read, before it is; where none runs, does so in its place. Who reads a copy is
     * not seen, and who does not own Home while nothing runs: the latter is told who reads.
     *
     * @param how the command
     * @param keys ids of the keys of studies that are asked for; none: not for studies
     */
    void tellRead(Session session, String how, Collection<String> keys) {
        if (isCopy()) {
            return;
        }
        List<UUID> studies = keys.stream()
                .filter(key -> key.matches(KEY_ID)) // what is no key is told as that by who looks for it
                .map(UUID::fromString)
                .toList();
        String account = System.getProperty("user.name", "");
        for (int from = 0; from == 0 || from < studies.size(); from += LogRead.MOST) {
            tell(
                    session,
                    new LogRead(how, studies.subList(from, Math.min(studies.size(), from + LogRead.MOST)), account));
        }
    }

    private void tell(Session session, LogRead read) {
        try {
            ControlClient.connect(session.home()).logRead(read);
        } catch (StrongroomException e) {
            if (!LogReads.recordWithoutSidecar(session.home(), read, main.clock)) {
                session.console().note("That the log was read is not recorded in it: " + e.text());
            }
        }
    }

    /** In a copy everything is read: it may be evidence, and no index is. */
    EventSearch search(Session session, boolean everything) throws IOException {
        return everything || log != null ? EventSearch.ofEverything(log(session)) : EventSearch.indexed(log(session));
    }

    /** The tier itself, as the user who runs this may see it. */
    OpenedTier open(Session session, String name) {
        TierSettings settings = session.configuration().settings().tiers().get(name);
        if (settings == null) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such tier in the settings")
                    .with("tier", name);
        }
        return new TierFactory(main.clock, main.sleeper, new SecureRandom(), RetryPolicy.DEFAULT, Uplink.unlimited())
                .open(name, settings);
    }
}
