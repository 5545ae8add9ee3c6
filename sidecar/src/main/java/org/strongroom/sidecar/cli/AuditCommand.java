package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.TierSettings;
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
            AuditFetchCommand.class,
            AuditWitnessCommand.class
        })
final class AuditCommand {
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
