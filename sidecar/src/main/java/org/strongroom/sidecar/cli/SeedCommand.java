package org.strongroom.sidecar.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.SeedReconciled;
import org.strongroom.core.control.SeedStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "seed",
        description = "Carry to a tier on disks what the line would take too long for.",
        subcommands = {SeedCommand.Export.class, SeedCommand.Reconcile.class, SeedCommand.Cancel.class},
        synopsisSubcommandLabel = "COMMAND")
final class SeedCommand {
    @ParentCommand
    private Main main;

    /** The tier that is meant; the only one need not be named. */
    private static String tier(Session session, String named) {
        Set<String> known = session.configuration().settings().tiers().keySet();
        if (named == null && known.size() == 1) {
            return known.iterator().next();
        }
        if (named == null || !known.contains(named)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, named == null ? "which tier?" : "no such tier in the settings")
                    .with("tier", named == null ? "" : named)
                    .with("known", String.join(", ", known))
                    .cure("name one of them with --tier");
        }
        return named;
    }

    private static String size(long packs, long bytes) {
        return Amounts.count(packs, "pack") + ", " + Amounts.bytes(bytes);
    }

    @Command(
            name = "export",
            description =
                    "Write what waits for the line to a disk, in the layout of a directory tier, and read it back. The line"
                            + " leaves alone what is on the disk, until seed reconcile finds it in the tier, or seed cancel."
                            + " Nothing is evicted because it is on a disk. Interrupted, or with the next disk, the same"
                            + " command goes on. Succeeds when nothing is left to write.")
    static final class Export implements Callable<Integer> {
        @ParentCommand
        private SeedCommand parent;

        @Parameters(paramLabel = "DISK", description = "A folder of the disk, empty or begun by this command.")
        private Path disk;

        @Option(names = "--tier", paramLabel = "NAME", description = "Where it is carried to.")
        private String named;

        @Option(names = "--dry-run", description = "Only tell how much there is to write.")
        private boolean dryRun;

        @Option(names = "--same-disk", description = "The folder may be on Home's own file system.")
        private boolean sameDisk;

        @Override
        public Integer call() throws InterruptedException {
            Session session = parent.main.session();
            String tier = tier(session, named);
            SeedStatus before = session.sidecar().seed(tier);
            if (dryRun) {
                session.console().object(before);
                session.console().line(size(before.queued(), before.queuedBytes()) + " to write for tier " + tier);
                return Console.DONE;
            }
            Seeding.Written written;
            try (ProgressBar bar = new ProgressBar(session.console())) {
                Seeding seeding = new Seeding(session::sidecar, parent.main.time, parent.main.sleeper);
                written = seeding.export(
                        tier,
                        disk.toAbsolutePath().normalize().toString(),
                        sameDisk,
                        now -> bar.show(
                                now.bytes(),
                                Math.max(before.queuedBytes(), now.bytes()),
                                size(now.packs(), now.bytes())));
            }
            SeedStatus after = session.sidecar().seed(tier);
            session.console()
                    .object(Map.of(
                            "tier", tier,
                            "packs", written.packs(),
                            "bytes", written.bytes(),
                            "left", after.queued(),
                            "leftBytes", after.queuedBytes(),
                            "full", written.full()));
            session.console().line(size(written.packs(), written.bytes()) + " written to " + disk + " and read back");
            written.reasons().forEach((reason, count) -> session.console()
                    .line(Amounts.count(count, "pack") + " left out: " + reason));
            if (written.full()) {
                session.console()
                        .line("The disk is full: " + size(after.queued(), after.queuedBytes())
                                + " left; go on with the next one");
            }
            return after.queued() == 0 ? Console.DONE : Console.NOT_DONE;
        }
    }

    @Command(
            name = "reconcile",
            description =
                    "Look in the tier for what was carried there on disks: what is there, and the same to the bit, gets receipts"
                            + " like everything else; what is wrong is made anew; the line takes what is missing. Succeeds when"
                            + " nothing was wrong, missing or unreadable.")
    static final class Reconcile implements Callable<Integer> {
        @ParentCommand
        private SeedCommand parent;

        @Option(names = "--tier", paramLabel = "NAME", description = "Where it was carried to.")
        private String named;

        @Option(names = "--keep-waiting", description = "What is missing is on a disk that is still on its way.")
        private boolean keep;

        @Override
        public Integer call() throws InterruptedException {
            Session session = parent.main.session();
            String tier = tier(session, named);
            SeedStatus before = session.sidecar().seed(tier);
            SeedReconciled result;
            try (ProgressBar bar = new ProgressBar(session.console())) {
                result = new Seeding(session::sidecar, parent.main.time, parent.main.sleeper)
                        .reconcile(
                                tier,
                                keep,
                                now -> bar.show(
                                        now.found() + now.wrong() + now.missing() + now.unread(),
                                        before.waiting(),
                                        Amounts.count(now.found(), "pack") + " found"));
            }
            session.console().object(result);
            session.console().line(size(result.found(), result.foundBytes()) + " found in tier " + tier);
            if (result.wrong() > 0) {
                session.console().line(Amounts.count(result.wrong(), "pack") + " not what was on the disk: made anew");
            }
            if (result.missing() > 0) {
                session.console()
                        .line(Amounts.count(result.missing(), "pack") + " not there: "
                                + (keep ? "still waited for" : "the line takes them"));
            }
            if (result.unread() > 0) {
                session.console()
                        .line(Amounts.count(result.unread(), "pack")
                                + " there, and not to be read now (an archive class?): still waited for");
            }
            return result.wrong() + result.missing() + result.unread() == 0 ? Console.DONE : Console.NOT_DONE;
        }
    }

    @Command(name = "cancel", description = "Give up on the disks: the line takes everything that waits for one.")
    static final class Cancel implements Callable<Integer> {
        @ParentCommand
        private SeedCommand parent;

        @Option(names = "--tier", paramLabel = "NAME", description = "Where it was to be carried to.")
        private String named;

        @Override
        public Integer call() {
            Session session = parent.main.session();
            String tier = tier(session, named);
            SeedStatus before = session.sidecar().cancelSeed(tier);
            session.console().object(before);
            session.console()
                    .line(size(before.waiting(), before.waitingBytes()) + " go to tier " + tier + " by the line");
            return Console.DONE;
        }
    }
}
