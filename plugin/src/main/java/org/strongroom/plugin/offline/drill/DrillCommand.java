package org.strongroom.plugin.offline.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.DrillNotice;
import org.strongroom.core.control.DrillResult;
import org.strongroom.core.control.Drills;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.ByteSize;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.kit.KitShares;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.offline.place.SizeOption;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.TierContents;
import org.strongroom.plugin.postgres.PostgresPrograms;
import org.strongroom.plugin.recover.DrillScratch;
import org.strongroom.plugin.recover.RegisteringOrthanc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "drill",
        description =
                "Try a recovery: from a tier alone into a scratch folder, which is deleted again. Opens keys, journal,"
                        + " the newest snapshot's index, the first image of each study and some by chance, and measures"
                        + " how long a recovery takes and up to when it goes. The PACS goes on; nothing is written to a"
                        + " tier. Exit status 0 only if all that was tried was right. Run it as Orthanc's user, by a"
                        + " timer.")
public final class DrillCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Option(
            names = "--from",
            paramLabel = "TIER",
            description = "The tier's name or place. Default: the one that was not tried for longest.")
    private String from;

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "50",
            description = "Open so many images by chance. Default: ${DEFAULT-VALUE}")
    private int images;

    @Option(
            names = "--bytes",
            paramLabel = "SIZE",
            defaultValue = "1 GB",
            converter = SizeOption.class,
            description = "Read no more of images than this; those by chance come first. Default: ${DEFAULT-VALUE}")
    private ByteSize bytes;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Folder for the scratch folder " + DrillScratch.NAME
                    + ", with room for Orthanc's index, twice, in clear. Default: beside the index.")
    private Path to;

    @Option(
            names = "--orthanc",
            paramLabel = "FILE",
            description = "Orthanc's program, which opens the index and talks to nobody. Default: Orthanc on this"
                    + " machine.")
    private Path program;

    @Option(names = "--dry-run", description = "Only say what would be read.")
    private boolean dryRun;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILES",
            description = "Sheets (PDF), or text files with their words. Without them the clinic's root key opens the"
                    + " tier.")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Place place = Place.of(session);
        Optional<Key32> kit = Optional.empty();
        try {
            place.requireOwner();
            Installation installation = place.installation();
            String tier = tier(place);
            if (!files.isEmpty()) {
                kit = Optional.of(KitShares.read(installation, files).combine(installation));
            } else {
                Keyring.read(place.home(), place.source(), main.clock)
                        .close(); // another root key proves nothing of a tier
            }
            DrillKeys keys = new DrillKeys(kit, place.source());
            // Only one that runs: a sidecar of our own would ship, and this machine may be the one that was replaced.
            return drill(session, place, installation, tier, keys, session.sidecar());
        } catch (IOException e) {
            throw Place.unreadable(e);
        } finally {
            kit.ifPresent(Key32::destroy);
        }
    }

    private String tier(Place place) throws IOException {
        if (from != null) {
            return place.tier(from);
        }
        Map<String, DrillResult> last = drills(place.home()).tiers();
        return place.settings().tiers().keySet().stream()
                .min(Comparator.comparing(name -> Optional.ofNullable(last.get(name))
                        .map(DrillResult::ended)
                        .orElse(Instant.MIN)))
                .orElseThrow(() -> StrongroomException.of(FailureKind.REFUSED, "there is no tier to recover from")
                        .cure("Add one: Strongroom.Tiers"));
    }

    /** What cannot be read is written anew. */
    private static Drills drills(Home home) throws IOException {
        try {
            return Drills.read(home.drills());
        } catch (StrongroomException e) {
            return Drills.NONE;
        }
    }

    private int drill(
            Session session, Place place, Installation installation, String tier, DrillKeys keys, ControlClient sidecar)
            throws IOException, InterruptedException {
        MeteredContents contents = new MeteredContents(TierContents.of(sidecar));
        boolean snapshot = place.settings().snapshots().enabled()
                && (Place.indexFile(session).isPresent()
                        || Place.postgres(session).isPresent());
        Drill.Extent extent = new Drill.Extent(images, bytes.bytes(), snapshot);
        if (dryRun) {
            DrillPlan.of(contents, tier, extent).tell(session.console());
            return Console.DONE;
        }
        Optional<Instant> oldest = oldest(place, sidecar.status(), tier);
        DrillReport report;
        ProgressBar bar = new ProgressBar(session.console());
        DrillScratch scratch = DrillScratch.make(place.home(), installation.id(), parent(session, place), tiers(place));
        try (scratch;
                bar) {
            Drill drill = new Drill(
                    contents,
                    tier,
                    place.home(),
                    installation,
                    keys,
                    scratch,
                    main.clock,
                    RunningTime.system(),
                    bar::show);
            report = new DrillReport(
                    drill.run(faults -> index(session, place, scratch, faults, bar), extent, oldest),
                    main.clock.instant());
        } catch (StrongroomException e) {
            recordBroken(place, sidecar, tier, broken(keys, contents, e), e);
            throw e;
        } catch (IOException e) {
            StrongroomException why = Place.unreadable(e);
            recordBroken(place, sidecar, tier, broken(keys, contents, why), why);
            throw why;
        }
        report.tell(session.console());
        record(place, sidecar, tier, report.result());
        return report.proven() ? Console.DONE : Console.NOT_DONE;
    }

    /** When what this tier lacks began to arrive; empty if nobody knows, because others' receipts are enough for what arrives. */
    private static Optional<Instant> oldest(Place place, Status status, String tier) {
        Status.TierStatus there = status.tiers().get(tier);
        boolean needed = place.settings().copies().isEmpty()
                && there != null
                && there.counts()
                && there.permitted()
                && there.drain() == null;
        return needed ? Optional.ofNullable(status.backlog().oldest()) : Optional.empty();
    }

    private DrillIndex index(Session session, Place place, DrillScratch scratch, List<Fault> faults, ProgressBar bar) {
        Optional<Path> orthanc = program != null
                ? Optional.of(program)
                : RegisteringOrthanc.installed(session.environment().getOrDefault("PATH", ""));
        return new DrillIndex(
                scratch,
                place.sidecar(),
                PostgresPrograms.unconnected(session.environment()),
                orthanc,
                place.home().run().resolve("drill-orthanc.log"),
                place.settings().cache().reserve(),
                RunningTime.system(),
                main.sleeper,
                faults,
                words -> bar.show(0, 1, words));
    }

    private Path parent(Session session, Place place) {
        if (to != null) {
            if (!Files.isDirectory(to)) {
                throw StrongroomException.of(FailureKind.REFUSED, "there is no such folder")
                        .with("--to", to)
                        .cure("Make it, on a disk with room for Orthanc's index, twice");
            }
            return to;
        }
        return Place.indexFile(session).map(Path::getParent).orElse(place.home().root());
    }

    /** Nothing is written into a tier, nor where sealed files are looked for. */
    private static List<Path> tiers(Place place) {
        List<Path> forbidden = new ArrayList<>();
        for (TierSettings tier : place.settings().tiers().values()) {
            tier.directory().ifPresent(forbidden::add);
        }
        Home home = place.home();
        forbidden.addAll(List.of(home.spool(), home.cache(), home.keyring(), home.journal(), home.snapshots()));
        place.settings().spoolMirror().ifPresent(forbidden::add);
        return forbidden;
    }

    private DrillResult broken(DrillKeys keys, MeteredContents contents, StrongroomException e) {
        return new DrillResult(
                main.clock.instant(),
                false,
                null,
                keys.words(),
                null,
                null,
                null,
                null,
                0,
                contents.bytes(),
                1,
                e.text());
    }

    private static void recordBroken(
            Place place, ControlClient sidecar, String tier, DrillResult result, StrongroomException why) {
        try {
            record(place, sidecar, tier, result);
        } catch (IOException | StrongroomException e) {
            why.addSuppressed(e);
        }
    }

    private static void record(Place place, ControlClient sidecar, String tier, DrillResult result) throws IOException {
        Home home = place.home();
        Drills all = drills(home).of(place.settings().tiers().keySet());
        DrillResult last = all.tiers().get(tier);
        DrillResult whole = last == null ? result : result.after(last);
        all.with(tier, whole).write(home.drills());
        sidecar.drilled(new DrillNotice(tier, whole, System.getProperty("user.name", "")));
    }
}
