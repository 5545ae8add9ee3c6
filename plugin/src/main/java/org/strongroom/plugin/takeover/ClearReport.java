package org.strongroom.plugin.takeover;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Notices;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;

/** What is told of the sealing, to the log and to the sidecar, which shows it in its status. For one thread, but for {@link #shown}. */
final class ClearReport {
    private static final Logger LOG = System.getLogger(ClearReport.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Supplier<ControlClient> sidecar;
    private final RunningTime time;
    private Duration next = Duration.ZERO;
    private long waiting;
    private long waitingBytes;
    private long sealed;
    private long sealedBytes;
    private long unknown;
    private long failed;
    private Problem failure;
    private StrongroomException obstacle;
    private volatile ClearProgress shown = new ClearProgress(0, 0, 0, 0, 0, null);

    ClearReport(Supplier<ControlClient> sidecar, RunningTime time) {
        this.sidecar = sidecar;
        this.time = time;
    }

    /** What was counted when a pass began. */
    void begin(long files, long bytes) {
        counted(files, bytes);
        failed = 0;
        failure = null;
    }

    /** What was counted when it ended: what is left and did not fail, nobody knows. */
    void end(long files, long bytes, boolean all) {
        counted(files, bytes);
        unknown = all ? Math.max(0, files - failed) : 0;
        if (sealed > 0 || files > 0) {
            LOG.log(
                    Level.INFO,
                    "Files of the time before Strongroom: {0} sealed, {1} in clear, of which {2} are not in Orthanc''s index",
                    sealed,
                    waiting,
                    unknown);
        }
    }

    private void counted(long files, long bytes) {
        waiting = files;
        waitingBytes = bytes;
    }

    void sealed(long bytes) {
        obstacle = null;
        sealed++;
        sealedBytes += bytes;
        waiting = Math.max(0, waiting - 1);
        waitingBytes = Math.max(0, waitingBytes - bytes);
    }

    /** Everything waits for this. The log has it too, once: a sidecar that is away tells nobody. */
    void waitsFor(StrongroomException why) {
        if (obstacle == null
                || obstacle.kind() != why.kind()
                || !obstacle.text().equals(why.text())) {
            LOG.log(Level.WARNING, "Files of the time before Strongroom stay in clear and wait", why);
        }
        obstacle = why;
    }

    /**
     * One file stays in clear for now; the others go on.
     *
     * @return what is shown of it
     */
    Problem failed(StrongroomException why) {
        LOG.log(Level.WARNING, "A file of the time before Strongroom is not sealed; it stays in clear", why);
        obstacle = null;
        Problem problem = new Problem(why.kind(), why.text() + " " + why.context(), why.cure());
        stays(problem);
        return problem;
    }

    /** As {@link #failed}, known from a pass before. */
    void stays(Problem why) {
        failed++;
        failure = why;
    }

    /** As it was told last. For any thread. */
    ClearProgress shown() {
        return shown;
    }

    private ClearProgress progress() {
        return new ClearProgress(waiting, waitingBytes, sealed, sealedBytes, unknown, problem());
    }

    private Problem problem() {
        if (obstacle != null) {
            return new Problem(
                    obstacle.kind(), "files of the time before Strongroom wait: " + obstacle.text(), obstacle.cure());
        }
        return failure == null
                ? null
                : new Problem(
                        failure.kind(),
                        failed + " files of the time before Strongroom are not sealed and stay in clear: "
                                + failure.message(),
                        failure.cure());
    }

    /** Tells the sidecar, every few seconds at most. */
    void tell() {
        shown = progress();
        if (time.now().compareTo(next) >= 0) {
            tellNow();
        }
    }

    /** A hint: it is told again. Where nothing ever was in clear, nothing is said. */
    void tellNow() {
        shown = progress();
        if (waiting + sealed + failed == 0 && obstacle == null) {
            return;
        }
        next = time.now().plus(EVERY);
        try {
            sidecar.get().notices(new Notices(List.of(), null, shown));
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "the sidecar was not told how much is sealed", e);
        }
    }
}
