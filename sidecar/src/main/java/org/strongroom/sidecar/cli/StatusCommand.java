package org.strongroom.sidecar.cli;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.cli.StudyText;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.StudyStatus;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "status", description = "What is stored where: backlog, tiers, this machine, or one study.")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @ArgGroup
    private Which which;

    private static final class Which {
        @Option(names = "--studies", description = "List every study by its key id.")
        private boolean studies;

        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "One study, by StudyInstanceUID or Orthanc's id (needs the keys), or by key id.")
        private UUID study;
    }

    @Override
    public Integer call() {
        Session session = main.session();
        if (which == null) {
            whole(session);
        } else if (which.studies) {
            studies(session);
        } else {
            study(session);
        }
        return Console.DONE;
    }

    private void whole(Session session) {
        Status status = session.sidecar().status();
        session.console().object(status);
        StatusText.of(status, main.clock.instant(), ZoneId.systemDefault()).forEach(session.console()::line);
    }

    private static void studies(Session session) {
        List<StudyStatus> studies = new ArrayList<>();
        session.sidecar().studies(studies::add);
        session.console().object(Map.of("studies", studies));
        StudyText.of(studies).forEach(session.console()::line);
    }

    private void study(Session session) {
        StudyStatus study = session.sidecar().study(which.study);
        session.console().object(study);
        StudyText.of(study).forEach(session.console()::line);
    }
}
