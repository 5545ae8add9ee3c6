package org.strongroom.plugin.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Reads that wait for a line. They have threads of their own, so that storage workers never do, and a limit, so that
 * Orthanc keeps HTTP threads for everything else. Of those that wait a few at a time open what has come: decision 0082. Thread-safe.
 */
final class ColdReads implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(5);
    /** Of the heap, for each that opens at the same time: it takes less than a quarter of this. */
    private static final long SHARE = 36L << 20;

    /** What is larger comes in pieces, and each of them may have to be waited for: */
    private static final long NEAR = 16L << 20;
    /** so who waits behind them waits so many times as long. */
    private static final int LARGE_PATIENCE = 4;
    /** A head that is longer takes as much memory again. */
    private static final int LONG_HEAD = 1 << 20;

    private final ThreadPoolExecutor threads;
    private final Semaphore turns;
    /** Half of them: those that wait for pieces leave the others to those that do not. */
    private final Semaphore ofLarge;

    private final Duration patience;

    /**
     * @param limit reads that may wait at the same time; more are told to come back
     * @param patience how long one of them waits for others that open what has come
     */
    ColdReads(int limit, Duration patience) {
        this.patience = patience;
        int all = turns(Runtime.getRuntime().maxMemory());
        this.turns = new Semaphore(all, true);
        this.ofLarge = new Semaphore(all / 2, true);
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

    /** Opens what has come. */
    @FunctionalInterface
    interface Opening {
        void open() throws IOException;
    }

    /**
     * Opens what has come when it is its turn: how many do at the same time is a matter of memory.
     *
     * @param size of the whole file
     * @param head plain bytes of its head
     * @throws StrongroomException UNAVAILABLE if others take too long
     */
    void inTurn(long size, int head, Opening opening) throws IOException {
        int share = head > LONG_HEAD ? 2 : 1;
        if (size > NEAR) {
            inTurn(ofLarge, 1, patience.multipliedBy(LARGE_PATIENCE), () -> inTurn(turns, share, patience, opening));
        } else {
            inTurn(turns, share, patience, opening);
        }
    }

    private static void inTurn(Semaphore turns, int share, Duration patience, Opening opening) throws IOException {
        if (!isTurn(turns, share, patience)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "other reads of evicted images take too long")
                    .cure("Try again in a moment, or raise Strongroom.Java.Heap");
        }
        try {
            opening.open();
        } finally {
            turns.release(share);
        }
    }

    private static boolean isTurn(Semaphore turns, int share, Duration patience) {
        try {
            return turns.tryAcquire(share, patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How many open at the same time in a heap of so many bytes. */
    static int turns(long heap) {
        return Math.toIntExact(Math.max(2, heap / SHARE));
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
