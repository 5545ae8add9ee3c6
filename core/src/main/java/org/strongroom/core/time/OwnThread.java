package org.strongroom.core.time;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work that may hang for ever, in somebody else's code or server: the thread is left to it. Stateless. */
public final class OwnThread {
    private OwnThread() {}

    /**
     * What {@code work} gives.
     *
     * @param name of the thread
     * @throws ExecutionException if it throws a checked exception; unchecked ones come as they are
     */
    public static <T> T within(String name, Duration time, Callable<T> work)
            throws ExecutionException, TimeoutException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw e;
        }
    }
}
