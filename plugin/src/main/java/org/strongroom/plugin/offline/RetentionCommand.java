package org.strongroom.plugin.offline;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "retention",
        description = "How long studies have to be kept, and why.",
        subcommands = {RetentionPlanCommand.class, RetentionAcceptCommand.class})
final class RetentionCommand {
    @ParentCommand
    Main main;
}
