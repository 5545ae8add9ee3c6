package org.strongroom.plugin.offline.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.RepairRequest;
import org.strongroom.core.control.RepairResult;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.settings.Configuration;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.offline.place.SidecarAccess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "fsck",
        description =
                "Compare Orthanc's index, this machine's files, the ledger and the tiers: what is orphaned, missing, twice or"
                        + " corrupt, and what can be done. Changes nothing without --repair. Fails unless everything is where"
                        + " it belongs. Where no sidecar runs, one is started meanwhile.")
public final class FsckCommand implements Callable<Integer> {
    private static final int REPAIRS_AT_ONCE = 100;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int LOOKS_FOR_ORTHANC = 10;

    @ParentCommand
    private Program main;

    @Option(names = "--deep", description = "Open everything with the keys as well, here and in the tiers.")
    private boolean deep;

    @Option(
            names = "--repair",
            description =
                    "Do what the plan says, after asking, and compare again. What it forgets is purged after Forget.Grace.")
    private boolean repair;

    @Option(names = "--yes", description = "With --repair: do not ask.")
    private boolean yes;

    @Option(
            names = "--pause",
            paramLabel = "DURATION",
            description =
                    "After this long what seems wrong is looked at again: by then an image that was being stored or"
                            + " deleted is where it belongs. Longer where Orthanc's database is slow; shorter only without"
                            + " --repair. Default: 10 s.")
    private Duration pause;

    @Option(
            names = "--rebuild",
            description =
                    "First have the ledger made anew, of the files here and what the tiers hold, while Orthanc is stopped. The one"
                            + " there is is set aside. If it is lost or damaged this happens by itself.")
    private boolean rebuild;

    @Option(names = "--dry-run", description = "With --repair or --rebuild: only tell the plan.")
    private boolean dryRun;

