package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Trouble;

/** The sidecar's disks go wrong: the tier's, the ledger's, the cache's. Images stay where they are until a real receipt. */
class SidecarDiskIT {
    private static final List<Trouble.Disk> TIERS = List.of(
            Trouble.Disk.FULL,
            Trouble.Disk.READ_ONLY,
            Trouble.Disk.BROKEN,
            Trouble.Disk.FORGETFUL,
            Trouble.Disk.OUT_OF_FILES);

    private int cases;

    /** One after the other, for one clinic. */
    @Test
    void whileShippingDelaysIt() {
        inOneClinic((clinic, orthanc, trouble) -> {
            for (Trouble.Disk disk : TIERS) {
                shippingIsDelayed(clinic, orthanc, trouble, disk, "tier-offsite");
            }
            for (Trouble.Disk disk : List.of(Trouble.Disk.FULL, Trouble.Disk.BROKEN)) {
                shippingIsDelayed(clinic, orthanc, trouble, disk, "home/ledger.db");
            }
        });
    }

    private void shippingIsDelayed(
            Clinic clinic, OrthancProcess orthanc, Trouble trouble, Trouble.Disk disk, String where) {
        String what = disk + " " + where;
        List<byte[]> images = another();
        List<String> ids = images.stream().map(orthanc.rest()::upload).toList();

        trouble.with(disk, clinic.scratch().path().resolve(where));
        assertThat(clinic.cli("ship", "--now", "--timeout", "4 s").status())
                .as("shipped onto a disk in trouble: " + what)
                .isNotZero();
        clinic.cli("evict", "--all");
        // and perhaps what is in the cache while the ledger takes no news
        assertThat(clinic.wholeSealedFiles()).as(what).hasSizeGreaterThanOrEqualTo(images.size());

        trouble.over();
        // A sidecar whose ledger is in trouble does not run; it is started again by itself.
        await().atMost(Duration.ofMinutes(2)).until(() -> clinic.cli("status").status() == 0);
        clinic.makeCold();
        assertThat(ids.stream().map(orthanc.rest()::file).toList()).as(what).containsExactlyElementsOf(images);
        assertThat(ClearText.files(clinic.tier("offsite")))
                .as("no halves of packs: " + what)
                .noneMatch(file -> file.toString().contains("/.uploads/")
                        || file.toString().endsWith(".tmp"));
    }

    @Test
    void inTheCacheDoesNotKeepAViewerFromAColdStudy() {
        inOneClinic((clinic, orthanc, trouble) -> {
            for (Trouble.Disk disk : List.of(Trouble.Disk.FULL, Trouble.Disk.READ_ONLY, Trouble.Disk.BROKEN)) {
                List<byte[]> images = another();
                List<String> ids = images.stream().map(orthanc.rest()::upload).toList();
                clinic.makeCold();

                trouble.with(disk, clinic.scratch().path().resolve("home/cache"));
                assertThat(ids.stream().map(orthanc.rest()::file).toList())
                        .as("the cache is " + disk)
                        .containsExactlyElementsOf(images);
                trouble.over();
                assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
            }
        });
    }

    /** A bad sector is no reason not to bring everything else away from a disk that may be dying. */
    @Test
    void underOneFileHoldsUpNoOther() {
        inOneClinic((clinic, orthanc, trouble) -> {
            List<byte[]> images =
                    Stream.concat(another().stream(), another().stream()).toList();
            List<String> ids = images.stream().map(orthanc.rest()::upload).toList();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> clinic.status().at("/backlog/instances").asInt() == images.size());
            Path bad = clinic.wholeSealedFiles().get(0);
            trouble.with(Trouble.Disk.BROKEN, bad);

            assertThat(clinic.cli("ship", "--now", "--timeout", "60 s").status())
                    .isNotZero();
            assertThat(clinic.status().at("/backlog/waitsFor").toString())
                    .contains("the disk does not give a sealed file");
            clinic.cli("evict", "--all");
            assertThat(clinic.wholeSealedFiles()).containsExactly(bad);
            trouble.over();
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles()).isEmpty();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(clinic.status().at("/problems")).isEmpty());
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        });
    }

    /** What was not used for the longest time goes first: were one that stays to stop it, nothing would go any more. */
    @Test
    void underAnInodeOfTheCacheKeepsNothingElseFromBeingEvicted() {
        inOneClinic((clinic, orthanc, trouble) -> {
            List<byte[]> images = another();
            List<String> ids = images.stream().map(orthanc.rest()::upload).toList();
            clinic.ship();
            Path bad = clinic.wholeSealedFiles().get(0);
            trouble.with(Trouble.Disk.LOST, bad);
            clinic.cli("evict", "--all").orFail();
            assertThat(clinic.wholeSealedFiles()).containsExactly(bad);
            trouble.over();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        });
    }

    private List<byte[]> another() {
        cases++;
        return Samples.ct(6, Samples.STUDY + ".1" + cases);
    }

    private interface Case {
        void in(Clinic clinic, OrthancProcess orthanc, Trouble trouble);
    }

    private static void inOneClinic(Case cases) {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            cases.in(clinic, clinic.start(), trouble);
        }
    }
}
