package org.strongroom.plugin.offline.unseal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.FileLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.home.SpoolMirror;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.takeover.KeptInClear;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "unseal",
        description =
                "Take everything back: write every sealed file that Orthanc has not removed into its StorageDirectory,"
                        + " in clear, from the tiers where need be, so that Orthanc reads everything without Strongroom."
                        + " Orthanc must be stopped. What is there already is left; nothing sealed is deleted. Fails"
                        + " unless everything is there.")
public final class UnsealCommand implements Callable<Integer> {
    /** What a file costs a file system beside its bytes, at most, and its share of folders. */
    private static final long OVERHEAD = 8 << 10;

    private static final int TOLD = 20;

    @ParentCommand
    private Program main;

    @Option(names = "--dry-run", description = "Only tell how much that is, and whether there is room.")
    private boolean dryRun;

    /** What there is to do. */
    private static final class Plan {
        private final List<FileLine> files = new ArrayList<>();
        private long bytes;
        private long fetched;
        private long there;
    }

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Place place = Place.of(session);
        try {
            requireStopped(place);
            // The keys first: without them nothing need be started or asked.
            Keyring.read(place.home(), place.source(), main.clock).close();
            return SidecarAccess.runLong(session, place, main.sleeper, (sidecar, alone) -> {
                if (alone) {
                    return unseal(session, place, sidecar);
                }
                // A sidecar that is a service of its own: no Orthanc may start meanwhile.
                HomeLock lock = HomeLock.take(place.home());
                try (lock) {
                    return unseal(session, place, sidecar);
                }
            });
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private static void requireStopped(Place place) throws IOException {
        if (PluginLock.isHeld(place.home())) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "Orthanc runs, and would store new images sealed meanwhile")
                    .with("Strongroom.Home", place.home().root())
                    .cure("Stop Orthanc, and run this again; start it without Strongroom afterwards");
        }
    }

    private int unseal(Session session, Place place, ControlClient sidecar) throws IOException {
        Path storage =
                Place.orthancFolder(session, session.configuration().orthanc().storageDirectory());
        ClearFolder folder = new ClearFolder(storage);
        try (Keyring keyring = Keyring.read(place.home(), place.source(), main.clock)) {
            Unsealing unsealing = new Unsealing(
                    sidecar,
                    keyring,
                    place.home(),
                    new SpoolMirror(place.home(), place.settings().spoolMirror()),
                    folder);
            KeptInClear kept = KeptInClear.open(place.home().keptInClear(), main.clock);
            List<NotClear> failed = new ArrayList<>();
            Optional<Path> index = Place.indexFile(session);
            Plan plan = plan(sidecar, unsealing, failed);
            long room = folder.room();
            long needed = plan.bytes + OVERHEAD * plan.files.size();
            if (dryRun) {
                Set<UUID> known = attachments(failed);
                plan.files.forEach(file -> known.add(file.attachment()));
                failed.addAll(missing(sidecar, index, folder, known, kept));
                return tellPlan(session.console(), plan, needed, room, index.isPresent(), failed);
            }
            if (needed > room) {
                throw StrongroomException.of(FailureKind.FULL, "StorageDirectory has no room for everything")
                        .with("needed", Amounts.bytes(needed))
                        .with("free", Amounts.bytes(room))
                        .cure("Make room on its disk, or move StorageDirectory to a larger one");
            }
            long done;
            AuditEvent event = AuditEvent.of(AuditType.EXPORT)
                    .by(AuditEvent.COMMAND_LINE)
                    .with("account", System.getProperty("user.name", ""))
                    .with("way", "unseal")
                    .with("what", "all");
            try (AuditTap audit = AuditTap.open(place.home(), main.clock, RunningTime.system())) {
                audit.record(event.with("phase", "begin"));
                done = write(session.console(), plan, unsealing, failed);
                AuditEvent end = event.with("phase", "end").with("written", done);
                audit.record(failed.isEmpty() ? end : end.failed("not everything was written in clear"));
            }
            failed.addAll(missing(sidecar, index, folder, attachments(failed), kept));
            return tell(session.console(), plan, done, index.isPresent(), failed);
        }
    }

    private static Set<UUID> attachments(List<NotClear> some) {
        return some.stream().map(NotClear::attachment).collect(Collectors.toCollection(HashSet::new));
    }

    /** What Orthanc's index knows and will not find, beside what is in {@code known}; nothing if it is in a database server. */
    private static List<NotClear> missing(
            ControlClient sidecar, Optional<Path> index, ClearFolder folder, Set<UUID> known, KeptInClear kept)
            throws IOException {
        IndexProof proof = new IndexProof(folder, known, kept);
        try {
            index.ifPresent(file -> sidecar.index(file, line -> {
                try {
                    proof.look(line);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return proof.missing();
    }

    private static Plan plan(ControlClient sidecar, Unsealing unsealing, List<NotClear> failed) throws IOException {
        Plan plan = new Plan();
        List<FileLine> all = new ArrayList<>();
        sidecar.files(all::add);
        for (FileLine file : all) {
            try {
                if (unsealing.isThere(file)) {
                    plan.there++;
                } else {
                    plan.files.add(file);
                    plan.bytes += file.bytes();
                    plan.fetched += file.local() ? 0 : 1;
                }
            } catch (StrongroomException e) {
                failed.add(new NotClear(file.attachment(), e));
            }
        }
        return plan;
    }

    /** One file that cannot be had keeps no other; a disk that takes none ends it. */
    private static long write(Console console, Plan plan, Unsealing unsealing, List<NotClear> failed)
            throws IOException {
        long done = 0;
        long bytes = 0;
        try (ProgressBar bar = new ProgressBar(console)) {
            for (FileLine file : plan.files) {
                try {
                    unsealing.unseal(file);
                    done++;
                } catch (StrongroomException e) {
                    failed.add(new NotClear(file.attachment(), e));
                }
                bytes += file.bytes();
                bar.show(bytes, plan.bytes, Amounts.count(done, "file"));
            }
        }
        return done;
    }

    private static int tellPlan(
            Console console, Plan plan, long needed, long room, boolean compared, List<NotClear> failed) {
        boolean fits = needed <= room && failed.isEmpty();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("files", plan.files.size());
        told.put("bytes", plan.bytes);
        told.put("alreadyThere", plan.there);
        told.put("fromTiers", plan.fetched);
        told.put("needed", needed);
        told.put("free", room);
        told.put("compared", compared);
        told.put("possible", fits);
        console.object(told);
        console.line(Amounts.count(plan.files.size(), "file") + " to write in clear, " + Amounts.bytes(plan.bytes)
                + "; " + plan.fetched + " come from tiers; " + plan.there + " are there already");
        console.line("Needs " + Amounts.bytes(needed) + " of " + Amounts.bytes(room) + " that are free: "
                + (needed <= room ? "there is room." : "there is no room."));
        tellFailed(console, failed);
        tellNotCompared(console, compared);
        return fits ? Console.DONE : Console.NOT_DONE;
    }

    private static int tell(Console console, Plan plan, long done, boolean compared, List<NotClear> failed) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("written", done);
        told.put("alreadyThere", plan.there);
        told.put("failed", failed.stream().map(NotClear::attachment).toList());
        told.put("compared", compared);
        told.put("complete", failed.isEmpty());
        console.object(told);
        console.line(Amounts.count(done, "file") + " written in clear, " + plan.there + " were there already");
        tellFailed(console, failed);
        tellNotCompared(console, compared);
        console.line(
                failed.isEmpty()
                        ? (compared ? "Everything that Orthanc's index knows" : "Everything that is sealed")
                                + " is in clear. Take Strongroom out of \"Plugins\" before Orthanc starts: with it"
                                + " everything is sealed again."
                        : "Not everything is in clear: " + Amounts.count(failed.size(), "file")
                                + " missing. Mend it and run this again; it goes on where it was.");
        return failed.isEmpty() ? Console.DONE : Console.NOT_DONE;
    }

    private static void tellNotCompared(Console console, boolean compared) {
        if (!compared) {
            console.line("Not compared with Orthanc's index, which is in a database server: that strongroom fsck found"
                    + " nothing missing while Orthanc ran is the only proof.");
        }
    }

    private static void tellFailed(Console console, List<NotClear> failed) {
        for (NotClear one : failed.subList(0, Math.min(TOLD, failed.size()))) {
            console.line(one.why().kind() + ": " + one.why().text() + " (attachment " + one.attachment() + "). "
                    + one.why().cure());
        }
        if (failed.size() > TOLD) {
            console.line("… and " + (failed.size() - TOLD) + " more");
        }
    }
}
