package org.strongroom.plugin.offline.tenant;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.assign.AssignmentText;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.tenant.OwnedStudies.Study;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "assign",
        description =
                "Give studies to another tenant: those that wait in quarantine, that were here before there were several"
                        + " tenants, or, with --from, another tenant's. Orthanc may run or not.")
final class TenantAssignCommand implements Callable<Integer> {
    @ParentCommand
    private TenantCommand command;

    @ArgGroup(multiplicity = "1")
    private Which which;

    /** What is given. */
    static final class Which {
        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "A study: StudyInstanceUID, Orthanc's id of the study, or key id; may be given again.")
        private List<String> studies = List.of();

        @Option(
                names = "--source",
                paramLabel = "NAME",
                description =
                        "Every study of which all was sent by this modality (its title) or user, as the audit log says.")
        private String source;
    }

    @Option(names = "--to", required = true, paramLabel = "TENANT", description = "Whose they become.")
    private String to;

    @Option(
            names = "--from",
            paramLabel = "TENANT",
            description =
                    "Whose they are. Must be said if that is a tenant of the settings; with --source only this one's.")
    private String from;

    @Option(names = "--by", required = true, paramLabel = "NAME", description = "Who decides it.")
    private String by;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason;

    @Option(names = "--dry-run", description = "Only say what would be given to whom.")
    private boolean dryRun;

    @Override
    public Integer call() throws InterruptedException {
        Session session = command.session();
        Place place = Place.of(session);
        requireTenants(place);
        Clock clock = command.main.clock;
        try (Keyring keyring = Keyring.read(place.home(), place.source(), clock)) {
            OwnedStudies studies = OwnedStudies.read(place, keyring);
            Origins origins = Origins.read(command.arrivals);
            List<Study> giving = new ArrayList<>();
            Map<Study, String> left = new LinkedHashMap<>();
            for (Study study : chosen(studies, origins, keyring)) {
                Optional<String> why = whyNot(study, origins, place);
                why.ifPresentOrElse(text -> left.put(study, text), () -> giving.add(study));
            }
            if (which.source == null && !left.isEmpty() && !dryRun) {
                Map.Entry<Study, String> first = left.entrySet().iterator().next();
                throw StrongroomException.of(FailureKind.REFUSED, "a study cannot be given: nothing was done")
                        .with("study", first.getKey().printable())
                        .with("why", first.getValue())
                        .cure("Look what there is: strongroom tenant list --tenant "
                                + first.getKey().owner());
            }
            if (!dryRun) {
                try (AssignmentDesk desk = AssignmentDesk.open(session, place, keyring, clock)) {
                    for (Study study : giving) {
                        AssignmentText text = new AssignmentText(by, reason, study.owner(), to);
                        desk.carryOut(Assignments.order(keyring, text, study.given()));
                    }
                }
            }
            return tell(session.console(), giving, left);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private void requireTenants(Place place) {
        if (!place.settings().keepsTenantsApart()) {
            throw AccessControl.oneTenant();
        }
        if (!place.settings().tenants().containsKey(to)) {
            throw StrongroomException.of(FailureKind.REFUSED, "no such tenant in the settings")
                    .with("tenant", to)
                    .cure("Name one of Strongroom.Tenants: "
                            + place.settings().tenants().keySet());
        }
    }

    private Set<Study> chosen(OwnedStudies studies, Origins origins, Keyring keyring) throws IOException {
        Set<Study> chosen = new LinkedHashSet<>();
        for (String name : which.studies) {
            List<UUID> keys = keyring.names().ofStudy(name);
            keys.forEach(key -> studies.of(key).ifPresent(chosen::add));
            if (keys.isEmpty()) {
                throw StrongroomException.of(
                                FailureKind.NOT_FOUND, "nothing of this was ever sealed here, or it is erased")
                        .cure("Name it as Orthanc or strongroom tenant list shows it");
            }
        }
        if (which.source != null) {
            for (Study study : studies.all()) {
                boolean wanted =
                        from == null ? !study.owner().equals(to) : study.owner().equals(from);
                if (wanted && origins.of(study.given()).contains(which.source)) {
                    chosen.add(study);
                }
            }
        }
        return chosen;
    }

    /** What speaks against it; the plugin looks again, at what is true then. */
    private Optional<String> whyNot(Study study, Origins origins, Place place) {
        String owner = study.owner();
        boolean anybodys = owner.equals(AccessSettings.QUARANTINE)
                || !place.settings().tenants().containsKey(owner);
        Set<String> sent = origins.of(study.given());
        if (owner.equals(to)) {
            return Optional.of("it is " + to + "'s already");
        } else if (from != null && !from.equals(owner)) {
            return Optional.of("it is " + owner + "'s, not " + from + "'s");
        } else if (from == null && !anybodys) {
            return Optional.of("it is " + owner + "'s: say --from " + owner + " if that is meant");
        } else if (study.other().isPresent()) {
            return Optional.of("something of it is " + study.other().get() + "'s");
        } else if (which.source != null && sent.size() > 1) {
            return Optional.of(
                    "others have sent something of it as well (" + String.join(", ", sent) + "): name it with --study");
        } else if (!study.isNamed() || study.given().size() > JournalEntry.MOST_ASSIGNED) {
            return Optional.of("it has no StudyInstanceUID, or too many keys");
        }
        return Optional.empty();
    }

    private int tell(Console console, List<Study> given, Map<Study, String> left) {
        List<Map<String, Object>> done = new ArrayList<>();
        List<Map<String, Object>> not = new ArrayList<>();
        for (Study study : given) {
            done.add(Map.of("key", study.given().get(0), "study", study.printable(), "from", study.owner(), "to", to));
            console.line(
                    (dryRun ? "Would go" : "Goes") + " from " + study.owner() + " to " + to + ": " + study.printable());
        }
        left.forEach((study, why) -> {
            not.add(Map.of("key", study.given().get(0), "study", study.printable(), "why", why));
            console.line("Stays: " + study.printable() + ", " + why);
        });
        console.object(Map.of("dryRun", dryRun, "given", done, "left", not));
        if (given.isEmpty() && left.isEmpty()) {
            console.line("Nothing of it is to be given to " + to);
        }
        return left.isEmpty() ? Console.DONE : Console.NOT_DONE;
    }
}
