package org.strongroom.sidecar.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.sidecar.doctor.Doctor;
import org.strongroom.sidecar.doctor.Examination;
import org.strongroom.sidecar.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        description =
                "What is dangerous in this machine's configuration, and what runs on it: OK, or WARN and FAIL with risk and"
                        + " cure. Changes nothing, but writes and deletes one small object in every tier. Fails if anything"
                        + " says FAIL.")
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Override
    public Integer call() {
        Session session = main.session();
        Console console = session.console();
        List<Examination> examinations = Doctor.examine(session.configuration(), main.clock);
        List<Finding> findings = new ArrayList<>();
        List<String> sound = new ArrayList<>();
        for (Examination examination : examinations) {
            findings.addAll(examination.findings());
            if (examination.findings().isEmpty()) {
                sound.add(examination.what());
            }
        }
        findings.sort(Comparator.comparing(Finding::level));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("findings", findings);
        result.put("sound", sound);
        console.object(result);
        sound.forEach(what -> console.line("OK    " + what));
        for (Finding finding : findings) {
            console.line((finding.level() == Finding.Level.SERIOUS ? "FAIL  " : "WARN  ") + finding.what());
            console.line("      Risk: " + finding.risk());
            console.line("      Cure: " + finding.cure());
        }
        boolean serious = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.SERIOUS);
        console.line(serious ? "Something serious was found." : "Nothing serious was found.");
        return serious ? Console.NOT_DONE : Console.DONE;
    }
}
