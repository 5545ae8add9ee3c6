package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.erase.Approvers;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.retention.RetentionPlanCommand.Made;
import org.strongroom.plugin.retention.Approval;
import org.strongroom.plugin.retention.Approvals;
import org.strongroom.plugin.retention.Consent;
import org.strongroom.plugin.retention.PlannedStudy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "approve",
        description =
                "Approve that what is due in a plan be deleted and erased. Two people have to; then Retention.Grace begins, in which it"
                        + " can be undone. Deletes nothing itself.")
final class RetentionApproveCommand implements Callable<Integer> {
    @ParentCommand
    private RetentionCommand retention;

    @Parameters(paramLabel = "DIGEST", description = "The plan, as retention plan names it.")
    private String digest;

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who approves it.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Option(
            names = "--studies",
            paramLabel = "N",
            description = "How many studies that is; has to be said if it is more than Retention.DailyLimit.")
    private Integer studies;

    @Option(names = "--dry-run", description = "Only tell what would be approved.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        Session session = retention.main.session();
        Place place = Place.of(session);
        String name = new Approvers(place.settings().retention().approvers()).named(owner);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), retention.main.clock)) {
            RetentionDesk desk = RetentionDesk.take(place, retention.main.clock);
            try (desk) {
                return SidecarAccess.run(session, place, retention.main.sleeper, (sidecar, alone) -> {
                    Made made =
                            RetentionPlanCommand.make(place, keyring, sidecar, retention.main.clock, session.console());
                    Consent consent = new Consent(name, reason, made.at());
                    return approve(
                            session.console(), place, desk, made, Approvals.read(place.home(), keyring), consent);
                });
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int approve(
            Console console, Place place, RetentionDesk desk, Made made, Approvals approvals, Consent consent)
            throws IOException {
        Optional<Approval> first = approvals.open(digest);
        if (first.isPresent()) {
            first.get().requireAnother(consent);
        }
        List<PlannedStudy> about = first.map(one -> of(one, made.studies())).orElseGet(() -> due(made.studies()));
        requireMeant(desk, consent, about.size(), place.settings().retention().dailyLimit());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("plan", digest);
        json.put("studies", about);
        about.forEach(study -> console.line(RetentionPlanCommand.line(study)));
        if (dryRun) {
            console.line(Amounts.count(about.size(), "study key") + " would be approved");
        } else {
            desk.record(RetentionDesk.event(digest, first.isPresent() ? "agree" : "approve", consent)
                    .with("studies", about.size()));
            Approval now = first.isPresent()
                    ? approvals.agree(first.get(), consent)
                    : approvals.approve(made.studies(), consent);
            Optional<Instant> from = now.from(place.settings().retention().grace());
            from.ifPresent(time -> json.put("from", time.toString()));
            console.line(from.map(time -> "Two people have approved it: strongroom retention execute does it from "
                            + time + " on; until then, and after that what is left, strongroom retention undo "
                            + digest)
                    .orElse("Somebody else has to approve it as well"));
        }
        console.object(json);
        return Console.DONE;
    }

    /** What somebody else approved, as it is now. */
    private static List<PlannedStudy> of(Approval approval, List<PlannedStudy> plan) {
        Set<UUID> keys = Set.copyOf(approval.keys());
        return plan.stream().filter(study -> keys.contains(study.key())).toList();
    }

    private List<PlannedStudy> due(List<PlannedStudy> plan) {
        if (!digest.equals(Approvals.digest(plan))) {
            throw StrongroomException.of(FailureKind.REFUSED, "this is not what is due now")
                    .with("now", Approvals.digest(plan))
                    .cure("Look at it again: strongroom retention plan");
        }
        List<PlannedStudy> due = Approvals.due(plan);
        if (due.isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "nothing is due").cure("Nothing is to be done");
        }
        return due;
    }

    /** A rule that was mistyped, or a clock, makes a whole archive due. */
    private void requireMeant(RetentionDesk desk, Consent consent, int count, int limit) throws IOException {
        if (count > limit && !Integer.valueOf(count).equals(studies)) {
            if (!dryRun) {
                desk.record(RetentionDesk.event(digest, "alarm", consent)
                        .with("studies", count)
                        .with("dailyLimit", limit));
            }
            throw StrongroomException.of(FailureKind.REFUSED, "ALARM: far more is due than is deleted in a day")
                    .with("studies", count)
                    .with("Retention.DailyLimit", limit)
                    .cure("Find out why: a rule that was changed, a clock? If all of that is meant: --studies "
                            + count);
        }
    }
}
