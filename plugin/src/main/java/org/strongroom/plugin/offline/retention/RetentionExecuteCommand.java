package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.PluginLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.retention.RetentionPlanCommand.Made;
import org.strongroom.plugin.offline.retention.RetentionSweep.Result;
import org.strongroom.plugin.offline.retention.RetentionSweep.Running;
import org.strongroom.plugin.retention.Approvals;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "execute",
        description =
                "Delete in Orthanc, and erase for good, what is due now and was approved by two people longer than Retention.Grace ago;"
                        + " at most Retention.DailyLimit studies in 24 hours. For a timer, or by hand, while Orthanc runs. Exit"
                        + " status 0 only if nothing failed, everything was read, and nothing waits for another day.")
final class RetentionExecuteCommand implements Callable<Integer> {
    /** Less is a busy machine. */
    private static final Duration BEHIND = Duration.ofHours(1);

    @ParentCommand
    private RetentionCommand retention;

    @Override
    public Integer call() throws InterruptedException {
        Session session = retention.main.session();
        Place place = Place.of(session);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), retention.main.clock)) {
            if (!PluginLock.isHeld(place.home())) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "no Orthanc runs, which has to delete first")
                        .cure("Start Orthanc, then run this");
            }
            return SidecarAccess.run(session, place, retention.main.sleeper, (sidecar, alone) -> {
                Made made = plan(place, keyring, sidecar, session.console());
                RetentionSweep sweep = new RetentionSweep(
                        place, keyring, retention.main.clock, retention.main.sleeper, Running.of(sidecar));
                Result result = sweep.run(made);
                int status = tell(
                        session.console(),
                        made,
                        result,
                        retention.main.clock.instant()); // before anything else can fail
                RetentionDesk desk = RetentionDesk.await(place, retention.main.clock, retention.main.sleeper);
                try (desk) {
                    desk.record(event(result));
                }
                return status;
            });
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private Made plan(Place place, Keyring keyring, ControlClient sidecar, Console console) throws IOException {
        RetentionDesk desk = RetentionDesk.take(place, retention.main.clock);
        try (desk) {
            Set<UUID> named = Approvals.read(place.home(), keyring).keys();
            Made made = RetentionPlanCommand.make(place, keyring, sidecar, retention.main.clock, named, console);
            made.told().write();
            return made;
        }
    }

    private static AuditEvent event(Result result) {
        return AuditEvent.of(AuditType.RETENTION)
                .by(AuditEvent.COMMAND_LINE)
                .with("step", "execute")
                .with("erased", result.erased().size())
                .with("left", sum(result.execution().left()))
                .with("failed", sum(result.failures()))
                .with("waiting", result.execution().waiting());
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    static int tell(Console console, Made made, Result result, Instant now) {
        long waiting = result.execution().waiting();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", made.at().toString());
        json.put("erased", result.erased());
        json.put("left", result.execution().left());
        json.put("waiting", waiting);
        json.put("failures", result.failures());
        json.put("lost", result.lost());
        json.put("unread", made.failures());
        console.object(json);
        result.erased().forEach(id -> console.line("Erased. What is left: strongroom shred certificate " + id));
        result.execution().left().forEach((why, count) -> console.line(count + " stay: " + why));
        result.failures().forEach((why, count) -> console.line(count + " not erased: " + why));
        result.lost()
                .forEach(one -> console.line("Orthanc has deleted images that are not erased, of keys " + one.keys()
                        + ": strongroom undelete --all before " + one.before() + " brings back what is to stay"));
        if (waiting > 0) {
            console.line(waiting + " wait for another day: Retention.DailyLimit");
        }
        if (made.at().isBefore(now.minus(BEHIND))) {
            console.line("This machine's clock jumped ahead: until the sidecar has run with it for a day this goes by "
                    + made.at());
        }
        made.failures().forEach((why, count) -> console.line(count + " not read, so they stay: " + why));
        boolean done = waiting == 0
                && result.failures().isEmpty()
                && result.lost().isEmpty()
                && made.failures().isEmpty();
        return done ? Console.DONE : Console.NOT_DONE;
    }
}
