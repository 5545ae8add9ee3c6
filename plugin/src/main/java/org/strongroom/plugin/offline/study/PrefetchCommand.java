package org.strongroom.plugin.offline.study;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.PrefetchRequest;
import org.strongroom.core.control.PrefetchResult;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "prefetch",
        description =
                "Bring evicted studies back to this machine before they are opened, as those of tomorrow's patients, behind"
                        + " whoever waits for bytes. Interrupted, it goes on until the sidecar ends; asked again, it goes on where"
                        + " it was. Fails if anything stays away, or a name is of nothing that was ever sealed here.")
public final class PrefetchCommand implements Callable<Integer> {
    private static final int AT_ONCE = 500;
    /** With which programs on Windows begin a file. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final Duration PAUSE = Duration.ofSeconds(2);

    @ParentCommand
    private Program main;

    @Option(
            names = "--study",
            paramLabel = "STUDY",
            description = "These studies: StudyInstanceUID, Orthanc's id of the study, or key id.")
    private List<String> studies = List.of();

    @Option(names = "--patient", paramLabel = "ID", description = "All studies of the patients with these PatientIDs.")
    private List<String> patients = List.of();

    @Option(
            names = "--patients",
            paramLabel = "FILE",
            description =
                    "The same, one PatientID in a line; - reads them from standard input. Unlike arguments, nobody else on"
                            + " this machine sees them.")
    private Path list;

    @Option(names = "--no-wait", description = "Only have it begun.")
    private boolean leave;

    @Option(
            names = "--stop",
            description = "Nothing that was asked for before comes any more, except what is on its way right now.")
    private boolean stop;

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Set<String> named = new HashSet<>(patients);
        named.addAll(listed());
        if (studies.isEmpty() && named.isEmpty() && !stop) {
            throw StrongroomException.of(FailureKind.REFUSED, "nothing to bring is named")
                    .cure("Name it: --study STUDY, --patient ID or --patients FILE");
        }
        if (stop) {
            session.sidecar().prefetch(new PrefetchRequest(List.of(), false, true));
            session.console().line("Nothing is brought any more, except what is on its way");
        }
        return studies.isEmpty() && named.isEmpty() ? Console.DONE : bring(session, new HashSet<>(studies), named);
    }

    private List<String> listed() {
        if (list == null) {
            return List.of();
        }
        try (BufferedReader lines = list.toString().equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(list)) {
            return lines.lines()
                    .map(line -> line.replace(BYTE_ORDER_MARK, "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw StrongroomException.of(FailureKind.REFUSED, "the list of patients cannot be read")
                    .with("file", list)
                    .causedBy(e)
                    .cure("Give a text file in UTF-8, one PatientID in a line");
        }
    }

    private int bring(Session session, Set<String> byStudy, Set<String> byPatient) throws InterruptedException {
        NamedStudies named = NamedStudies.of(Place.of(session), main.clock, byStudy, byPatient);
        List<UUID> keys = named.all();
        PrefetchResult first = ask(session.sidecar(), keys, true);
        PrefetchResult last = leave ? first : await(session, keys, first);
        session.console().object(last);
        session.console().line(text(first, last));
        last.waitsFor().forEach(problem -> session.console().line("Stays away: " + text(problem)));
        boolean done = named.tellUnknown(session.console()) && (leave || (last.coming() == 0 && last.bytes() == 0));
        return done ? Console.DONE : Console.NOT_DONE;
    }

    private static PrefetchResult ask(ControlClient sidecar, List<UUID> all, boolean begin) {
        PrefetchResult sum = PrefetchResult.NOTHING;
        for (int done = 0; done < all.size(); done += AT_ONCE) {
            List<UUID> some = all.subList(done, Math.min(all.size(), done + AT_ONCE));
            try {
                sum = sum.plus(sidecar.prefetch(new PrefetchRequest(some, begin, false)));
            } catch (StrongroomException e) {
                throw begin && done > 0 ? e.with("coming", Amounts.count(done, "key")) : e;
            }
        }
        return sum;
    }

    private PrefetchResult await(Session session, List<UUID> keys, PrefetchResult first) throws InterruptedException {
        Optional<Instant> end = session.timeout().map(main.clock.instant()::plus);
        PrefetchResult last = first;
        Set<Problem> told = new HashSet<>();
        try (ProgressBar bar = new ProgressBar(session.console())) {
            while (last.coming() > 0 && end.map(main.clock.instant()::isBefore).orElse(true)) {
                bar.show(
                        first.bytes() - last.bytes(),
                        first.bytes(),
                        Amounts.bytes(last.bytes()) + " and " + Amounts.count(last.instances(), "instance")
                                + " to come");
                last.waitsFor().stream().filter(told::add).forEach(problem -> session.console()
                        .note("Waits for: " + text(problem)));
                main.sleeper.sleep(PAUSE);
                last = ask(session.sidecar(), keys, false);
            }
        }
        return last;
    }

    private static String text(Problem problem) {
        return problem.message() + (problem.cure().isEmpty() ? "" : ". " + problem.cure());
    }

    private static String text(PrefetchResult first, PrefetchResult last) {
        if (last.coming() == 0 && last.bytes() > 0 && last.waitsFor().isEmpty()) {
            return "Nobody brings them any more, " + Amounts.count(last.instances(), "instance")
                    + " to come: the sidecar has ended meanwhile, or somebody stopped it. Ask again";
        }
        if (last.coming() > 0 || last.bytes() > 0) {
            return Amounts.count(last.instances(), "instance") + " to come, " + Amounts.bytes(last.bytes());
        }
        return first.bytes() == 0
                ? "Nothing to bring: all is here"
                : Amounts.count(first.instances(), "instance") + " brought, " + Amounts.bytes(first.bytes());
    }
}
