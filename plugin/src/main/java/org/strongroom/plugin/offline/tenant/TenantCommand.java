package org.strongroom.plugin.offline.tenant;

import java.nio.file.Path;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

@Command(
        name = "tenant",
        description = "Whose studies are, and giving them to another tenant (docs/access.md).",
        subcommands = {TenantListCommand.class, TenantAssignCommand.class})
public final class TenantCommand {
    @ParentCommand
    Program main;

    @Option(
            names = "--arrivals",
            hidden = true,
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Who has sent what, as the audit log says: the other half of this command reads that.")
    Path arrivals;

    Session session() {
        return main.session();
    }
}
