package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.retention.PlannedStudy;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "accept",
        description =
                "Let rules and data that changed shorten what an earlier plan told. Deletes nothing. Orthanc may run or not; each"
                        + " study is recorded in the audit log.")
final class RetentionAcceptCommand implements Callable<Integer> {
    @ParentCommand
    private RetentionCommand retention;

    @ArgGroup(multiplicity = "1")
    private Selection selection;

    /** What is accepted. */
    static final class Selection {
        @Option(names = "--all", description = "Everything that is shortened.")
        private boolean all;

        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "One study: StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;
    }

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who accepts it.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Option(names = "--dry-run", description = "Only tell what would be accepted.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        Session session = retention.main.session();
        Place place = Place.of(session);
        ErasureText text = new ErasureText(owner, reason); // the same care as with those of an approval
        try (Keyring keyring = Keyring.read(place.home(), place.source(), retention.main.clock);
                RetentionDesk desk = RetentionDesk.take(place, retention.main.clock)) {
            return SidecarAccess.run(session, place, retention.main.sleeper, (sidecar, alone) -> {
                RetentionPlanCommand.Made made =
                        RetentionPlanCommand.make(place, keyring, sidecar, retention.main.clock, session.console());
                List<PlannedStudy> accepted = selected(made.studies(), keyring);
                if (!dryRun) {
                    accept(desk, made, accepted, text);
                }
                return tell(session.console(), accepted, made.failures().isEmpty());
            });
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private List<PlannedStudy> selected(List<PlannedStudy> plan, Keyring keyring) throws IOException {
        Set<UUID> keys = selection.all ? Set.of() : Set.copyOf(keyring.names().ofStudy(selection.study));
        return plan.stream()
                .filter(study -> study.shortened() != null && (selection.all || keys.contains(study.key())))
                .toList();
    }

    /** First the log, then the file: what is accepted was recorded. */
    private void accept(
            RetentionDesk desk, RetentionPlanCommand.Made made, List<PlannedStudy> accepted, ErasureText text)
            throws IOException {
        for (PlannedStudy study : accepted) {
            desk.record(AuditEvent.of(AuditType.RETENTION)
                    .by(AuditEvent.COMMAND_LINE)
                    .with("key", study.key())
                    .with("rule", study.shortened().rule())
                    .with("told", study.shortened().told()));
            made.told().accept(study, text.owner(), text.reason(), made.at());
        }
        made.told().write();
    }

    private int tell(Console console, List<PlannedStudy> accepted, boolean whole) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("accepted", dryRun ? 0 : accepted.size());
        json.put("studies", accepted);
        json.put("whole", whole);
        console.object(json);
        for (PlannedStudy study : accepted) {
            console.line((study.study().isEmpty() ? "key " + study.key() : study.study()) + "  until "
                    + study.shortened().until() + " by " + study.shortened().rule() + ", not until " + study.until());
        }
        console.line(accepted.size() + (dryRun ? " would be accepted" : " accepted"));
        return whole ? Console.DONE : Console.NOT_DONE;
    }
}
