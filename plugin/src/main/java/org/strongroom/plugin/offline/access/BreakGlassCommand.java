package org.strongroom.plugin.offline.access;

import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "breakglass",
        description = "Patients whom users have opened for themselves in an emergency (docs/access.md).",
        subcommands = BreakGlassListCommand.class)
public final class BreakGlassCommand {
    @ParentCommand
    Program main;
}
