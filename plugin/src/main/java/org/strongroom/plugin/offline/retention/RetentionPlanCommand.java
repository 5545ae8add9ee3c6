package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.hold.Hold;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.hold.HoldOrders;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.tenant.OwnedStudies;
import org.strongroom.plugin.offline.tier.PlanFacts;
import org.strongroom.plugin.offline.tier.PlanProgress;
import org.strongroom.plugin.offline.tier.TierContents;
import org.strongroom.plugin.retention.Approvals;
import org.strongroom.plugin.retention.Fate;
import org.strongroom.plugin.retention.PlannedStudy;
import org.strongroom.plugin.retention.RetentionPlan;
import org.strongroom.plugin.retention.Told;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "plan",
        description =
                "Say of every study that was ever sealed here, and not purged, why it stays or may go: from its own tags, the"
                        + " rules in the settings, and holds. Deletes nothing. Orthanc may run or not. What an earlier plan told is"
                        + " never shortened before it is accepted. Fails unless everything was read.")
final class RetentionPlanCommand implements Callable<Integer> {
    @ParentCommand
    private RetentionCommand retention;

    @Override
    public Integer call() throws InterruptedException {
        Session session = retention.main.session();
        Place place = Place.of(session);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), retention.main.clock)) {
            RetentionDesk desk = RetentionDesk.take(place, retention.main.clock);
            try (desk) {
                return SidecarAccess.run(session, place, retention.main.sleeper, (sidecar, alone) -> {
                    Made made = make(place, keyring, sidecar, retention.main.clock, session.console());
                    made.told().write();
                    return tell(session.console(), made, RetentionPlan.later(place.settings(), made.at()));
                });
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    /**
     * A plan.
     *
     * @param failures what could not be read, by reason
     * @param told what is told with it, not yet remembered
     * @param at by which time it is made
     * @param living what Orthanc has not removed of each key that was asked for
     * @param arrived what the plan does not know yet
     */
    record Made(
            List<PlannedStudy> studies,
            Map<String, Long> failures,
            Told told,
            Instant at,
            Map<UUID, List<UUID>> living,
            Arrived arrived) {
        /** Whether of something that this key sealed, and that is there, Orthanc has removed. */
        boolean hasRemoved(UUID key) {
            return studies.stream().anyMatch(study -> study.key().equals(key) && study.living() < study.images());
        }
    }

    static Made make(Place place, Keyring keyring, ControlClient sidecar, Clock clock, Console console)
            throws IOException {
        return make(place, keyring, sidecar, clock, Set.of(), console);
    }

    /** @param named keys whose files are wanted by name */
    static Made make(Place place, Keyring keyring, ControlClient sidecar, Clock clock, Set<UUID> named, Console console)
            throws IOException {
        Instant now = sidecar.patientTime(); // nothing is due because a clock jumped
        TierContents contents = TierContents.of(sidecar);
        LivingNames living = LivingNames.read(place.home(), keyring.home());
        List<Hold> holds = HoldOrders.read(place, keyring, clock).open();
        Told told = Told.read(place.home(), keyring);
        OwnedStudies.learn(place, keyring);
        RetentionPlan plan = new RetentionPlan(place.settings(), now, keyring.owners()::of, named::contains);
        Map<UUID, Instant> arrivals = new HashMap<>();
        Arrived arrived = new Arrived();
        contents.studies(study -> {
            arrived.plan(study);
            if (study.lastArrival() != null) {
                arrivals.put(study.key(), study.lastArrival());
            }
        });
        Map<String, Long> failures;
        try (PlanProgress progress = new PlanProgress(console)) {
            failures = PlanFacts.collect(plan, contents, place.home(), keyring, living, progress);
        }
        List<PlannedStudy> studies = told.keep(plan.studies(keyring::tenantName, arrivals, holds), now);
        return new Made(studies, failures, told, now, plan.living(), arrived);
    }

    /** @param later rules that do not count yet, and from when on */
    private static int tell(Console console, Made made, Map<String, String> later) {
        List<PlannedStudy> plan = made.studies();
        Map<String, Long> failures = made.failures();
        Map<Fate, Long> counts = new EnumMap<>(Fate.class);
        plan.forEach(study -> counts.merge(study.fate(), 1L, Long::sum));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("whole", failures.isEmpty());
        json.put("studies", plan);
        json.put("failures", failures);
        json.put("first", made.told().isFirst());
        json.put("later", later);
        json.put("digest", Approvals.digest(plan));
        console.object(json);
        for (PlannedStudy study : plan) {
            console.line(line(study));
        }
        failures.forEach((reason, count) -> console.line(count + " not read: " + reason));
        counts.forEach((fate, count) -> console.line(fate.word() + ": " + count));
        later.forEach(
                (rule, day) -> console.line("Rule " + rule + " counts from " + day + " on, and keeps nothing yet"));
        if (made.told().isFirst()) {
            console.line("Nothing is remembered of earlier plans: what is shorter than it was is not seen");
        }
        if (!Approvals.due(plan).isEmpty()) {
            console.line("What is due: strongroom retention approve " + Approvals.digest(plan));
        }
        if (!failures.isEmpty()) {
            console.line(
                    "Not whole: what was not read may say that more has to stay. Run it again when it can be read.");
        }
        return failures.isEmpty() ? Console.DONE : Console.NOT_DONE;
    }

    /** A study, for people. */
    static String line(PlannedStudy study) {
        String name = study.study().isEmpty() ? "key " + study.key() : study.study();
        String until = study.until().isEmpty()
                ? ""
                : " until " + study.until()
                        + (study.shortened() == null
                                ? ", " + study.because().get(0).citation()
                                : "");
        String holds = study.holds().isEmpty() ? "" : " by " + study.holds();
        String shorter = study.shortened() == null
                ? ""
                : "; SHORTENED: now until " + study.shortened().until() + " by "
                        + study.shortened().rule() + ", told before by "
                        + study.shortened().told();
        return name + "  " + study.fate().word() + holds + until + shorter
                + (study.doubts().isEmpty() ? "" : "; " + String.join("; ", study.doubts()));
    }
}
