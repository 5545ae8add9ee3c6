package org.strongroom.plugin.offline.recover;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.KitFile;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.install.Distribution;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.kit.Share;
import org.strongroom.plugin.kit.ShareFile;
import org.strongroom.plugin.offline.kit.KitCommand;
import org.strongroom.plugin.offline.kit.KitShares;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.recover.EmptyHome;
import org.strongroom.plugin.recover.FormerLog;
import org.strongroom.plugin.recover.HomeRecovery;
import org.strongroom.plugin.recover.RecoveredConfiguration;
import org.strongroom.plugin.recover.RecoveryNote;
import org.strongroom.plugin.recover.RegisteringOrthanc;
import org.strongroom.plugin.recover.Registration;
import org.strongroom.plugin.recover.RunningAccess;
import org.strongroom.plugin.recover.TierAddress;
import org.strongroom.plugin.supervise.BareTier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "recover",
        description =
                "Make a working PACS of one tier and the recovery kit, on a machine that has nothing else: keys and"
                        + " journal in Home, Orthanc's configuration in the file that --config names, and every study"
                        + " listed again. Whatever interrupts it, the same command goes on where it was. Run it as the"
                        + " user that is to run Orthanc.")
public final class RecoverCommand implements Callable<Integer> {
    private static final int PASSPHRASE = 24;