    private Optional<LedgerRebuild> rebuilding = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        requirePause();
        Session session = main.session();
        Place place = Place.of(session);
        try {
            if (deep) {
                // The keys first: without them nothing need be started or asked.
                Keyring.read(place.home(), place.source(), main.clock).close();
            }
            if (rebuild) {
                requireAlone(session, place);
                if (dryRun) {
                    return LedgerRebuild.tell(
                            session.console(),
                            place.home(),
                            place.settings().tiers().keySet(),
                            main.clock.instant());
                }
                HomeLock lock = HomeLock.take(place.home());
                try (lock) {
                    rebuilding = Optional.of(LedgerRebuild.begin(place.home(), main.clock.instant(), main.sleeper));
                }
            }
            return SidecarAccess.run(session, place, main.sleeper, (sidecar, alone) -> {
                if (alone || orthancRuns(place)) {
                    return fsck(session, place, sidecar, alone);
                }
                // A sidecar that is a service, or was left behind, and no Orthanc: none may start while its index is
                // read.
                place.requireOwner();
                HomeLock lock = HomeLock.take(place.home());
                try (lock) {
                    return fsck(session, place, sidecar, true);
                }
            });
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    /**
     * That the sidecar heard of it says nothing: one that was stopped or killed just now counts as connected for another minute. One that is being reset
     * has let go of Home for a moment, and must find it free.
     */
    private boolean orthancRuns(Place place) throws IOException, InterruptedException {
        for (int look = 0; look < LOOKS_FOR_ORTHANC && !PluginLock.isHeld(place.home()); look++) {
            main.sleeper.sleep(LOOK);
        }
        return PluginLock.isHeld(place.home());
    }

    private Duration pause() {
        return pause == null ? Protocol.FSCK_PAUSE : pause;
    }

    /** What is only on its way must not be repaired. */
    private void requirePause() {
        if (repair && !dryRun && pause().compareTo(Protocol.FSCK_PAUSE) < 0) {
            throw StrongroomException.of(FailureKind.REFUSED, "so short a pause is for looking only")
                    .cure("Leave out --pause, or --repair");
        }
        if (pause().compareTo(LONGEST_PAUSE) > 0) {
            throw StrongroomException.of(FailureKind.REFUSED, "--pause is more than an hour")
                    .cure("Give it a shorter one");
        }
    }

    private void requireAlone(Session session, Place place) throws IOException, InterruptedException {
        place.requireOwner();
        place.installation();
        if (PluginLock.isHeld(place.home())) {
            throw StrongroomException.of(FailureKind.REFUSED, "Orthanc runs, or another command")
                    .with("Strongroom.Home", place.home().root())
                    .cure("Stop Orthanc first: its sidecar uses the ledger");
        }
        SidecarAccess.awaitNone(session, place, main.sleeper);
    }

    private int fsck(Session session, Place place, ControlClient sidecar, boolean offline)
            throws IOException, InterruptedException {
        FsckReport report = rebuilding.isPresent()
                ? rebuilding
                        .get()
                        .await(
                                sidecar,
                                place.settings().tiers().keySet(),
                                session.console(),
                                main.sleeper,
                                () -> compare(session, place, sidecar, offline))
                : compare(session, place, sidecar, offline);
        if (repair && !dryRun && !report.repairs().isEmpty() && agreed(session.console(), report)) {
            RepairResult done = repair(session.console(), sidecar, report);
            report = compare(session, place, sidecar, offline);
            report.repaired(done);
        }
        rebuilding.ifPresent(report::rebuilt);
        report.tell(session.console());
        return report.sound() ? Console.DONE : Console.NOT_DONE;
    }

    private FsckReport compare(Session session, Place place, ControlClient sidecar, boolean offline)
            throws IOException {
        FsckReport report = new FsckReport();
        try (ProgressBar bar = new ProgressBar(session.console())) {
            Configuration configuration = session.configuration();
            if (offline && !configuration.indexInFile()) {
                report.notCompared("Orthanc's index is in a database server, which only Orthanc asks: start Orthanc");
            }
            Path storage = Place.orthancFolder(session, configuration.orthanc().storageDirectory());
            Optional<Path> index = offline ? Place.indexFile(session) : Optional.empty();
            sidecar.fsck(index.orElse(null), index.isPresent() ? storage : null, pause(), line -> {
                if (line instanceof Finding finding) {
                    report.add(finding);
                } else if (line instanceof FsckLine.Progress progress) {
                    bar.show(progress.done(), progress.all(), words(progress));
                } else if (line instanceof FsckLine.Result result) {
                    report.add(result);
                }
            });
            if (!report.isComplete()) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the comparison ended early")
                        .cure("Look at Home/run/sidecar.log, and try again");
            }
            if (deep) {
                try (Keyring keyring = Keyring.read(place.home(), place.source(), main.clock)) {
                    new DeepCheck(sidecar, place, keyring, report, bar).run();
                }
            }
        }
        return report;
    }

    private static String words(FsckLine.Progress progress) {
        return progress.all() > 0
                ? progress.step()
                : progress.step() + (progress.done() > 0 ? ", " + progress.done() : "");
    }

    private boolean agreed(Console console, FsckReport report) {
        if (yes) {
            return true;
        }
        report.planLines().forEach(console::note);
        if (main.answer.isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "nobody is there to be asked whether to do this")
                    .cure("look at the plan with --dry-run, then run: strongroom fsck --repair --yes");
        }
        console.note("Do this? Type yes:");
        return main.answer.get().get().strip().equals("yes");
    }

    private static RepairResult repair(Console console, ControlClient sidecar, FsckReport report) {
        List<Finding> all =
                report.repairs().values().stream().flatMap(List::stream).toList();
        TreeMap<String, Long> kept = new TreeMap<>();
        long done = 0;
        try (ProgressBar bar = new ProgressBar(console)) {
            for (int from = 0; from < all.size(); from += REPAIRS_AT_ONCE) {
                List<Finding> some = all.subList(from, Math.min(all.size(), from + REPAIRS_AT_ONCE));
                RepairResult result = sidecar.repair(new RepairRequest(some, false));
                done += result.done();
                result.kept().forEach(one -> kept.merge(one.reason(), one.instances(), Long::sum));
                bar.show(from + some.size(), all.size(), Amounts.count(done, "finding") + " repaired");
            }
        }
        List<Kept> left = new ArrayList<>();
        kept.forEach((reason, count) -> left.add(new Kept(reason, count)));
        return new RepairResult(done, left);
    }
}
