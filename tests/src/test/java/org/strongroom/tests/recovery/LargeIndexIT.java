package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/**
 * A snapshot of an index that is written all the time: {@code -Dindex.MiB=5120} for an archive of years. It counts what it lists, opens, and
 * nobody who sends meanwhile is refused or waits for longer than was promised.
 */
class LargeIndexIT {
    private static final long SIZE = Long.getLong("index.MiB", 100) << 20;
    private static final int SENDERS = 4;
    /** Beside the pause, on a machine where everything else is busy too. */
    private static final Duration USUAL = Duration.ofSeconds(30);

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicBoolean sending = new AtomicBoolean(true);

    @Test
    void isCopiedUnderIntake() throws Exception {
        try (Clinic clinic = new Clinic(Debian.TRIXIE).patient(Duration.ofMinutes(20))) {
            OrthancProcess orthanc = clinic.start();
            orthanc.rest().upload(Samples.otherPatient());
            orthanc.stop();
            Path index = clinic.scratch().path().resolve("orthanc/index");
            long before = System.nanoTime();
            long added = LargeIndex.grow(index, SIZE);
            System.out.printf(
                    java.util.Locale.ROOT,
                    "index: %d MiB, %d images added in %d s%n",
                    LargeIndex.size(index) >> 20,
                    added,
                    seconds(before));
            orthanc.restart();
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            try {
                for (int i = 0; i < SENDERS; i++) {
                    senders.add(CompletableFuture.runAsync(() -> send(orthanc), task -> new Thread(task).start()));
                }
                long least = added + 1 + sent.get();
                long start = System.nanoTime();
                JsonNode made = told(clinic.cli("snapshot", "--json", "--now").orFail());
                long took = seconds(start);
                long most = added + 1 + begun.get();
                assertThat(made.path("bytes").asLong()).isGreaterThan(SIZE);
                JsonNode opened =
                        told(clinic.cli("snapshot", "--json", "--verify").orFail());
                assertThat(opened.path("verified").asBoolean()).isTrue();
                assertThat(opened.at("/snapshots/0/instances").asLong()).isBetween(least, most);
                System.out.printf(
                        java.util.Locale.ROOT,
                        "snapshot: %d s, %d MiB new; %d images sent, the longest took %d ms; pause: %s%n",
                        took,
                        made.path("newBytes").asLong() >> 20,
                        sent.get(),
                        longest.get(),
                        pause(clinic));
            } finally {
                sending.set(false);
                CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new))
                        .join();
            }
            assertThat(sent.get()).isPositive();
            assertThat(Duration.ofMillis(longest.get()))
                    .isLessThan(Duration.ofSeconds(30).plus(USUAL));
            assertThat(clinic.home().resolve("run/intake-pause")).doesNotExist();
        }
    }

    /** Small images, one after the other; each must be taken. */
    private void send(OrthancProcess orthanc) {
        Rest rest = orthanc.rest().patience(Duration.ofMinutes(2));
        while (sending.get()) {
            byte[] image = SyntheticDicom.ct()
                    .instance((int) (Thread.currentThread().getId() * 1_000_000 + begun.incrementAndGet()))
                    .toBytes();
            long start = System.nanoTime();
            rest.upload(image);
            longest.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
            sent.incrementAndGet();
        }
    }

    private static String pause(Clinic clinic) {
        for (JsonNode problem : clinic.status().path("problems")) {
            if (problem.toString().contains("nothing was taken in")) {
                return problem.toString();
            }
        }
        return "none";
    }

    private static long seconds(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    }

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.output().getBytes(StandardCharsets.UTF_8));
    }
}
