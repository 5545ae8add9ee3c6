package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.io.ByteSource;

/**
 * Modalities that send one image after the other, whatever happens to Orthanc, each until it is acknowledged, and remember what
 * was: an answer that is not a success, or none at all, is no acknowledgement. Thread-safe.
 */
public final class Senders implements AutoCloseable {
    private static final long PAUSE_NANOS = 30_000_000;
    /** Orthanc goes on with a reset only when it was idle for 100 ms: real modalities leave it such moments, all at a time. */
    private static final long SECOND_NANOS = 1_000_000_000;

    private static final long SENDING_NANOS = 600_000_000;

    private final OrthancProcess orthanc;
    private final Rest rest;
    private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
    /** By C-STORE: storescu writes a meta group of its own. */
    private final Set<String> sentByDicom = ConcurrentHashMap.newKeySet();

    private final AtomicInteger number = new AtomicInteger();
    private final AtomicBoolean sending = new AtomicBoolean(true);
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    /** Starts so many by REST. */
    public Senders(OrthancProcess orthanc, int count) {
        this(orthanc, count, 0);
    }

    /** Starts so many by REST, and so many by C-STORE. */
    public Senders(OrthancProcess orthanc, int byRest, int byDicom) {
        this.orthanc = orthanc;
        // An Orthanc that stops forgets connections it has accepted but not read: nobody ever answers them.
        this.rest = orthanc.rest().patience(Duration.ofSeconds(15));
        for (int i = 0; i < byRest; i++) {
            start(this::sendByRest);
        }
        for (int i = 0; i < byDicom; i++) {
            start(this::sendByDicom);
        }
    }

    private void start(Predicate<byte[]> sender) {
        running.add(CompletableFuture.runAsync(() -> send(sender), task -> new Thread(task, "sender").start()));
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
            if (sentByDicom.contains(id)) {
                assertThat(Samples.fromPixelData(rest.file(id))).isEqualTo(Samples.fromPixelData(image));
            } else {
                assertThat(rest.file(id)).isEqualTo(image);
            }
        });
    }

    /** How many of the acknowledged images came by C-STORE. */
    public int sentByDicom() {
        return sentByDicom.size();
    }

    private void send(Predicate<byte[]> sender) {
        while (sending.get()) {
            byte[] image =
                    SyntheticDicom.ct().instance(number.incrementAndGet()).toBytes();
            while (!sender.test(image) && sending.get()) {
                pause(); // and once more, as modalities do: perhaps only the answer was lost
            }
            pause();
        }
    }

    /** Leaves Orthanc a moment, at the same time as everybody else who pauses here. */
    static void pause() {
        long inSecond = System.nanoTime() % SECOND_NANOS;
        LockSupport.parkNanos(inSecond < SENDING_NANOS ? PAUSE_NANOS : SECOND_NANOS - inSecond);
    }

    private boolean sendByRest(byte[] image) {
        try {
            HttpResponse<byte[]> answer = rest.send("POST", "/instances", image);
            if (answer.statusCode() != 200) {
                return false;
            }
            acknowledged.put(Rest.parse(answer.body()).path("ID").asText(), image);
            return true;
        } catch (UncheckedIOException noAnswer) {
            return false;
        }
    }

    private boolean sendByDicom(byte[] image) {
        try (Scratch folder = new Scratch()) {
            folder.file("image.dcm", image);
            boolean stored = Dcmtk.tryStore(orthanc, folder.path());
            if (stored) {
                String id = OrthancId.ofInstance(
                                DicomHeader.read(ByteSource.of(image)).orElseThrow())
                        .iterator()
                        .next();
                sentByDicom.add(id);
                acknowledged.put(id, image);
            }
            return stored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
