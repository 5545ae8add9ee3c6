package org.strongroom.sidecar.round;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.sidecar.problem.Problems;

/**
 * A task that is run until it is closed: at once while it says that there is more, else after a pause or a {@link #wake}. A
 * failure is a problem until the task next succeeds, and never ends the round. Thread-safe.
 */
public final class Round implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Round.class);
    private static final int DOUBLINGS = 6;
    /** A problem that is over must not be told for hours: so long at most, or its usual pause, until a round is tried again. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);

    private final String name;
    private final Duration pause;
    private final Problems problems;
    private final Task task;
    private final Semaphore calls = new Semaphore(0);
    private final Thread thread;
    /** In a row; written by the thread alone. */
    private volatile int failures;

    private volatile boolean closed;

    /** What a round does. */
    @FunctionalInterface
    public interface Task {
        /** Does some of it; true if there is more to do at once. */
        boolean run() throws Exception;
    }

    /**
     * Starts it.
     *
     * @param name of the thread and of its problem
     * @param pause between two runs; after several failures up to 2^6 times as long
     */
    public Round(String name, Duration pause, Problems problems, Task task) {
        this.name = name;
        this.pause = pause;
        this.problems = problems;
        this.task = task;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the pause, now or the next. */
    public void wake() {
        calls.release();
    }

    /** Ends the pause that follows a failure. */
    public void tryAgain() {
        if (failures > 0) {
            wake();
        }
    }

    private void run() {
        while (!closed) {
            boolean more = false;
            try {
                more = task.run();
                failures = 0;
                problems.clear("round/" + name);
            } catch (InterruptedException e) {
                break;
            } catch (Exception | Error e) {
                // An error as well: want of threads or stack is over some time, and nobody misses a thread that ended.
                if (closed) {
                    break;
                }
                failures = Math.min(failures + 1, DOUBLINGS);
                report(e);
            }
            if (!more && !pause()) {
                break;
            }
        }
    }

    private void report(Throwable e) {
        if (e instanceof StrongroomException failure) {
            LOG.debug("round {}", name, e);
            problems.raise("round/" + name, failure);
        } else if (e instanceof IOException disk) {
            LOG.error("round {}", name, e);
            StrongroomException failure =
                    DiskFailures.ofAny(disk, "the sidecar's part \"" + name + "\" cannot read or write a file");
            problems.raise(
                    "round/" + name,
                    failure.kind() == FailureKind.FULL
                            ? failure
                            : failure.cure(
                                    "Look at the disk that holds Strongroom.Home (mount, permissions, kernel log),"
                                            + " then into the sidecar's log"));
        } else {
            LOG.error("round {}", name, e);
            problems.raise(
                    "round/" + name,
                    FailureKind.BUG,
                    "the sidecar's part \"" + name + "\" failed: "
                            + e.getClass().getSimpleName(),
                    "Look into the sidecar's log");
        }
    }

    /** How long a round that comes every {@code pause} waits after so many failures in a row. */
    static Duration pauseAfter(Duration pause, int failures) {
        Duration backOff = pause.multipliedBy(1L << failures);
        Duration most = pause.compareTo(LONGEST_BACK_OFF) > 0 ? pause : LONGEST_BACK_OFF;
        return backOff.compareTo(most) < 0 ? backOff : most;
    }

    private boolean pause() {
        try {
            if (calls.tryAcquire(pauseAfter(pause, failures).toMillis(), TimeUnit.MILLISECONDS)) {
                calls.drainPermits();
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Lets it end, without waiting for what it is doing. */
    public void stop() {
        closed = true;
        thread.interrupt();
    }

    /** Ends it and waits a little for what it is doing. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
