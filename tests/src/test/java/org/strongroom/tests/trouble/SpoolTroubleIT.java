package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.strongroom.tests.harness.Trouble.Disk.BROKEN;
import static org.strongroom.tests.harness.Trouble.Disk.FORGETFUL;
import static org.strongroom.tests.harness.Trouble.Disk.FULL;
import static org.strongroom.tests.harness.Trouble.Disk.OUT_OF_FILES;
import static org.strongroom.tests.harness.Trouble.Disk.READ_ONLY;
import static org.strongroom.tests.harness.Trouble.Disk.SLOW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Trouble;

/** Home's disk goes wrong while Orthanc runs: the sender is told, and told the truth again when the disk is well. */
class SpoolTroubleIT {

    @Test
    void isToldToTheSenderAndForgottenWhenItIsOver() {
        Map<String, byte[]> acknowledged = new HashMap<>();
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            List<byte[]> images = Samples.ct(21);
            acknowledged.put(rest.upload(images.get(20)), images.get(20));
            for (Trouble.Disk disk : List.of(FULL, READ_ONLY, BROKEN, FORGETFUL, OUT_OF_FILES)) {
                List<byte[]> next = images.subList(acknowledged.size() - 1, acknowledged.size() + 3);
                String before = orthanc.log();
                trouble.with(disk, clinic.home().resolve("spool"));
                for (byte[] image : next.subList(0, 3)) {
                    assertThat(rest.send("POST", "/instances", image).statusCode())
                            .as("of an image that is not on the disk, which is " + disk)
                            .isEqualTo(disk == FULL ? 507 : 503);
                }
                assertThat(Dcmtk.storeLog(orthanc, clinic.sendFolder(next.subList(3, 4))))
                        .as("C-STORE of an image that is not on the disk, which is " + disk)
                        .containsPattern("DIMSE Status +: 0xa700");
                String log = orthanc.log().substring(before.length());
                assertThat(log.lines().filter(line -> line.contains("could not be sealed to disk")))
                        .as("a line with its cure for each image that was refused, while the disk is " + disk)
                        .hasSize(4)
                        .allSatisfy(line -> assertThat(line)
                                .contains(disk == FULL ? "Free space on the disk" : "Look at the disk"));
                assertThat(rest.send("POST", "/instances", Samples.zip(next)).statusCode())
                        .as("of a ZIP file with images that are not on the disk, which is " + disk)
                        .isEqualTo(disk == FULL ? 507 : 503);
                assertThat(rest.instances()).hasSameSizeAs(acknowledged.keySet());

                trouble.over();
                next.forEach(image -> acknowledged.put(rest.upload(image), image));
            }
            orthanc.kill();
            orthanc.restart();
            assertThat(rest.instances()).hasSize(21);
            clinic.makeCold();
            acknowledged.forEach((id, image) -> assertThat(rest.file(id)).isEqualTo(image));
            assertThat(orthanc.log()).doesNotContain(Samples.PATIENT_NAME).doesNotContain(Samples.PATIENT_ID);
        }
    }

    /** As it is in most clinics: all of Home is on the one disk. What Orthanc deletes meanwhile it does not delete again. */
    @Test
    void ofAllOfHomeLosesNeitherAnImageNorThatOneWasDeleted() {
        Map<String, byte[]> kept = new HashMap<>();
        Map<String, byte[]> deleted = new HashMap<>();
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            Rest rest = clinic.start().rest();
            for (Trouble.Disk disk : List.of(FULL, READ_ONLY, FORGETFUL, OUT_OF_FILES)) {
                List<byte[]> images = Samples.ct(3, Samples.STUDY + ".5" + kept.size());
                String here = rest.upload(images.get(0));
                String gone = rest.upload(images.get(1));
                trouble.with(disk, clinic.home());
                assertThat(rest.send("POST", "/instances", images.get(2)).statusCode())
                        .as("of an image while Home's disk is " + disk)
                        .isEqualTo(disk == FULL ? 507 : 503);
                rest.delete("/instances/" + gone);
                if (disk != OUT_OF_FILES) {
                    assertThat(rest.file(here)).isEqualTo(images.get(0));
                }
                trouble.over();

                kept.put(here, images.get(0));
                kept.put(rest.upload(images.get(2)), images.get(2));
                deleted.put(gone, images.get(1));
                await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                    Command.Result fsck = clinic.cli("fsck", "--pause", "1 s");
                    assertThat(fsck.status())
                            .as("after Home's disk was " + disk + ": " + fsck)
                            .isZero();
                });
            }
            clinic.makeCold();
            kept.forEach((id, image) -> assertThat(rest.file(id)).isEqualTo(image));
            clinic.cli("undelete", "--all").orFail();
            await().atMost(Duration.ofMinutes(1)).until(() -> rest.instances().containsAll(deleted.keySet()));
            deleted.forEach((id, image) -> assertThat(rest.file(id)).isEqualTo(image));
        }
    }

    /** Orthanc does not start then, and would not store in clear either; why is in its log. */
    @Test
    void ofAllOfHomeIsSaidWhereOrthancStartsAndLosesNothing() {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            orthanc.stop();
            clinic.endSidecars();
            for (Trouble.Disk disk : List.of(FULL, READ_ONLY, BROKEN)) {
                trouble.with(disk, clinic.home());
                assertThat(clinic.setup().startAndFail())
                        .as("Orthanc's log while Home's disk is " + disk)
                        .contains("Strongroom does not start")
                        .contains(
                                disk == FULL
                                        ? "Cure: Free space on the disk that holds Strongroom.Home"
                                        : "Cure: Look at the disk that holds Strongroom.Home");
                trouble.over();
            }
            orthanc.restart();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            clinic.cli("fsck", "--pause", "1 s").orFail();
        }
    }

    /** What each Orthanc makes of a storage area that cannot store: a status that a modality understands, and no image in its index. */
    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void isToldByTheOldestAndTheNewestOrthancAsWell(Debian debian) {
        List<byte[]> images = Samples.ct(2);
        try (Clinic clinic = new Clinic(debian)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            for (Trouble.Disk disk : List.of(FULL, READ_ONLY)) {
                trouble.with(disk, clinic.home().resolve("spool"));
                assertThat(rest.send("POST", "/instances", images.get(0)).statusCode())
                        .as("of an image that is not on the disk, which is " + disk)
                        .isEqualTo(disk == FULL ? 507 : 503);
                assertThat(Dcmtk.storeLog(orthanc, clinic.sendFolder(images.subList(1, 2))))
                        .as("C-STORE of an image that is not on the disk, which is " + disk)
                        .containsPattern("DIMSE Status +: 0xa700");
                assertThat(rest.instances()).isEmpty();
            }
            trouble.over();
            List<String> ids = images.stream().map(rest::upload).toList();
            orthanc.kill();
            orthanc.restart();
            assertThat(ids.stream().map(rest::file).toList()).containsExactlyElementsOf(images);
        }
    }

    /** What is left of an unmounted disk takes files too, and nobody sees them when it is mounted again. */
    @Test
    void isNotWrittenToTheBareMountPoint() throws IOException {
        List<byte[]> images = Samples.ct(3);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            List<String> ids = new ArrayList<>(List.of(rest.upload(images.get(0))));
            Path away = clinic.home().resolveSibling("unmounted");
            Files.move(clinic.home(), away);
            Files.createDirectory(clinic.home());
            Files.setPosixFilePermissions(clinic.home(), PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThat(rest.send("POST", "/instances", images.get(1)).statusCode())
                    .isEqualTo(503);
            assertThat(Dcmtk.storeLog(orthanc, clinic.sendFolder(images.subList(2, 3))))
                    .containsPattern("DIMSE Status +: 0xa700");
            assertThat(clinic.home().resolve("spool")).doesNotExist();
            assertThat(orthanc.log()).contains("Look at the disk that holds Strongroom.Home");
            Files.move(clinic.home(), clinic.home().resolveSibling("bare"));
            Files.move(away, clinic.home());
            images.subList(1, 3).forEach(image -> ids.add(rest.upload(image)));
            orthanc.kill();
            orthanc.restart();
            clinic.makeCold();
            assertThat(ids.stream().map(rest::file).toList()).containsExactlyElementsOf(images);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.Disk.class,
            names = {"FULL", "BROKEN"})
    void inTheKeyringStopsNewStudiesAndNotTheOldOnes(Trouble.Disk disk) {
        byte[] first = Samples.ct(1).get(0);
        byte[] other = Samples.otherStudy();
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(first);

            trouble.with(disk, clinic.home().resolve("keyring"));
            assertThat(orthanc.rest().send("POST", "/instances", other).statusCode())
                    .isEqualTo(disk == Trouble.Disk.FULL ? 507 : 503);
            trouble.over();
            String later = orthanc.rest().upload(other);
            orthanc.kill();
            orthanc.restart();
            assertThat(orthanc.rest().file(id)).isEqualTo(first);
            assertThat(orthanc.rest().file(later)).isEqualTo(other);
        }
    }

    @Test
    void slownessCostsTimeAndNothingElse() {
        List<byte[]> images = Samples.ct(8);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            trouble.with(SLOW, clinic.home());
            List<String> ids = new ArrayList<>(
                    images.parallelStream().map(orthanc.rest()::upload).toList());
            clinic.makeCold();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        }
    }
}
