package org.strongroom.plugin.offline.shred;

import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "shred",
        description =
                "Erase for good what Orthanc has deleted: its keys are destroyed, here and in every tier, and then its bytes go."
                        + " Two names have to want it, which one person who has the root key could type. Holds come first; what it"
                        + " cannot reach, the certificate says.",
        subcommands = {
            ShredOrderCommand.class,
            ShredApproveCommand.class,
            ShredWithdrawCommand.class,
            ShredListCommand.class,
            ShredCertificateCommand.class
        })
public final class ShredCommand {
    @ParentCommand
    Program main;
}
