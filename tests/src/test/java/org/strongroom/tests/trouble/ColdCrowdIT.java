package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/**
 * As many readers of evicted images as may wait, while others send, on a machine with eight processors, in a heap that has less room than the
 * usual one: all that is open at the same time fits into it, else Java ends Orthanc.
 */
class ColdCrowdIT {
    /** Half of Orthanc's HTTP threads. */
    private static final int READERS = 25;

    private static final int SENDERS = 16;
    private static final int SIDE = 1536;
    private static final int LONG_HEAD = 4_000_000;

    @Test
    void everyReaderAndEverySenderIsAnswered() {
        ExecutorService threads = Executors.newFixedThreadPool(READERS + SENDERS);
        try (Clinic clinic = new Clinic(Debian.SID)) {
            clinic.setup()
                    .environment("_JAVA_OPTIONS", "-Xmx96m -XX:ActiveProcessorCount=8")
                    .strongroom("Read", JsonNodeFactory.instance.objectNode().put("Deadline", "4 min"));
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest().patience(Duration.ofMinutes(9));
            List<String> ids = new ArrayList<>();
            for (int i = 1; i <= READERS; i++) {
                ids.add(rest.upload(image(i)));
            }
            clinic.makeCold();

            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 1; i <= READERS; i++) {
                int number = i;
                all.add(CompletableFuture.runAsync(
                        () -> assertThat(rest.file(ids.get(number - 1))).isEqualTo(image(number)), threads));
            }
            for (int i = 1; i <= SENDERS; i++) {
                int number = READERS + i;
                all.add(CompletableFuture.runAsync(() -> rest.upload(image(number)), threads));
            }
            all.forEach(CompletableFuture::join);
            assertThat(orthanc.running()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Noise of 12 bits, which the codec that takes most memory makes little smaller, behind a long head. */
    private static byte[] image(int number) {
        byte[] pixels = new byte[2 * SIDE * SIDE];
        new Random(number).nextBytes(pixels);
        for (int i = 1; i < pixels.length; i += 2) {
            pixels[i] &= 0x0f;
        }
        return SyntheticDicom.mr()
                .instance(number)
                .size(SIDE, SIDE)
                .pixels(pixels)
                .headPadding(LONG_HEAD)
                .toBytes();
    }
}
