package org.strongroom.plugin.bridge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.error.FailureKind;

/**
 * Threads that take requests from one of the loader's queues until it is closed. Whatever is thrown becomes an error code
 * for the request, never the end of the worker.
 */
final class Workers {
    private static final long TAKE_MILLISECONDS = 10_000;
    private static final long STACK_BYTES = 1 << 20;

    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch ended;

    /** What is done with a request. Must end it, or keep it to be ended later. */
    @FunctionalInterface
    interface Work {
        void on(Request request) throws Exception;
    }

    Workers(int count, Request.Queue queue, LoaderFunctions functions, OrthancLog log, Work work) {
        ended = new CountDownLatch(count);
        for (int i = 1; i <= count; i++) {
            Thread thread = new Thread(
                    null,
                    () -> run(queue, functions, log, work),
                    "strongroom-" + queue.name().toLowerCase(Locale.ROOT) + "-" + i,
                    STACK_BYTES);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Waits for the workers of a closed queue; whether all have ended. */
    boolean await(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(Request.Queue queue, LoaderFunctions functions, OrthancLog log, Work work) {
        try {
            LoaderFunctions.Taken taken = functions.take(queue, TAKE_MILLISECONDS);
            while (!taken.closed()) {
                taken.request().ifPresent(request -> perform(request, log, work));
                taken = functions.take(queue, TAKE_MILLISECONDS);
            }
        } finally {
            ended.countDown();
        }
    }

    private static void perform(Request request, OrthancLog log, Work work) {
        try {
            work.on(request);
        } catch (Throwable e) { // an Error must end the request too
            request.fail(e);
            try {
                report(request + " failed. " + Failures.describe(e), Failures.kind(e), log);
            } finally {
                Failures.haltIfBroken(e);
            }
        }
    }

    private static void report(String line, FailureKind kind, OrthancLog log) {
        if (kind == FailureKind.BUG) {
            log.error(line);
        } else {
            log.warning(line);
        }
    }
}
