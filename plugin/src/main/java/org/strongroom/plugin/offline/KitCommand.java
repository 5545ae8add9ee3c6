package org.strongroom.plugin.offline;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "kit",
        description = "The recovery kit: sheets of paper, of which some together open everything in the tiers again.",
        subcommands = {KitCreateCommand.class, KitCheckCommand.class})
final class KitCommand {
    @ParentCommand
    Main main;
}
