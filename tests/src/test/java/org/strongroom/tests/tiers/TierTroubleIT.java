package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/** A tier that is away, or is not ours, never gives a receipt, and so nothing is evicted on its word. */
class TierTroubleIT {

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void anUnmountedTierCountsForNothingUntilItIsBack(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            clinic.unmount("offsite");
            String id = orthanc.rest().upload(image);

            assertThat(clinic.cli("ship", "--now", "--timeout", "10 s").status())
                    .isNotZero();
            clinic.cli("evict", "--all");
            assertThat(clinic.wholeSealedFiles()).hasSize(1);
            assertThat(clinic.tier("offsite"))
                    .as("nothing is made where no disk is mounted")
                    .doesNotExist();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !clinic.status().at("/tiers/offsite/healthy").asBoolean(true));

            clinic.mount("offsite");
            clinic.makeCold();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void oneThatCannotBeWrittenToIsNamedAndReadAllTheSame(Debian debian) throws IOException {
        List<byte[]> images = List.of(Samples.ct(1).get(0), Samples.otherStudy());
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = new ArrayList<>(List.of(orthanc.rest().upload(images.get(0))));
            clinic.makeCold();
            Command.of("chmod", "-R", "a-w", clinic.tier("offsite")).run().orFail();
            ids.add(orthanc.rest().upload(images.get(1)));
            assertThat(clinic.cli("ship", "--now", "--timeout", "10 s").status())
                    .isNotZero();
            clinic.cli("evict", "--all");
            assertThat(clinic.wholeSealedFiles()).hasSize(1);
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                            clinic.status().at("/backlog/waitsFor").toString())
                    .contains("offsite")
                    .contains("directory may not be written"));

            Command.of("chmod", "-R", "u+w", clinic.tier("offsite")).run().orFail();
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        }
    }

    /** One disk that dies takes both: only for a trial does it count ({@code AllowSameDisk}). */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void aCopyOnHomesOwnDiskIsNone(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup()
                    .configuration()
                    .withObject("/Strongroom/Tiers/offsite")
                    .remove("AllowSameDisk");
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            assertThat(clinic.cli("ship", "--now", "--timeout", "15 s").status())
                    .isNotZero();
            clinic.cli("evict", "--all");
            assertThat(clinic.wholeSealedFiles()).hasSize(1);
            assertThat(clinic.status().at("/tiers/offsite/counts").asBoolean(true))
                    .isFalse();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void anEmptyDiskInItsPlaceIsNotTakenForTheTier(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            clinic.unmount("offsite");
            Path empty = clinic.scratch().folder("tier-offsite");
            orthanc.rest().upload(Samples.ct(1).get(0));

            assertThat(clinic.cli("ship", "--now", "--timeout", "10 s").status())
                    .isNotZero();
            assertThat(ClearText.files(empty)).isEmpty();
            Files.delete(empty);
            clinic.mount("offsite");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void theTierOfAnotherInstallationIsNotWrittenTo(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian);
                Clinic other = new Clinic(debian)) {
            other.start().stop();
            OrthancProcess orthanc = clinic.start();
            Path marker = clinic.tier("offsite").resolve("tier.id");
            byte[] own = Files.readAllBytes(marker);
            Files.delete(marker);
            Scratch.own(Files.copy(other.tier("offsite").resolve("tier.id"), marker));
            List<Path> before = ClearText.files(clinic.tier("offsite"));
            orthanc.rest().upload(Samples.ct(1).get(0));

            assertThat(clinic.cli("ship", "--now", "--timeout", "10 s").status())
                    .isNotZero();
            assertThat(ClearText.files(clinic.tier("offsite"))).isEqualTo(before);
            Files.write(marker, own);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void withTwoTiersOneMayBeLost(Debian debian) {
        List<byte[]> slices = Samples.ct(6);
        try (Clinic clinic = new Clinic(debian).directoryTier("second")) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();
            clinic.unmount("offsite");

            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
            clinic.mount("offsite");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void aPackThatWasChangedInTheTierIsNeverShown(Debian debian) throws IOException {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            clinic.makeCold();
            orthanc.stop(); // what Orthanc remembers of an image does not count
            for (Path pack : ClearText.files(clinic.tier("offsite").resolve("packs"))) {
                byte[] bytes = Files.readAllBytes(pack);
                bytes[bytes.length / 3] ^= 1;
                Files.write(pack, bytes);
            }
            orthanc.restart();

            assertThat(orthanc.rest()
                            .send("GET", "/instances/" + id + "/file", null)
                            .statusCode())
                    .isEqualTo(422);
        }
    }
}
