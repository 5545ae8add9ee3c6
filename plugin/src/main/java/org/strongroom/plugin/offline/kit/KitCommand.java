package org.strongroom.plugin.offline.kit;

import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "kit",
        description = "The recovery kit: sheets of paper, of which some together open everything in the tiers again.",
        subcommands = {KitCreateCommand.class, KitCheckCommand.class})
public final class KitCommand {
    @ParentCommand
    Program main;

    /** Somebody did something with the kit of this number. */
    public static AuditEvent event(String step, String kit) {
        return AuditEvent.of(AuditType.KEY)
                .by(AuditEvent.COMMAND_LINE)
                .with("kit", kit)
                .with("step", step);
    }
}