    @ParentCommand
    private Program main;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIER",
            description = "A tier that the configuration names, a folder, s3://BUCKET/PREFIX or"
                    + " azure://ACCOUNT/CONTAINER/PREFIX, as the sheets tell.")
    private String from;

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "Strongroom.Home to be made.")
    private Path folder;

    @Option(
            names = "--passphrase",
            paramLabel = "FILE",
            description =
                    "The new passphrase, in its first line; made if it is not there. Default: strongroom-passphrase"
                            + " beside the configuration, unless that names a root key.")
    private Path passphrase;

    @Option(names = "--endpoint", paramLabel = "URL", description = "Of a store that is not AWS or Azure itself.")
    private URI endpoint;

    @Option(names = "--region", description = "Of the bucket.")
    private String region;

    @Option(names = "--credentials", paramLabel = "FILE", description = "The store's, as a tier's settings name it.")
    private Path credentials;

    @Option(
            names = "--orthanc",
            paramLabel = "FILE",
            description =
                    "Orthanc's program, which runs meanwhile and talks to nobody. Default: Orthanc on this machine.")
    private Path program;

    @Parameters(arity = "1..*", paramLabel = "FILES", description = "Sheets (PDF), or text files with their words.")
    private List<Path> files;

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Home home = new Home(folder);
        try {
            RecoveredConfiguration configuration = RecoveredConfiguration.of(session.config());
            boolean running = PluginLock.isHeld(home);
            if (running) {
                RunningAccess.require(configuration, home, () -> mayHaveSnapshot(home));
            }
            String tier = complete(session, configuration, home);
            configuration.write();
            Place place;
            RecoveryTiers tiers;
            RecoveryNote note;
            try {
                place = Place.of(session);
                place.requireOwner();
                if (!running) {
                    RecoveredIndex.check(session, note(home, tier));
                }
                tiers = tiers(session, place, tier);
                note = running ? note(home, tier) : make(session, place, tier, tiers);
            } catch (RuntimeException | IOException | InterruptedException e) {
                if (!Keyring.exists(home)) {
                    configuration.takeBack(); // the next call may name the tier, or what opens it, otherwise
                }
                throw e;
            }
            return register(session, configuration, place, note, tiers, running);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private RecoveryTiers tiers(Session session, Place place, String tier) {
        return new RecoveryTiers(
                place.home(),
                name -> new BareTier(place.home(), place.sidecar(), name),
                place.settings().tiers().keySet(),
                tier,
                main.clock,
                session.console()::note);
    }

    private static boolean mayHaveSnapshot(Home home) {
        ControlClient sidecar = ControlClient.connect(home);
        return RunningAccess.mayHaveSnapshot(sidecar.status().tiers().keySet(), sidecar::tierObjects);
    }

    /** The name that the tier has in the configuration. */
    private String complete(Session session, RecoveredConfiguration configuration, Home home) throws IOException {
        configuration.home(home);
        String tier = from;
        if (!configuration.hasTier(from)) {
            TierAddress address = new TierAddress(
                    from, Optional.ofNullable(endpoint), Optional.ofNullable(region), Optional.ofNullable(credentials));
            tier = configuration.tier(address.settings(home));
        }
        if (!configuration.hasRootKey()) {
            Path file = passphrase != null ? passphrase : session.config().resolveSibling("strongroom-passphrase");
            configuration.passphrase(file.toAbsolutePath());
            if (!Files.exists(file)) {
                makePassphrase(file.toAbsolutePath());
                session.console().note("Made a new passphrase: keep a second copy of " + file + " somewhere else");
            }
        }
        configuration.complete(Distribution.folder(), home);
        return tier;
    }

    private static void makePassphrase(Path file) throws IOException {
        byte[] random = new byte[PASSPHRASE];
        new SecureRandom().nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    private RecoveryNote note(Home home, String tier) throws IOException {
        return RecoveryNote.read(home.recovery()).orElseGet(() -> RecoveryNote.begun(tier, main.clock.instant()));
    }

    /** Makes keys and journal, unless an earlier call did. */
    private RecoveryNote make(Session session, Place place, String tier, RecoveryTiers tiers)
            throws IOException, InterruptedException {
        Home home = place.home();
        if (!Keyring.exists(home)) {
            EmptyHome.require(home); // before anything is written there
        }
        HomeLock lock = place.takeOverToRecover();
        try (lock) {
            if (Keyring.exists(home)) {
                Keyring.open(home, place.source(), main.clock).close();
                KitShares.read(place.installation(), files)
                        .combine(place.installation())
                        .destroy();
                RecoveryNote earlier = note(home, tier);
                tiers.goOn(earlier);
                return earlier;
            }
            EmptyHome.require(home);
            RecoveryNote begun = RecoveryNote.begun(tier, main.clock.instant());
            begun.write(home.recovery());
            session.console().note("Reading keys and journal from tier " + tier);
            Installation claimed = choose(tiers.one().claims());
            KitShares shares = KitShares.read(claimed, files);
            Key32 secret = shares.combine(claimed);
            try {
                Share any = shares.any();
                HomeRecovery all = tiers.each(claimed.id());
                Making making = () -> tiers.make(all, claimed, secret, place.source(), begun);
                RecoveryNote made = recorded(home, tier, any.kitName(), all.formerLogs(), making);
                made.write(home.recovery());
                new KitFile(any.kitName(), files.size(), any.need(), main.clock.instant(), null, null)
                        .write(home.kit());
                Keyring.open(home, place.source(), main.clock).close(); // which tells the sidecar which tenant is which
                return made;
            } finally {
                secret.destroy();
            }
        }
    }

    /** Makes keys and journal. */
    @FunctionalInterface
    private interface Making {
        RecoveryNote run() throws IOException, InterruptedException;
    }

    /** The beginning is in the audit log, behind where the former ones ended, before there is any key. */
    private RecoveryNote recorded(Home home, String tier, String kit, List<FormerLog> former, Making making)
            throws IOException, InterruptedException {
        List<FormerLog> logs = FormerLog.untold(former, home.pendingAudit());
        try (AuditTap audit = AuditTap.open(home, main.clock, RunningTime.system())) {
            logs.forEach(log -> audit.record(log.gap(tier)));
            audit.record(KitCommand.event("recovering", kit).with("tier", tier).with("shares", files.size()));
            RecoveryNote made = making.run();
            audit.record(KitCommand.event("recovered", kit)
                    .with("tier", tier)
                    .with("keys", made.keys())
                    .with("journal", made.entries())
                    .with("proven", made.proven()));
            return made;
        }
    }

    private Installation choose(List<Installation> claims) throws IOException {
        int kit = ShareFile.read(files.get(0)).fingerprint();
        return claims.stream()
                .filter(claim -> Share.fingerprint(claim.recoveryKey()) == kit)
                .findFirst()
                .orElse(claims.get(0));
    }

    private int register(
            Session session,
            RecoveredConfiguration configuration,
            Place place,
            RecoveryNote note,
            RecoveryTiers tiers,
            boolean running)
            throws IOException, InterruptedException {
        Home home = place.home();
        RecoverReport report = new RecoverReport(session.console(), home, session.config(), note);
        Set<String> variables = session.environment().keySet();
        if (running) {
            report.access(configuration.access(home, variables));
            return registered(report, session, home, note, () -> requireRunning(home), false);
        }
        Optional<Path> orthanc = program != null
                ? Optional.of(program)
                : RegisteringOrthanc.installed(session.environment().getOrDefault("PATH", ""));
        RecoveryNote listed = new RecoveredIndex(session, place, main.clock)
                .bring(
                        note,
                        tiers,
                        orthanc,
                        () -> { // before anybody starts an Orthanc with it
                            report.access(configuration.access(home, variables));
                            requirePlaces(session, home);
                        });
        if (orthanc.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.NOT_FOUND, "keys and journal are there, and no Orthanc to list the studies")
                    .cure("Install Orthanc (Debian: apt install orthanc) and run the same command again; or start"
                            + " Orthanc with "
                            + session.config() + " where it is, and then this");
        }
        // One that is away would be waited for: what is in it might be there twice.
        RegisteringOrthanc own = RegisteringOrthanc.start(
                orthanc.get(),
                home,
                configuration,
                tiers.leftOut(place.installation().id()));
        try (own) {
            return registered(report, session, home, listed, own::requireAlive, true);
        }
    }

    /** Orthanc would not start with these settings, and say so in its log alone. */
    private static void requirePlaces(Session session, Home home) throws IOException {
        try {
            TenantPlaces.of(home).require(session.configuration().settings());
        } catch (StrongroomException e) {
            throw e.with("--config", session.config())
                    .cure(e.cure()
                            + ". Or name the only tenant as before. Then run the same command again: it goes"
                            + " on where it was");
        }
    }

    /** The keys come of the kit alone, and images were read with them. */
    private void prove(Home home, String tier) throws IOException {
        Optional<KitFile> kit = KitFile.read(home.kit());
        if (kit.isPresent()) {
            kit.get().proven(main.clock.instant(), tier).write(home.kit());
        }
    }

    private static void requireRunning(Home home) {
        try {
            if (PluginLock.isHeld(home)) {
                return;
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc has ended")
                .cure("Start it, or not; then run the same command again: it goes on where it was");
    }

    /** @param sheets whether this call has read them, and they are the kit's */
    private int registered(
            RecoverReport report, Session session, Home home, RecoveryNote note, Runnable requireAlive, boolean sheets)
            throws IOException, InterruptedException {
        ProgressBar bar = new ProgressBar(session.console());
        try (bar) {
            Registration.Outcome outcome = new Registration(
                            home, requireAlive, main.sleeper, RunningTime.system(), report.watching(bar))
                    .run();
            bar.close();
            RecoveryNote ended = outcome.whole() ? note.ended(main.clock.instant()) : note;
            ended.write(home.recovery());
            if (sheets && outcome.registered() > 0) {
                prove(home, note.tier());
            }
            report.tell(ended, outcome);
            return outcome.whole() ? Console.DONE : Console.NOT_DONE;
        }
    }
}
