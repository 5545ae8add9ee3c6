package org.strongroom.sidecar.doctor;

import java.time.InstantSource;
import java.util.List;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;

/** All examinations, in the order of their weight. Stateless. */
public final class Doctor {
    private Doctor() {}

    /** Examines the machine this runs on. Changes nothing, but writes, reads and deletes one small object in every tier. */
    public static List<Examination> examine(Configuration configuration, InstantSource clock) {
        Home home = new Home(configuration.settings().home());
        return List.of(
                new Examination(
                        "Strongroom is loaded by Orthanc",
                        PluginsList.examine(configuration.orthanc().plugins())),
                new Examination("Orthanc and its sidecar run", RunningOrthanc.examine(configuration, home)),
                new Examination("secrets and Home are closed to others", SecretFiles.examine(configuration.settings())),
                new Examination("who may come in", OrthancDoors.examine(configuration)),
                new Examination("users and tenants are kept apart", KeptApart.examine(configuration)),
                new Examination("what Orthanc keeps", OrthancStorage.examine(configuration)),
                new Examination("Orthanc's version", OrthancVersion.examine(OrthancVersion.installed())),
                new Examination("disks", Disks.examine(configuration.settings())),
                new Examination("the recovery kit", Kit.examine(configuration.settings(), clock)),
                new Examination(
                        "every tier takes and gives an object", TierTrial.examine(configuration.settings(), clock)),
                new Examination("Java", JavaMachine.examine(configuration.settings(), Runtime.version())),
                new Examination("open files", Limits.examine(home)),
                new Examination("this machine's clock", WallClock.examine(home, clock)));
    }
}
