package org.strongroom.sidecar.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.settings.Configuration;
import org.strongroom.sidecar.doctor.Doctor;
import org.strongroom.sidecar.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        description =
                "What is dangerous in this machine's configuration: finding, risk, cure. Changes nothing. Fails if"
                        + " anything serious is found.")
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Override
    public Integer call() {
        Session session = main.session();
        Configuration configuration = session.configuration();
        List<Finding> findings = Doctor.examine(configuration, main.clock);
        session.console().object(Map.of("findings", findings));
        for (Finding finding : findings) {
            session.console().line(finding.level() + "  " + finding.what());
            session.console().line("  Risk: " + finding.risk());
            session.console().line("  Cure: " + finding.cure());
        }
        boolean serious = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.SERIOUS);
        session.console().line(serious ? "Something serious was found." : "Nothing serious was found.");
        return serious ? Console.NOT_DONE : Console.DONE;
    }
}
