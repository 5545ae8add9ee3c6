package org.strongroom.plugin.offline.key;

import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "key",
        description = "What opens this installation, and putting another key in its place.",
        subcommands = {KeyRotateCommand.class, KeyStatusCommand.class})
public final class KeyCommand {
    @ParentCommand
    Program main;
}
