package org.strongroom.plugin.offline.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.cli.StudyText;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code status --study} for a study that is named as people name it: only the keyring knows whose a key is. */
@Command(name = "status", description = "Where the bytes of one study are.")
public final class StudyCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Option(
            names = "--study",
            required = true,
            paramLabel = "STUDY",
            description = "StudyInstanceUID, Orthanc's id of the study, or key id.")
    private String study;

    @Override
    public Integer call() {
        Session session = main.session();
        Place place = Place.of(session);
        List<UUID> keys;
        try (Keyring keyring = Keyring.read(place.home(), place.source(), main.clock)) {
            keys = keyring.names().ofStudy(study);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        ControlClient sidecar = session.sidecar();
        List<StudyStatus> found = new ArrayList<>();
        for (UUID key : keys) {
            add(sidecar, key, found);
        }
        if (found.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing of this study was ever sealed here")
                    .cure(
                            "name it by StudyInstanceUID, Orthanc's id or key id; what Orthanc stored before Strongroom is in clear");
        }
        // A study that came again after its key was closed has several; the last one is in use.
        session.console().object(found.size() == 1 ? found.get(0) : Map.of("studies", found));
        for (StudyStatus one : found) {
            StudyText.of(one).forEach(session.console()::line);
        }
        return Console.DONE;
    }

    private static void add(ControlClient sidecar, UUID key, List<StudyStatus> found) {
        try {
            found.add(sidecar.study(key));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
    }
}
