package org.strongroom.sidecar.doctor;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;

/** All examinations, the serious findings first. Stateless. */
public final class Doctor {
    private Doctor() {}

    /** Examines the machine this runs on. */
    public static List<Finding> examine(Configuration configuration, InstantSource clock) {
        Home home = new Home(configuration.settings().home());
        List<Finding> findings = new ArrayList<>();
        findings.addAll(OrthancDoors.examine(configuration.orthanc()));
        findings.addAll(OrthancStorage.examine(configuration));
        findings.addAll(OrthancVersion.examine(OrthancVersion.installed()));
        findings.addAll(SecretFiles.examine(configuration.settings()));
        findings.addAll(Disks.examine(configuration.settings()));
        findings.addAll(JavaMachine.examine(configuration.settings(), Runtime.version()));
        findings.addAll(WallClock.examine(home, clock));
        findings.sort(Comparator.comparing(Finding::level));
        return List.copyOf(findings);
    }
}
