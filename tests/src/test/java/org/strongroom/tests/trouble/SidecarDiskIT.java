package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Trouble;

/** The sidecar's disks go wrong: the tier's, the ledger's, the cache's. Images stay where they are until a real receipt. */
class SidecarDiskIT {

    @ParameterizedTest
    @CsvSource({
        "FULL, tier-offsite",
        "READ_ONLY, tier-offsite",
        "BROKEN, tier-offsite",
        "FORGETFUL, tier-offsite",
        "OUT_OF_FILES, tier-offsite"
    })
    void whileShippingDelaysIt(Trouble.Disk disk, String where) {
        shippingIsDelayed(disk, where);
    }

    @ParameterizedTest
    @CsvSource({"FULL, home/ledger.db", "BROKEN, home/ledger.db"})
    void ofTheLedgerDelaysShipping(Trouble.Disk disk, String where) {
        shippingIsDelayed(disk, where);
    }

    private static void shippingIsDelayed(Trouble.Disk disk, String where) {
        List<byte[]> images = Samples.ct(6);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            List<String> ids = images.stream().map(orthanc.rest()::upload).toList();

            trouble.with(disk, clinic.scratch().path().resolve(where));
            assertThat(clinic.cli("ship", "--now", "--timeout", "4 s").status())
                    .as("shipped onto a disk in trouble")
                    .isNotZero();
            clinic.cli("evict", "--all");
            // and perhaps what DICOMweb attaches to a series that has not changed for a minute
            assertThat(clinic.wholeSealedFiles()).hasSizeGreaterThanOrEqualTo(images.size());

            trouble.over();
            // A sidecar whose ledger is in trouble does not run; it is started again by itself.
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.cli("status").status() == 0);
            clinic.makeCold();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
            assertThat(ClearText.files(clinic.tier("offsite")))
                    .as("no halves of packs")
                    .noneMatch(file -> file.toString().contains("/.uploads/")
                            || file.toString().endsWith(".tmp"));
        }
    }

    @ParameterizedTest
    @CsvSource({"FULL, home/cache", "READ_ONLY, home/cache"})
    void inTheCacheDoesNotKeepAViewerFromAColdStudy(Trouble.Disk disk, String where) {
        List<byte[]> images = Samples.ct(6);
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            List<String> ids = images.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();

            trouble.with(disk, clinic.scratch().path().resolve(where));
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
            trouble.over();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images);
        }
    }
}
