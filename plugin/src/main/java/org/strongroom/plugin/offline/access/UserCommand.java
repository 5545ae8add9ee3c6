package org.strongroom.plugin.offline.access;

import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "user",
        description = "Who may log in.",
        subcommands = {UserHashCommand.class, UserResetCommand.class})
public final class UserCommand {
    @ParentCommand
    Program main;
}
