package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.BooleanNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** An Orthanc that deletes its oldest patient to make room: to Strongroom that is a delete like any other. */
class RecyclingIT {

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void theRecycledPatientIsForgottenAndCanBeHadBack(Debian debian) {
        byte[] old = Samples.ct(1).get(0);
        byte[] current = Samples.otherPatient();
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("MaximumPatientCount", "1").strongroom("AllowRecycling", BooleanNode.TRUE);
            OrthancProcess orthanc = clinic.start();
            String oldId = orthanc.rest().upload(old);
            List<Path> sealed = clinic.wholeSealedFiles();
            String currentId = orthanc.rest().upload(current);

            assertThat(orthanc.rest().instances()).containsExactly(currentId);
            assertThat(sealed).hasSize(1);
            assertThat(clinic.wholeSealedFiles()).containsAll(sealed).hasSize(2);
            clinic.awaitSidecar();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> clinic.status().at("/stored/instances").asInt() == 1);
            clinic.cli("fsck").orFail();

            orthanc.stop();
            clinic.setup().set("MaximumPatientCount", "0");
            orthanc.restart();
            clinic.cli("undelete", "--all").orFail();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> orthanc.rest().instances().size() == 2);
            assertThat(orthanc.rest().file(oldId)).isEqualTo(old);
            assertThat(orthanc.rest().file(currentId)).isEqualTo(current);
            clinic.ship();
            clinic.cli("fsck").orFail();
        }
    }

    /** The image is sealed before Orthanc's index says that there is no room for its patient. */
    @ParameterizedTest
    @EnumSource(Debian.class)
    void anImageThatTheIndexDoesNotTakeIsNotAcknowledgedAndForgotten(Debian debian) {
        byte[] image = Samples.ct(1).get(0);
        byte[] other = Samples.otherPatient();
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().set("MaximumPatientCount", "1").strongroom("AllowRecycling", BooleanNode.TRUE);
            Rest rest = clinic.start().rest();
            String id = rest.upload(image);
            String patient = rest.json("/patients").get(0).asText();
            rest.put("/patients/" + patient + "/protected", "1".getBytes(StandardCharsets.US_ASCII));

            assertThat(rest.send("POST", "/instances", other).statusCode())
                    .as("as Orthanc itself answers")
                    .isEqualTo(debian == Debian.BOOKWORM ? 500 : 507);
            assertThat(rest.instances()).containsExactly(id);
            clinic.ship();
            // Orthanc 1.10.1 does not have it removed: it is kept, as an orphan of which fsck tells.
            boolean kept = debian == Debian.BOOKWORM;
            Command.Result fsck = clinic.cli("fsck");
            assertThat(fsck.status()).as(fsck.toString()).isEqualTo(kept ? 1 : 0);
            assertThat(fsck.output()).contains(kept ? "1 orphans, 0 missing" : "0 orphans, 0 missing");

            rest.put("/patients/" + patient + "/protected", "0".getBytes(StandardCharsets.US_ASCII));
            assertThat(rest.file(rest.upload(other))).isEqualTo(other);
        }
    }

    @Test
    void isRefusedAtTheStartUnlessItIsAllowed() {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.setup().set("MaximumPatientCount", "1");

            assertThat(clinic.setup().startAndFail())
                    .contains("MaximumPatientCount", "set Strongroom.AllowRecycling to true");
            assertThat(clinic.home().resolve("keyring")).doesNotExist();
        }
    }

    /** Orthanc 1.10 does not know the mode, and would recycle. */
    @Test
    void anOrthancThatCannotRejectIsRefusedToo() {
        try (Clinic clinic = new Clinic(Debian.BOOKWORM)) {
            clinic.setup().set("MaximumPatientCount", "1").set("MaximumStorageMode", "\"Reject\"");

            assertThat(clinic.setup().startAndFail())
                    .contains("does not know MaximumStorageMode", "set Strongroom.AllowRecycling to true");
            assertThat(clinic.home().resolve("keyring")).doesNotExist();
        }
    }

    /** Whom Orthanc rejects after Strongroom has sealed: nothing stays of it, and nothing goes for it. */
    @Test
    void anOrthancThatRejectsDeletesNothing() {
        try (Clinic clinic = new Clinic(Debian.SID)) {
            clinic.setup().set("MaximumPatientCount", "1").set("MaximumStorageMode", "\"Reject\"");
            Rest rest = clinic.start().rest();
            byte[] first = Samples.ct(1).get(0);
            byte[] second =
                    SyntheticDicom.ct().patient("SECOND").study("2.25.71").toBytes();
            String id = rest.upload(first);

            assertThat(rest.send("POST", "/instances", second).statusCode()).isEqualTo(507);

            assertThat(rest.instances()).containsExactly(id);
            clinic.makeCold();
            assertThat(rest.file(id)).isEqualTo(first);
            assertThat(clinic.cli("fsck").orFail().output()).contains("0 orphans, 0 missing");
        }
    }
}
