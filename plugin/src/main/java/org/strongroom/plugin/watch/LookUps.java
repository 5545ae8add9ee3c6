package org.strongroom.plugin.watch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.access.Resource;

/**
 * Asks which study a request is about, and waits only so long: Orthanc's index may be slow, and the image is wanted now. Never throws.
 * Thread-safe.
 */
final class LookUps implements AutoCloseable {
    /** A study that a request names but nobody can tell now. */
    static final List<String> UNKNOWN = List.of("unknown");

    private static final Duration LONGEST = Duration.ofSeconds(2);
    /** After one that took too long the next ones wait less for a while: they would add up to more than a request may take. */
    private static final Duration HASTE = Duration.ofMillis(50);

    private static final Duration WHILE = Duration.ofSeconds(10);
    private static final Logger LOG = System.getLogger(LookUps.class.getName());
    private static final int THREADS = 4;
    /** With the threads more than the filter has workers: it is full only of what nobody waits for any more. */
    private static final int WAITING = 16;

    private final Function<Resource, Optional<List<String>>> known;
    private final Function<Resource, List<String>> keys;
    private final RunningTime time;
    private final AtomicBoolean told = new AtomicBoolean();
    private final ThreadPoolExecutor threads;
    private volatile Duration hasteUntil;

    /**
     * @param known keys of a resource's studies, if they are told at once
     * @param keys the same, however long it takes
     */
    LookUps(Function<Resource, Optional<List<String>>> known, Function<Resource, List<String>> keys, RunningTime time) {
        this.known = known;
        this.keys = keys;
        this.time = time;
        this.hasteUntil = time.now();
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), LookUps::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "strongroom-watch");
        thread.setDaemon(true);
        return thread;
    }

    /** Key ids of its studies; {@link #UNKNOWN} if they are not told in time. */
    List<String> keysOf(Resource resource) {
        return known.apply(resource).orElseGet(() -> ask(resource));
    }

    private List<String> ask(Resource resource) {
        Future<List<String>> answer;
        try {
            answer = threads.submit(() -> keys.apply(resource));
        } catch (RejectedExecutionException e) {
            return unknown(e);
        }
        boolean haste = time.now().compareTo(hasteUntil) < 0;
        try {
            return answer.get((haste ? HASTE : LONGEST).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            hasteUntil = haste ? hasteUntil : time.now().plus(WHILE);
            answer.cancel(false); // not interrupted: that would close the files it reads
            return unknown(e);
        } catch (ExecutionException e) {
            return unknown(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    /** That somebody asked is recorded all the same. */
    private List<String> unknown(Throwable why) {
        if (told.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "Orthanc does not tell (in time) which study a request is about ({0}): the audit log says \"unknown\"",
                    why.getClass().getName());
        }
        return UNKNOWN;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
