package org.strongroom.sidecar;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.SidecarLock;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.index.IndexCopy;
import org.strongroom.sidecar.marker.Agreement;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Placements;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.tier.OpenedTier;
import org.strongroom.sidecar.tier.RetryPolicy;
import org.strongroom.sidecar.tier.TierFactory;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The sidecar's process: {@code run} until it is ended, {@code first-start} to mark the tiers of a new installation, {@code look}
 * to read the small objects of a tier for one that is lost, or {@code index-copy} to copy Orthanc's index for who has the keys.
 */
@Command(
        name = "sidecar",
        description =
                "Ships sealed files to the tiers and fetches them back. Started by the plugin or a service manager.",
        mixinStandardHelpOptions = true,
        subcommands = Look.class)
public final class Sidecar {
    /** Another sidecar has this Home. */
    static final int EXIT_LOCKED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        CommandLine line = new CommandLine(new Sidecar());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            LOG.debug("ended", e);
            PrintWriter err = command.getErr();
            err.println("strongroom sidecar: " + (e instanceof StrongroomException ? e.getMessage() : e.toString()));
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
        return line.execute(arguments);
    }

    /** Serves Home until it is ended. */
    @Command(name = "run", description = "Serve a Home until ended; exit status 3: another sidecar serves it.")
    int run(
            @Option(names = "--home", required = true, description = "Strongroom's Home") Path folder,
            @Option(names = "--stay", description = "Do not end when no plugin is heard of: a service manager ends it")
                    boolean stay,
            @Option(
                            names = "--until-input-ends",
                            description = "End when standard input does: whoever started this is gone then")
                    boolean untilInputEnds)
            throws IOException, InterruptedException {
        Home home = new Home(folder);
        home.createFolders();
        Optional<SidecarLock> lock = SidecarLock.take(home);
        if (lock.isEmpty()) {
            spec.commandLine().getErr().println("strongroom sidecar: another sidecar serves this Home: " + home.root());
            return EXIT_LOCKED;
        }
        HandedSettings handed = HandedSettings.of(home);
        Configuration configuration = handed.configuration();
        UUID installation = Installation.read(home.installation())
                .map(Installation::id)
                .orElseThrow(() -> StrongroomException.of(FailureKind.REFUSED, "Home has no installation yet")
                        .with("home", home.root())
                        .cure("Start Orthanc with the plugin once"));
        Uplink uplink = uplink(configuration);
        List<OpenedTier> opened = open(configuration, uplink);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        SidecarLock held = lock.get();
        try (held;
                Rooms rooms = new Rooms(
                        home,
                        installation,
                        Rules.of(configuration, uplink),
                        tiers(configuration, home, installation, opened, Placements.of(configuration.settings(), home)),
                        uplink,
                        Clock.systemUTC(),
                        RunningTime.system(),
                        Sleeper.SYSTEM);
                Service service = new Service(rooms, stay)) {
            endWithProcess(ended, closed);
            if (untilInputEnds) {
                endWithInput(ended);
            }
            tell(rooms, AuditType.START);
            LOG.info("serving {} for installation {}", home.root(), installation);
            service.await(ended, () -> !stay && handed.areStale());
            LOG.info("ending");
            tell(rooms, AuditType.STOP);
            return 0;
        } finally {
            opened.forEach(OpenedTier::close);
            closed.countDown();
        }
    }

    /** It serves all the same where the disk takes no events: then images cannot arrive either. */
    private static void tell(Rooms rooms, AuditType type) {
        rooms.events.tell(AuditEvent.of(type).by(AuditEvent.STRONGROOM).with("part", "sidecar"));
    }

    /** A signal ends the process only when everything is closed; the main thread itself cannot be waited for, it waits as well. */
    private static void endWithProcess(CountDownLatch ended, CountDownLatch closed) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ended.countDown();
            try {
                if (!closed.await(20, TimeUnit.SECONDS)) {
                    LOG.warn("not everything could be closed in time");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private static void endWithInput(CountDownLatch ended) {
        Thread thread = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        LOG.debug("the input broke off", e);
                    }
                    ended.countDown();
                },
                "input");
        thread.setDaemon(true);
        thread.start();
    }

    /** Marks every tier as this installation's, if all can be. */
    @Command(
            name = "first-start",
            description = "Check that every tier is reachable and no other installation's, then mark them all.")
    int firstStart(
            @Option(names = "--home", required = true, description = "Strongroom's Home") Path folder,
            @Option(
                            names = "--installation",
                            description = "Id of the new installation (otherwise that of Home's installation.json)")
                    UUID installation)
            throws IOException {
        Home home = new Home(folder);
        Configuration configuration = HandedSettings.of(home).configuration();
        UUID id = installation != null
                ? installation
                : Installation.read(home.installation())
                        .map(Installation::id)
                        .orElseThrow(() -> StrongroomException.of(FailureKind.REFUSED, "Home has no installation yet"));
        List<OpenedTier> opened = open(configuration, uplink(configuration));
        try {
            FirstStart.mark(tiers(configuration, home, id, opened, Placements.everywhere(0))
                    .all());
            return 0;
        } finally {
            opened.forEach(OpenedTier::close);
        }
    }

    /** Copies Orthanc's index, for a snapshot. Needs nothing of Home, where it may tell intake to wait. */
    @Command(
            name = "index-copy",
            description =
                    "Copy the SQLite index of an Orthanc that may be running; print for how many milliseconds intake"
                            + " waited, and how many instances it has.")
    int copyIndex(
            @Option(names = "--home", required = true, description = "Strongroom's Home") Path folder,
            @Option(names = "--from", required = true, description = "The index") Path from,
            @Option(names = "--to", required = true, description = "Its copy, which is not there yet") Path to)
            throws IOException, InterruptedException {
        IndexCopy.Copied copied = new IndexCopy(from, to, new Home(folder), Sleeper.SYSTEM).run();
        spec.commandLine().getOut().println(copied.paused().toMillis() + " " + copied.instances());
        return 0;
    }

    static Uplink uplink(Configuration configuration) {
        return new Uplink(
                new Timetable(configuration.settings().uplink(), ZoneId.systemDefault()),
                Clock.systemUTC(),
                RunningTime.system(),
                Sleeper.SYSTEM);
    }

    private static List<OpenedTier> open(Configuration configuration, Uplink uplink) {
        TierFactory factory = factory(uplink);
        List<OpenedTier> opened = new ArrayList<>();
        configuration.settings().tiers().forEach((name, settings) -> opened.add(factory.open(name, settings)));
        return opened;
    }

    static TierFactory factory(Uplink uplink) {
        return new TierFactory(Clock.systemUTC(), Sleeper.SYSTEM, new SecureRandom(), RetryPolicy.DEFAULT, uplink);
    }

    private static Tiers tiers(
            Configuration configuration, Home home, UUID installation, List<OpenedTier> opened, Placements placements) {
        List<MarkedTier> marked = opened.stream()
                .map(tier -> new MarkedTier(
                        tier.tier(),
                        tier.archive(),
                        installation,
                        () -> Optional.of(tier.meter().health())
                                .filter(health -> !health.healthy())
                                .flatMap(health -> health.lastError().map(StrongroomException::text)),
                        () -> tier.countsBeside(home.root()),
                        configuration.settings().isPermitted(tier.tier().name()),
                        Agreement.of(configuration.settings(), tier.tier().name(), Clock.systemUTC()),
                        RunningTime.system()))
                .toList();
        return new Tiers(marked, placements);
    }
}
