package org.strongroom.core.time;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A task that is run again and again, with a pause between, on a daemon thread of its own, until it is closed. What it throws
 * is logged and does not end it. Thread-safe.
 */
public final class Pulse implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Pulse.class.getName());
    private static final Duration LAST_RUN = Duration.ofSeconds(5);

    private final Semaphore wakes = new Semaphore(0);
    private volatile boolean closing;
    private final Duration pause;
    private final Runnable task;
    private final Thread thread;

    /** Starts it. */
    public Pulse(String name, Duration pause, Runnable task) {
        this.pause = pause;
        this.task = task;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            do {
                runOnce();
                if (wakes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakes.drainPermits();
                }
            } while (!closing);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "{0} ends", thread.getName());
        }
    }

    private void runOnce() {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // a machine that has no thread left has some again in a while
            LOG.log(Level.ERROR, thread.getName() + " failed; it is tried again", e);
        }
    }

    /** Whether {@link #close} was called: a long task ends itself then. */
    public boolean isClosing() {
        return closing;
    }

    /** Runs it at once, or once more when the present run is over. */
    public void wake() {
        wakes.release();
    }

    /** Ends it and waits a little for what it is doing. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(LAST_RUN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
