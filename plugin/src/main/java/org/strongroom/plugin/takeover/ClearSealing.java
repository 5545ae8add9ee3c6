package org.strongroom.plugin.takeover;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.inventory.IndexedFile;
import org.strongroom.plugin.storage.ClearDesk;
import org.strongroom.plugin.storage.Traffic;

/**
 * Seals, on a thread of its own, what is in clear of the time before Strongroom: what the journal says was removed, then everything that
 * Orthanc's index knows, study by study. Nothing need be remembered to go on after a restart: what is still in clear is still to be done.
 * Files that neither knows are counted and left alone. Waits for modalities and readers, and rests as long as it works.
 */
public final class ClearSealing implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ClearSealing.class.getName());
    private static final Duration BEGIN = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(2);
    /** Where somebody always sends or reads, one file goes every so often all the same. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration OBSTACLE = Duration.ofSeconds(10);
    /** A sidecar that is just started answers soon; one that does not must not keep the disk's pass from its end. */
    private static final int ATTEMPTS = 30;

    /** What is the same in an hour, unless somebody does something. */
    private static final Set<FailureKind> LASTING =
            EnumSet.of(FailureKind.CORRUPT, FailureKind.REFUSED, FailureKind.NOT_FOUND);

    private static final Duration LAST_FILE = Duration.ofSeconds(5);

    private final ClearDesk desk;
    private final Traffic traffic;
    private final Index index;
    private final Removals removals;
    private final KeptInClear kept;
    private final ClearReport report;
    private final RunningTime time;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** All attachments that Orthanc's index knows. */
    @FunctionalInterface
    public interface Index {
        void run(Consumer<IndexedFile> each);
    }

    /** Everything that the journal says was removed. */
    @FunctionalInterface
    public interface Removals {
        void run(Consumer<UUID> each) throws IOException;
    }

    /** One way to seal one file. */
    @FunctionalInterface
    private interface Step {
        OptionalLong seal();
    }

    /** The end of the process, through whatever walks. */
    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Closed() {
            super(null, null, false, false);
        }
    }

    /**
     * Begins after a few seconds.
     *
     * @param index empty if only what was removed is to be sealed
     */
    public ClearSealing(
            ClearDesk desk,
            Traffic traffic,
            Optional<Index> index,
            Removals removals,
            KeptInClear kept,
            Supplier<ControlClient> sidecar,
            RunningTime time) {
        this.desk = desk;
        this.traffic = traffic;
        this.index = index.orElse(null);
        this.removals = removals;
        this.kept = kept;
        this.report = new ClearReport(sidecar, time);
        this.time = time;
        this.thread = new Thread(this::run, "strongroom-clear");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Duration next = time.now().plus(BEGIN);
        try {
            while (true) {
                rest(LOOK);
                sealRemoved();
                if (time.now().compareTo(next) >= 0) {
                    pass();
                    next = time.now().plus(AGAIN);
                }
                report.tell();
            }
        } catch (Closed e) {
            LOG.log(Level.DEBUG, "the sealing of clear files ends", e);
        }
    }

    /** How far it is, also where no sidecar can be told. For any thread. */
    public ClearProgress progress() {
        return report.shown();
    }

    /** One pass over everything; what fails as a whole keeps nothing else from being tried. */
    private void pass() {
        Count before = count();
        report.begin(before.files, before.bytes);
        boolean all = true;
        if (before.files > 0) {
            LOG.log(Level.INFO, "{0} files of the time before Strongroom are in clear", before.files);
            all = tried(() -> removals.run(this::sealRemovedBefore));
            all &= index != null && tried(() -> index.run(this::sealKnown));
        }
        kept.forgetUnless(desk::isClear);
        Count after = count();
        report.end(after.files, after.bytes, all);
        report.tellNow();
    }

    private Count count() {
        Count count = new Count();
        tried(() -> desk.visit(count::add));
        return count;
    }

    /** Something that may fail as a whole. */
    @FunctionalInterface
    private interface Walk {
        void run() throws IOException;
    }

    private static boolean tried(Walk walk) {
        try {
            walk.run();
            return true;
        } catch (Closed e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "Clear files are looked for again in an hour", e);
            return false;
        }
    }

    private void sealRemovedBefore(UUID attachment) {
        stopIfClosing();
        if (desk.isClear(attachment)) {
            seal(attachment, () -> desk.sealRemoved(attachment));
        }
    }

    private void sealKnown(IndexedFile file) {
        stopIfClosing();
        sealRemoved();
        if (desk.isClear(file.attachment().uuid())) {
            seal(file.attachment().uuid(), () -> desk.seal(file.attachment(), file.md5()));
        }
    }

    private void sealRemoved() {
        for (Optional<Attachment> one = desk.nextRemoved(); one.isPresent(); one = desk.nextRemoved()) {
            Attachment attachment = one.get();
            seal(attachment.uuid(), () -> desk.sealRemoved(attachment));
        }
    }

    private void seal(UUID attachment, Step step) {
        String stamp = desk.stamp(attachment);
        Optional<Problem> why = kept.why(attachment, stamp);
        if (why.isPresent()) {
            report.stays(why.get());
            return;
        }
        waitForTurn();
        for (int attempt = 1; ; attempt++) {
            Duration start = time.now();
            try {
                step.seal().ifPresent(report::sealed);
                report.tell();
                rest(time.now().minus(start));
                return;
            } catch (StrongroomException e) {
                if (!waits(e, attempt)) {
                    Problem problem = report.failed(e);
                    if (LASTING.contains(e.kind()) && !stamp.isEmpty()) {
                        kept.remember(attachment, stamp, problem);
                    }
                    return;
                }
                report.waitsFor(e);
                report.tell();
                rest(OBSTACLE);
            } catch (Closed e) {
                throw e;
            } catch (RuntimeException e) {
                report.failed(StrongroomException.of(FailureKind.BUG, "a clear file could not be sealed")
                        .cure("Look at Orthanc's log")
                        .causedBy(e));
                return;
            }
        }
    }

    /** For room as long as it takes; for a sidecar or a disk that is away for a while. */
    private static boolean waits(StrongroomException e, int attempt) {
        return e.kind() == FailureKind.FULL || (e.kind().retryable() && attempt < ATTEMPTS);
    }

    private void waitForTurn() {
        Duration end = time.now().plus(PATIENCE);
        stopIfClosing();
        while (!traffic.isQuietFor(QUIET) && time.now().compareTo(end) < 0) {
            rest(Duration.ofMillis(200));
        }
    }

    private void rest(Duration length) {
        try {
            closing.await(length.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Closed();
        }
        stopIfClosing();
    }

    private void stopIfClosing() {
        if (closing.getCount() == 0) {
            throw new Closed();
        }
    }

    /** How much is in clear. */
    private static final class Count {
        private long files;
        private long bytes;

        private void add(UUID attachment, long size) {
            files++;
            bytes += size;
        }
    }

    /** Ends it, and waits a little for the file it is at. An interrupt would close the keyring's and the journal's files under everybody. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(LAST_FILE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
