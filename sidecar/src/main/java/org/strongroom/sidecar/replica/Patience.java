package org.strongroom.sidecar.replica;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.Tier;

/**
 * Opens objects and does not wait long for a tier that does not answer: a store's own time-outs are for whoever has no other
 * choice. What is left behind ends by itself. Thread-safe.
 */
final class Patience implements AutoCloseable {
    private final Duration most;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "first-byte");
        thread.setDaemon(true);
        return thread;
    });

    Patience(Duration most) {
        this.most = most;
    }

    /** As {@link Tier#get}, but UNAVAILABLE if the stream is not open in time. */
    InputStream open(Tier tier, String object, long offset, long length) throws IOException {
        CompletableFuture<InputStream> opened =
                CompletableFuture.supplyAsync(() -> tier.get(object, offset, length), threads);
        try {
            return opened.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            Future<Void> unused = opened.thenAccept(Patience::discard);
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the tier does not answer, and another one is asked")
                    .with("tier", tier.name())
                    .causedBy(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StrongroomException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Future<Void> unused = opened.thenAccept(Patience::discard);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for a tier");
        }
    }

    private static void discard(InputStream late) {
        try {
            late.close(); // nobody waits for it any more
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
