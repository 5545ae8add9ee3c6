package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** Genuine packs in places that are not theirs: every key opens them, and still no image is shown in place of another. */
class ReplayIT {

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void thePackOfAnOverwrittenImageUnderTheNameOfTheNewOneIsRefused(Debian debian) throws IOException {
        byte[] old = Samples.ct(1).get(0);
        byte[] current = old.clone();
        current[current.length - 1] ^= 0x55;
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("OverwriteInstances", "true");
            OrthancProcess orthanc = clinic.start();
            orthanc.rest().upload(old);
            clinic.makeCold();
            Path oldPack = packs(clinic).get(0);
            String id = orthanc.rest().upload(current);
            clinic.makeCold();
            List<Path> newer = new ArrayList<>(packs(clinic));
            newer.remove(oldPack);
            assertThat(newer).hasSize(1);
            byte[] right = Files.readAllBytes(newer.get(0));

            orthanc.stop(); // what Orthanc remembers of an image does not count
            Files.write(newer.get(0), Files.readAllBytes(oldPack));
            orthanc.restart();
            assertRefused(orthanc.rest(), id);
            assertThat(clinic.cli("verify", "--all").status()).isNotZero();

            Files.write(newer.get(0), right);
            assertComesBack(orthanc.rest(), id, current);
            clinic.cli("verify", "--all").orFail();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void packsThatChangedNamesAreRefused(Debian debian) throws IOException {
        byte[] one = Samples.ct(1).get(0);
        byte[] other = Samples.otherStudy();
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            String first = orthanc.rest().upload(one);
            String second = orthanc.rest().upload(other);
            clinic.makeCold();
            orthanc.stop();
            swap(packs(clinic));
            orthanc.restart();
            assertRefused(orthanc.rest(), first);
            assertRefused(orthanc.rest(), second);
            assertThat(clinic.cli("verify", "--all").status()).isNotZero();

            swap(packs(clinic));
            assertComesBack(orthanc.rest(), first, one);
            assertComesBack(orthanc.rest(), second, other);
            clinic.cli("verify", "--all").orFail();
        }
    }

    private static List<Path> packs(Clinic clinic) {
        return ClearText.files(clinic.tier("offsite").resolve("packs"));
    }

    private static void swap(List<Path> packs) throws IOException {
        assertThat(packs).hasSize(2);
        byte[] kept = Files.readAllBytes(packs.get(0));
        Files.write(packs.get(0), Files.readAllBytes(packs.get(1)));
        Files.write(packs.get(1), kept);
    }

    private static void assertRefused(Rest rest, String id) {
        assertThat(rest.send("GET", "/instances/" + id + "/file", null).statusCode())
                .isEqualTo(422);
    }

    private static void assertComesBack(Rest rest, String id, byte[] image) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            HttpResponse<byte[]> answer = rest.send("GET", "/instances/" + id + "/file", null);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(image);
        });
    }
}
