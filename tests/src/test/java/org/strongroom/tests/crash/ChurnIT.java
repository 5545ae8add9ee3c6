package org.strongroom.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/** The same few images overwritten, read, deleted, packed, shipped and evicted, all at once. {@code -Dabuse.seconds=600} for longer. */
class ChurnIT {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("abuse.seconds", 20));
    private static final int IMAGES = 5;
    private static final int VERSIONS = 4;

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void whatIsReadIsAlwaysWholeAndOneOfWhatWasSent(Debian debian) {
        List<List<byte[]>> images = images();
        try (Clinic clinic = new Clinic(debian).patient(TIME)) {
            clinic.setup()
                    .set("OverwriteInstances", "true")
                    .strongroom("Pack", new ObjectMapper().createObjectNode().put("Quiet", "1 s"));
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            List<String> ids = images.stream()
                    .map(versions -> rest.upload(versions.get(0)))
                    .toList();
            AtomicInteger reads = new AtomicInteger();
            List<Runnable> hands = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                hands.add(() -> rest.send("POST", "/instances", any(any(images))));
                hands.add(() -> {
                    int image = ThreadLocalRandom.current().nextInt(IMAGES);
                    HttpResponse<byte[]> read = rest.send("GET", "/instances/" + ids.get(image) + "/file", null);
                    if (read.statusCode() == 200) {
                        assertThat(images.get(image))
                                .as("a version of the image")
                                .anyMatch(version -> Arrays.equals(version, read.body()));
                        reads.incrementAndGet();
                    }
                });
            }
            hands.add(() -> rest.send("DELETE", "/instances/" + any(ids), null));
            hands.add(() -> clinic.cli("evict", "--all"));
            churn(hands);
            assertThat(reads).hasPositiveValue();

            for (int image = 0; image < IMAGES; image++) {
                rest.upload(images.get(image).get(VERSIONS - 1));
            }
            clinic.makeCold();
            for (int image = 0; image < IMAGES; image++) {
                assertThat(rest.file(ids.get(image)))
                        .isEqualTo(images.get(image).get(VERSIONS - 1));
            }
            clinic.cli("fsck", "--deep").orFail();
        }
    }

    private static void churn(List<Runnable> hands) {
        long end = System.nanoTime() + TIME.toNanos();
        List<CompletableFuture<Void>> working = hands.stream()
                .map(hand -> CompletableFuture.runAsync(
                        () -> {
                            while (System.nanoTime() < end) {
                                hand.run();
                            }
                        },
                        task -> new Thread(task, "hand").start()))
                .toList();
        working.forEach(CompletableFuture::join);
    }

    private static List<List<byte[]>> images() {
        List<List<byte[]>> images = new ArrayList<>();
        for (int image = 1; image <= IMAGES; image++) {
            List<byte[]> versions = new ArrayList<>();
            for (int version = 1; version <= VERSIONS; version++) {
                versions.add(SyntheticDicom.ct()
                        .instance(image)
                        .size(64 + 32 * version, 64)
                        .toBytes());
            }
            images.add(versions);
        }
        return images;
    }

    private static <T> T any(List<T> all) {
        return all.get(ThreadLocalRandom.current().nextInt(all.size()));
    }
}
