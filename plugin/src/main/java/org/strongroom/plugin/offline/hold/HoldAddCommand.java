package org.strongroom.plugin.offline.hold;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.hold.Enforcement;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.tenant.OwnedStudies;
import org.strongroom.plugin.offline.tenant.TenantKeys;
import org.strongroom.plugin.offline.tier.PlanFacts;
import org.strongroom.plugin.offline.tier.PlanProgress;
import org.strongroom.plugin.offline.tier.TierContents;
import org.strongroom.plugin.retention.Matches;
import org.strongroom.plugin.retention.RetentionPlan;
import org.strongroom.plugin.retention.StudyQuery;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "add",
        description =
                "Forbid deleting a study, all studies of a patient (also those that come later), all of a tenant, or"
                        + " the studies that are here now of a modality or of some days. What Orthanc removed and nothing"
                        + " has purged yet is held as well. Orthanc may run or not.")
final class HoldAddCommand implements Callable<Integer> {
    /** So many keys fit into a request to the sidecar (1 MiB, 39 bytes each). */
    private static final int MOST = 20_000;

    @ParentCommand
    private HoldCommand hold;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private HoldSelection selection;

    @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Who wants it.")
    private String owner;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Option(
            names = "--restrict",
            description =
                    "With --study or --patient: show it to nobody and let nobody change it either, until the hold is"
                            + " removed (GDPR article 18). docs/access.md says who is excepted.")
    private boolean restrict;

    @Override
    public Integer call() throws InterruptedException {
        Session session = hold.main.session();
        Place place = Place.of(session);
        Optional<StudyQuery> query = selection.query();
        if (restrict) {
            selection.requireStudyOrPatient();
            Enforcement.require(session.configuration());
        }
        try (Keyring keyring = Keyring.read(place.home(), place.source(), hold.main.clock)) {
            if (query.isPresent()) {
                return add(session, place, keyring, query.get());
            }
            return add(session, place, keyring);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int add(Session session, Place place, Keyring keyring) throws IOException {
        List<UUID> held = selection.held(keyring);
        if (held.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing of this was ever sealed here")
                    .cure("Name it as Orthanc shows it; what Orthanc stored before Strongroom is in clear in its"
                            + " StorageDirectory, and nothing holds it");
        }
        if (restrict) {
            requireOneTenants(place, keyring, held);
        }
        HoldText text = restrict ? selection.text(owner, reason).restricting() : selection.text(owner, reason);
        UUID id = carryOut(session, place, keyring, text, held);
        session.console().object(Map.of("hold", id, "keys", held.size(), "restricts", restrict, "failures", Map.of()));
        session.console()
                .line("Hold " + id + " on "
                        + (text.kind() == HoldText.Kind.TENANT ? "a tenant" : Amounts.count(held.size(), "study key"))
                        + (restrict ? ", shown to nobody until it is removed" : ""));
        return Console.DONE;
    }

    /** Another clinic's patient of the same number must not vanish with this one. */
    private static void requireOneTenants(Place place, Keyring keyring, List<UUID> held) throws IOException {
        OwnedStudies.learn(place, keyring);
        try {
            TenantKeys.of(keyring, held, null);
        } catch (StrongroomException e) {
            throw e.cure("Restrict the studies that are meant, one by one: --study");
        }
    }

    /** What is not read may be what is meant, and is held; of what nobody can say whose it is, the command says that it is not. */
    private int add(Session session, Place place, Keyring keyring, StudyQuery query)
            throws IOException, InterruptedException {
        new HoldText(owner, reason, HoldText.Kind.TENANT, query.words()); // whoever has to correct it waits for nothing
        OwnedStudies.learn(place, keyring);
        RetentionPlan plan = new RetentionPlan(place.settings(), hold.main.clock.instant(), keyring.owners()::of);
        Map<String, Long> failures = new TreeMap<>();
        SidecarAccess.run(session, place, hold.main.sleeper, (sidecar, alone) -> {
            LivingNames living = LivingNames.read(place.home(), keyring.home());
            try (PlanProgress progress = new PlanProgress(session.console())) {
                failures.putAll(
                        PlanFacts.collect(plan, TierContents.of(sidecar), place.home(), keyring, living, progress));
            }
            return 0;
        });
        Matches matches = plan.matching(query, keyring::tenantName);
        List<UUID> found = matches.all();
        long unread = failures.values().stream().mapToLong(files -> files).sum();
        if (found.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no study here is what was asked for, or may be")
                    .with("unread", unread)
                    .cure("Look at --modality, --from, --to and --tenant: nothing is held");
        }
        if (found.size() > MOST) {
            throw StrongroomException.of(FailureKind.REFUSED, "this is more than one hold takes")
                    .with("keys", found.size())
                    .with("most", MOST)
                    .with("unread", unread)
                    .cure(
                            unread == 0
                                    ? "Ask for less, several times: a year each, for example"
                                    : "Run it again when every tier answers: what cannot be read is counted as well");
        }
        String words = query.words() + " (" + Amounts.count(found.size(), "key") + ")";
        UUID id = carryOut(session, place, keyring, HoldText.query(owner, reason, words, found), found);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hold", id);
        json.put("keys", found.size());
        json.put("certain", matches.certain().size());
        json.put("possible", matches.possible().size());
        json.put("failures", failures);
        session.console().object(json);
        told(id, matches, failures).forEach(session.console()::line);
        return failures.isEmpty() && !matches.certain().isEmpty() ? Console.DONE : Console.NOT_DONE;
    }

    /** What a query came to, in lines; a mistake in it must not look like a hold on what was meant. */
    static List<String> told(UUID hold, Matches matches, Map<String, Long> failures) {
        List<String> lines = new ArrayList<>();
        failures.forEach((why, files) -> lines.add(files + " not read: " + why));
        int certain = matches.certain().size();
        int possible = matches.possible().size();
        lines.add("Hold " + hold + " on " + Amounts.count(certain + possible, "study key")
                + (possible == 0
                        ? ""
                        : ": " + certain + " match, " + possible + " may, for they do not tell or cannot be read")
                + (failures.isEmpty() ? "" : "; what could not be read is held where it is known whose it is"));
        if (certain == 0) {
            lines.add("No study matches for certain. If that is a mistake: strongroom hold remove " + hold
                    + ", and ask again");
        }
        return lines;
    }

    private UUID carryOut(Session session, Place place, Keyring keyring, HoldText text, List<UUID> held)
            throws IOException {
        HoldOrder order = HoldOrder.add(keyring, text, held);
        HoldOrders.carryOut(order, session, place, keyring, hold.main.clock);
        return order.hold();
    }
}
