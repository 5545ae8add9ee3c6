package org.strongroom.plugin.offline.study;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Half of {@code audit … --patient}: which keys events are about. The other half reads the log, and has no keys. */
@Command(
        name = "studies",
        hidden = true,
        description = "Every key that a patient's studies, or a study, ever had: one line each, its id and the"
                + " StudyInstanceUID. None if there is none.")
public final class StudiesCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @ArgGroup(multiplicity = "1")
    private Name name;

    /** One of them. */
    static final class Name {
        @Option(names = "--patient", paramLabel = "ID", description = "PatientID.")
        private String patient;

        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;
    }

    @Override
    public Integer call() {
        Session session = main.session();
        Place place = Place.of(session);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), main.clock)) {
            List<UUID> keys = name.patient != null
                    ? keyring.names().ofPatient(name.patient)
                    : keyring.names().ofStudy(name.study);
            for (UUID key : keys) { // for a program also where no JSON is wanted
                session.console()
                        .out()
                        .println(key + " "
                                + keyring.names()
                                        .studyUid(key)
                                        .map(StudiesCommand::printable)
                                        .orElse(""));
            }
            session.console().out().flush();
            return Console.DONE;
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    /** Who sends images chooses what stands there: it must neither look like another line nor do anything to a terminal. */
    private static String printable(String uid) {
        return uid.replaceAll("[^0-9.]", "?");
    }
}
