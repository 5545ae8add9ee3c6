package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A viewer that opens evicted images, one after the other, each until it gets it, whatever happens to Orthanc. Thread-safe. */
public final class ColdReader implements AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Rest rest;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicBoolean reading = new AtomicBoolean(true);
    private final CompletableFuture<Void> running;

    /** @param images what must come, by Orthanc's id */
    public ColdReader(OrthancProcess orthanc, Map<String, byte[]> images) {
        rest = orthanc.rest().patience(Duration.ofSeconds(15));
        running = CompletableFuture.runAsync(
                () -> {
                    while (reading.get()) {
                        images.forEach(this::open);
                    }
                },
                task -> new Thread(task, "viewer").start());
    }

    /** Returns when so many more images have been opened, or one was not as it should be. */
    public void awaitMore(int images) {
        int enough = opened.get() + images;
        await().atMost(Duration.ofMinutes(2)).until(() -> opened.get() >= enough || running.isCompletedExceptionally());
    }

    /** Stops; throws if an image was not, bit by bit, what it should have been. */
    @Override
    public void close() {
        reading.set(false);
        running.join();
    }

    /** One a second, so that there are cold ones for a while; who has opened all begins again. */
    private void open(String id, byte[] image) {
        while (reading.get() && !comes(id, image)) {
            Senders.pause();
        }
        LockSupport.parkNanos(SECOND_NANOS);
        Senders.pause();
    }

    private boolean comes(String id, byte[] image) {
        try {
            HttpResponse<byte[]> answer = rest.send("GET", "/instances/" + id + "/file", null);
            if (answer.statusCode() != 200) {
                return false;
            }
            assertThat(answer.body()).isEqualTo(image);
            opened.incrementAndGet();
            return true;
        } catch (UncheckedIOException noAnswer) {
            return false;
        }
    }
}
