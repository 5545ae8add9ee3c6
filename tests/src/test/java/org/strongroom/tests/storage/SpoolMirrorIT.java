package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Trouble;

/** Two disks until the tiers have it. */
class SpoolMirrorIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void whatOneDiskLosesComesFromTheOther(Debian debian) throws IOException {
        List<byte[]> images = Samples.ct(3);
        try (Clinic clinic = new Clinic(debian)) {
            Path mirror = mirror(clinic);
            OrthancProcess orthanc = clinic.start();
            List<String> ids = images.stream().map(orthanc.rest()::upload).toList();
            List<Path> spooled = clinic.wholeSealedFiles();
            assertThat(sealed(mirror)).hasSize(3);
            for (Path file : spooled) {
                assertThat(mirror.resolve(clinic.home().resolve("spool").relativize(file)))
                        .hasSameBinaryContentAs(file);
            }

            orthanc.stop(); // what Orthanc remembers of an image does not count
            Files.delete(spooled.get(0));
            byte[] damaged = Files.readAllBytes(spooled.get(1));
            damaged[damaged.length / 2] ^= 4;
            Files.write(spooled.get(1), damaged);
            orthanc.restart();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);

            clinic.makeCold();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(sealed(mirror))
                    .as("received by the tier, and still in the mirror")
                    .isEmpty());
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void nothingIsAcknowledgedWhileTheSecondDiskIsFullOrNotMountedAndWithoutItOrthancDoesNotStart(Debian debian)
            throws IOException {
        List<byte[]> images = Samples.ct(2);
        try (Clinic clinic = new Clinic(debian)) {
            Path mirror = mirror(clinic);
            Path elsewhere = mirror.resolveSibling("unmounted");
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            trouble.with(Trouble.Disk.FULL, mirror);
            assertThat(orthanc.rest().send("POST", "/instances", images.get(0)).statusCode())
                    .isEqualTo(507);
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            trouble.over();
            String id = orthanc.rest().upload(images.get(0));

            Files.move(mirror, elsewhere);
            clinic.scratch().folder("second-disk");
            assertThat(orthanc.rest().send("POST", "/instances", images.get(1)).statusCode())
                    .isEqualTo(503);
            assertThat(mirror).isEmptyDirectory();
            assertThat(clinic.wholeSealedFiles()).hasSize(1);
            orthanc.stop();
            assertThat(clinic.setup().startAndFail()).contains("SpoolMirror", mirror.toString());
            Files.delete(mirror);
            assertThat(clinic.setup().startAndFail()).contains("SpoolMirror", mirror.toString());
            assertThat(mirror).doesNotExist();

            Files.move(elsewhere, mirror);
            orthanc.restart();
            assertThat(orthanc.rest().file(id)).isEqualTo(images.get(0));
            String second = orthanc.rest().upload(images.get(1));
            assertThat(orthanc.rest().file(second)).isEqualTo(images.get(1));
        }
    }

    private static List<Path> sealed(Path mirror) {
        return ClearText.files(mirror).stream()
                .filter(file -> !file.getParent().equals(mirror))
                .toList();
    }

    private static Path mirror(Clinic clinic) {
        Path folder = clinic.scratch().folder("second-disk");
        clinic.setup().strongroom("SpoolMirror", TextNode.valueOf(folder.toString()));
        return folder;
    }
}
