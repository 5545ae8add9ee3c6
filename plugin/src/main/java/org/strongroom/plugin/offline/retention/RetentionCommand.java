package org.strongroom.plugin.offline.retention;

import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "retention",
        description =
                "How long studies have to be kept and why; and what two people let go when nothing wants it any more.",
        subcommands = {
            RetentionPlanCommand.class,
            RetentionAcceptCommand.class,
            RetentionApproveCommand.class,
            RetentionUndoCommand.class,
            RetentionListCommand.class,
            RetentionExecuteCommand.class
        })
public final class RetentionCommand {
    @ParentCommand
    Program main;
}
