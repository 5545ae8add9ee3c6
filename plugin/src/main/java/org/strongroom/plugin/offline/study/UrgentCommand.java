package org.strongroom.plugin.offline.study;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.UrgentRequest;
import org.strongroom.core.control.UrgentResult;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "urgent",
        description =
                "Have studies go to the tiers before all others (STAT), for a day: what has arrived of them, and what still"
                        + " does, is packed within half a minute and overtakes whatever is being sent, behind nobody but who waits for"
                        + " bytes. It does not wait for them: see status --study.")
public final class UrgentCommand implements Callable<Integer> {
    private static final int AT_ONCE = 500;

    @ParentCommand
    private Program main;

    @Option(
            names = "--study",
            required = true,
            paramLabel = "STUDY",
            description = "These studies: StudyInstanceUID, Orthanc's id of the study, or key id.")
    private List<String> studies = List.of();

    @Option(names = "--off", description = "They are as all others again.")
    private boolean off;

    @Override
    public Integer call() {
        Session session = main.session();
        NamedStudies named = NamedStudies.of(Place.of(session), main.clock, Set.copyOf(studies), Set.of());
        Set<UUID> known = new HashSet<>();
        long instances = 0;
        long bytes = 0;
        ControlClient sidecar = session.sidecar();
        List<UUID> keys = named.all();
        for (int done = 0; done < keys.size(); done += AT_ONCE) {
            List<UUID> some = keys.subList(done, Math.min(keys.size(), done + AT_ONCE));
            UrgentResult result = sidecar.urgent(new UrgentRequest(some, !off));
            known.addAll(result.keys());
            instances += result.instances();
            bytes += result.bytes();
        }
        long gone = named.keys().values().stream()
                .filter(each -> each.stream().noneMatch(known::contains))
                .count();
        session.console().object(new UrgentResult(List.copyOf(known), instances, bytes));
        session.console()
                .line((off ? "As all others again: " : "First: ")
                        + Amounts.count(instances, "instance") + " (" + Amounts.bytes(bytes)
                        + ") that have not enough receipts yet, and what comes");
        if (gone > 0) {
            session.console()
                    .note(Amounts.count(gone, "name")
                            + " of which nothing is left here or in the tiers: nothing to ship");
        }
        return named.tellUnknown(session.console()) && gone == 0 ? Console.DONE : Console.NOT_DONE;
    }
}
