package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.LargeImage;
import org.strongroom.tests.harness.MemoryLimit;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** A small machine: half a gigabyte for Orthanc, plugin and sidecar together. */
class MemoryLimitIT {
    private static final long LIMIT = 512L << 20;

    @Test
    void instancesOfThirtyTwoMegabytesFitAndAHugeOneTakesNothingWithIt() throws IOException {
        assumeTrue(MemoryLimit.possible(), "no writable control group for memory on this machine");
        try (MemoryLimit limit = MemoryLimit.of(LIMIT);
                Clinic clinic = new Clinic(Debian.SID).withPassphrase()) {
            clinic.setup().memory(limit);
            OrthancProcess orthanc = clinic.start();
            long pid = orthanc.pid();
            List<Path> images = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            for (int mebibytes = 29; mebibytes < 32; mebibytes++) {
                Path image = clinic.scratch().path().resolve(mebibytes + ".dcm");
                LargeImage.write(image, mebibytes);
                images.add(image);
                ids.add(orthanc.rest().upload(image));
            }
            clinic.makeCold();
            assertSame(clinic, orthanc.rest(), images, ids);
            assertThat(orthanc.running() && orthanc.pid() == pid).isTrue();

            Path huge = clinic.scratch().path().resolve("huge.dcm");
            LargeImage.write(huge, 600);
            try {
                orthanc.rest().upload(huge);
            } catch (AssertionError refused) {
                System.out.println("600 MiB in 512 MiB are refused: " + refused.getMessage());
            } catch (UncheckedIOException dropped) {
                System.out.println("600 MiB in 512 MiB: Linux ends Orthanc, which has to hold the file as a whole");
                await().atMost(Duration.ofSeconds(30)).until(() -> !orthanc.running());
                orthanc.restart();
            }
            assertSame(clinic, orthanc.rest(), images, ids);
            orthanc.rest().upload(Samples.otherStudy());
        }
    }

    private static void assertSame(Clinic clinic, Rest rest, List<Path> images, List<String> ids) throws IOException {
        Path back = clinic.scratch().path().resolve("back.dcm");
        for (int i = 0; i < images.size(); i++) {
            rest.download(ids.get(i), back);
            assertThat(Files.mismatch(images.get(i), back)).isEqualTo(-1);
        }
    }
}
