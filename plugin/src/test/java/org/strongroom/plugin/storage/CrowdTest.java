package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.Attachment;

/** Whatever Orthanc's threads do at the same time fits into the heap that the plugin has: where it does not, Java ends Orthanc. */
class CrowdTest {
    private static final int SIDE = 1536;
    /** Nearly the longest that is sealed by itself. */
    private static final int HEAD = (4 << 20) - 4096;

    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void allThreadsAtOnceFitIntoTheHeap() throws Exception {
        byte[] image = image();
        Path file = Files.write(folder.resolve("image.dcm"), image);
        UUID here = UUID.randomUUID();
        UUID far = UUID.randomUUID();
        Home home = new Home(folder.resolve("home"));
        UUID installation;
        try (StorageFixture open = StorageFixture.open(folder)) {
            for (UUID name : List.of(here, far)) {
                open.storage.create(new Attachment(name, Attachment.DICOM), ByteSource.of(image), () -> true);
            }
            installation = open.keyring.installation();
        }
        byte[] sealed = Files.readAllBytes(home.spooled(far));
        Files.delete(home.spooled(far));
        StandInSidecar sidecar = new StandInSidecar()
                .on("/v1/sealed/", exchange -> StandInSidecar.giveRange(exchange, sealed))
                .begin(home, installation);
        try (sidecar) {
            assertThat(sealed.length).isGreaterThan(3 << 20);
            assertThat(end(file, here, far)).isZero();
        }
    }

    /** With what jvm.c gives the plugin, on a machine with eight processors. */
    private int end(Path image, UUID here, UUID far) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx160m",
                        "-XX:+UseSerialGC",
                        "-Xmn16m",
                        "-XX:InitialHeapSize=24m",
                        "-XX:MinHeapFreeRatio=20",
                        "-XX:MaxHeapFreeRatio=40",
                        "-XX:-ShrinkHeapInSteps",
                        "-Xss512k",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:ActiveProcessorCount=8",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Crowd.class.getName(),
                        folder.toString(),
                        image.toString(),
                        here.toString(),
                        far.toString())
                .inheritIO()
                .start();
        boolean ended = process.waitFor(4, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        return process.exitValue();
    }

    /** 12 bits of noise: it shrinks to three quarters, by the codec that takes most memory. */
    private static byte[] image() {
        byte[] pixels = new byte[2 * SIDE * SIDE];
        new Random(1).nextBytes(pixels);
        for (int i = 1; i < pixels.length; i += 2) {
            pixels[i] &= 0x0f;
        }
        return SyntheticDicom.mr()
                .size(SIDE, SIDE)
                .pixels(pixels)
                .headPadding(HEAD)
                .toBytes();
    }
}
