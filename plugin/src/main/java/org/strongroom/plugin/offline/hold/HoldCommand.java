package org.strongroom.plugin.offline.hold;

import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "hold",
        description = "What must not be deleted, whatever Orthanc, a rule or a grace says.",
        subcommands = {HoldAddCommand.class, HoldRemoveCommand.class, HoldListCommand.class})
public final class HoldCommand {
    @ParentCommand
    Program main;
}
