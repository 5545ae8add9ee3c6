package org.strongroom.plugin.storage;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Reads that wait for a line. They have threads of their own, so that storage workers never do, and a limit, so that
 * Orthanc keeps HTTP threads for everything else. Thread-safe.
 */
final class ColdReads implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final ThreadPoolExecutor threads;

    /** @param limit reads that may wait at the same time; more are told to come back */
    ColdReads(int limit) {
        this.threads = new ThreadPoolExecutor(
                0, limit, IDLE.toMillis(), TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "strongroom-cold");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Runs {@code answer} on a waiting thread.
     *
     * @throws StrongroomException UNAVAILABLE if too many wait already
     */
    void park(Runnable answer) {
        try {
            threads.execute(answer);
        } catch (RejectedExecutionException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "too many reads wait for studies in the cloud")
                    .with("limit", threads.getMaximumPoolSize())
                    .cure("Try again in a moment, or raise Strongroom.Read.ColdRequests")
                    .causedBy(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
