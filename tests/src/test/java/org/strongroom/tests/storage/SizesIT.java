package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.LargeImage;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/**
 * From a few kilobytes to what Orthanc itself can hold. Longer with {@code -Dabuse.mebibytes=2040}, {@code -Dabuse.frames=30000},
 * {@code -Dabuse.instances=100000}.
 */
class SizesIT {
    private static final int MEBIBYTES = Integer.getInteger("abuse.mebibytes", 160);
    private static final int FRAMES = Integer.getInteger("abuse.frames", 3_000);
    private static final int INSTANCES = Integer.getInteger("abuse.instances", 300);

    @Test
    void aLargeInstanceHereAndCold() throws IOException {
        Duration time = Duration.ofSeconds(MEBIBYTES);
        try (Clinic clinic = new Clinic(Debian.SID).patient(time)) {
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest().patience(time.plusMinutes(5));
            Path image = clinic.scratch().path().resolve("large.dcm");
            Path back = clinic.scratch().path().resolve("back.dcm");
            LargeImage.write(image, MEBIBYTES);

            String id = rest.upload(image);
            rest.download(id, back);
            assertThat(Files.mismatch(image, back)).isEqualTo(-1);
            clinic.makeCold();
            rest.download(id, back);
            assertThat(Files.mismatch(image, back)).isEqualTo(-1);
        }
    }

    @Test
    void framesOfALongLoopHereAndCold() {
        SyntheticDicom loop = SyntheticDicom.grey8().size(64, 64).frames(FRAMES);
        byte[] pixels = loop.pixels();
        byte[] image = loop.toBytes();
        Duration time = Duration.ofMillis(20L * FRAMES);
        try (Clinic clinic = new Clinic(Debian.TRIXIE).patient(time)) {
            Rest rest = clinic.start().rest().patience(time.plusMinutes(2));
            String id = rest.upload(image);
            assertFrames(rest, id, pixels);
            clinic.makeCold();
            assertFrames(rest, id, pixels);
            assertThat(rest.file(id)).isEqualTo(image);
        }
    }

    private static void assertFrames(Rest rest, String id, byte[] pixels) {
        int size = pixels.length / FRAMES;
        for (int frame : new int[] {0, FRAMES / 2, FRAMES - 1}) {
            assertThat(rest.get("/instances/" + id + "/frames/" + frame + "/raw"))
                    .isEqualTo(Arrays.copyOfRange(pixels, frame * size, (frame + 1) * size));
        }
    }

    @Test
    void manyTinyInstancesOfOneStudy() {
        List<byte[]> images = IntStream.rangeClosed(1, INSTANCES)
                .mapToObj(number ->
                        SyntheticDicom.ct().size(8, 8).instance(number).toBytes())
                .toList();
        try (Clinic clinic = new Clinic(Debian.BOOKWORM).patient(Duration.ofMillis(30L * INSTANCES))) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids =
                    images.parallelStream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        }
    }
}
