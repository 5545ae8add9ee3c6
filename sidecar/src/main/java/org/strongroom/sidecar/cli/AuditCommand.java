package org.strongroom.sidecar.cli;

import java.nio.file.Path;
import org.strongroom.core.cli.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "audit",
        description = "What happened, and that the log of it is whole. Reads Home/audit, whether anything runs or not.",
        subcommands = {AuditVerifyCommand.class, AuditSearchCommand.class, AuditProofCommand.class})
final class AuditCommand {
    @ParentCommand
    private Main main;

    Session session() {
        return main.session();
    }

    static Path log(Session session) {
        return session.home().audit();
    }
}
