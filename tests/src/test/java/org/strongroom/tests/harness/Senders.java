package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.strongroom.core.dicom.SyntheticDicom;

/**
 * Modalities that send one image after the other, whatever happens to Orthanc, and remember what was acknowledged: an answer
 * that is not a success, or none at all, is no acknowledgement. Thread-safe.
 */
public final class Senders implements AutoCloseable {
    private final Rest rest;
    private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicBoolean sending = new AtomicBoolean(true);
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    public Senders(OrthancProcess orthanc, int count) {
        this.rest = orthanc.rest();
        for (int i = 0; i < count; i++) {
            running.add(CompletableFuture.runAsync(this::send, task -> new Thread(task, "sender").start()));
        }
    }

    /** Returns when so many more images have been acknowledged. */
    public void awaitMore(int images) {
        int enough = acknowledged.size() + images;
        await().atMost(Duration.ofMinutes(2)).until(() -> acknowledged.size() >= enough);
    }

    /** Stops sending. */
    @Override
    public void close() {
        sending.set(false);
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    }

    /** Every acknowledged image is known to Orthanc and comes back bit by bit. */
    public void assertNothingLost() {
        List<String> known = rest.instances();
        acknowledged.forEach((id, image) -> {
            assertThat(known).contains(id);
            assertThat(rest.file(id)).isEqualTo(image);
        });
    }

    private void send() {
        while (sending.get()) {
            byte[] image =
                    SyntheticDicom.ct().instance(number.incrementAndGet()).toBytes();
            try {
                HttpResponse<byte[]> answer = rest.send("POST", "/instances", image);
                if (answer.statusCode() == 200) {
                    acknowledged.put(Rest.parse(answer.body()).path("ID").asText(), image);
                }
            } catch (UncheckedIOException noAnswer) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
