package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/** The settings name one tenant, and studies are here that were sealed for another one. */
class LeftTenantIT {
    private static final List<String> LEVELS = List.of("PATIENT", "STUDY", "SERIES", "IMAGE");

    @Test
    void whatATenantLeavesIsNobodysElse() {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(Debian.TRIXIE)) {
            OrthancProcess orthanc = pacs.start();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(pacs.json(orthanc.rest(), "north-rad", "/studies"))
                            .hasSize(3));
            orthanc.stop();
            pacs.takeSouthOut();
            pacs.setNorthsGet(true);
            assertThat(pacs.startAndFail())
                    .contains("DicomModalities.north-ct.AllowGet", "Studies of other tenants are here");
            pacs.setNorthsGet(false);
            orthanc.restart();
            assertThat(orthanc.log()).contains("Studies of other tenants than north are here");
            ByDicom dicom = new ByDicom(pacs, orthanc);
            for (String title : List.of("NORTH_CT", "SOUTH_CT")) { // whoever Orthanc lets ask asks for north
                for (String level : LEVELS) {
                    String answers = dicom.find(
                            title,
                            "QueryRetrieveLevel=" + level,
                            "StudyInstanceUID",
                            "SeriesInstanceUID",
                            "PatientName",
                            "PatientID",
                            "SOPInstanceUID");
                    assertThat(answers).contains("SHARED^NORTHERN", "ONE-NORTH");
                    pacs.othersThan("north")
                            .forEach(secret -> assertThat(answers).doesNotContain(secret));
                }
            }
            String study = "QueryRetrieveLevel=STUDY";
            assertThat(dicom.moved("NORTH_CT", "NORTH_CT", study, "StudyInstanceUID=" + TwoClinicsPacs.SOUTH + ".1"))
                    .isZero();
            assertThat(dicom.moved("NORTH_CT", "NORTH_CT", study, "StudyInstanceUID=" + TwoClinicsPacs.UNKNOWN + ".1"))
                    .isZero();
            assertThat(dicom.moved("NORTH_CT", "NORTH_CT", study, "StudyInstanceUID=" + TwoClinicsPacs.NORTH + ".1"))
                    .isEqualTo(1);
            assertThat(dicom.moved("NORTH_CT", "NORTH_CT", "QueryRetrieveLevel=PATIENT", "PatientID=SHARED"))
                    .isEqualTo(1);
            assertThat(pacs.json(orthanc.rest(), "north-rad", "/studies")).hasSize(3);
            assertThat(pacs.cli("status").output()).contains("in quarantine");
        }
    }

    @Test
    void aTenantThatGetsAnotherNameKeepsItsStudies() {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.viewerPort();
            clinic.directoryTier("second");
            ObjectNode before = JsonNodeFactory.instance.objectNode();
            before.withObject("/clinic").putArray("Tiers").add("offsite");
            clinic.setup().strongroom("Tenants", before);
            OrthancProcess orthanc = clinic.start();
            byte[] first = TwoClinicsPacs.image("ONE", "ONE^PATIENT", "2.25.77", "2.25.77.1");
            orthanc.rest().upload(first);
            clinic.ship();
            assertThat(packs(clinic, "second")).isEmpty();
            assertThat(clinic.cli("hold", "add", "--tenant", "clinic", "--owner", "Dr. Roe", "--reason", "case")
                            .status())
                    .isZero();
            orthanc.stop();

            ObjectNode tenant = JsonNodeFactory.instance.objectNode();
            tenant.withObject("/praxis/Sources").putArray("AETs").add("CT");
            tenant.withObject("/praxis").putArray("Tiers").add("second");
            ObjectNode access = JsonNodeFactory.instance.objectNode();
            ObjectNode jane = access.withObject("/Users/jane").put("PasswordEnv", "PASSWORD_JANE");
            jane.putArray("Tenants").add("praxis");
            jane.putArray("Roles").add("radiologist");
            access.withObject("/Login").put("Insecure", true).putArray("Basic").add("radiologist");
            ObjectNode retention = JsonNodeFactory.instance.objectNode();
            retention.putArray("Approvers").add("Dr. Roe").add("Dr. Doe");
            clinic.setup()
                    .strongroom("Tenants", tenant)
                    .strongroom("Retention", retention)
                    .strongroom("Access", access)
                    .environment("PASSWORD_JANE", TwoClinicsPacs.PASSWORD);
            orthanc.restart();
            Rest rest = orthanc.rest();
            String[] asJane = {"Authorization", TwoClinicsPacs.basic("jane")};
            assertThat(Rest.parse(rest.get("/studies", asJane))).hasSize(1);
            byte[] more = TwoClinicsPacs.image("ONE", "ONE^PATIENT", "2.25.77", "2.25.77.2");
            assertThat(rest.send("POST", "/instances", more, asJane).statusCode())
                    .isEqualTo(200);
            Dcmtk.store(orthanc, clinic.sendFolder(List.of(TwoClinicsPacs.image("ONE", "X", "2.25.77", "2.25.77.3"))));
            assertThat(Rest.parse(rest.get("/series", asJane))).hasSize(3);
            assertThat(Dcmtk.findFrom("VIEWER", "127.0.0.1", orthanc, "QueryRetrieveLevel=SERIES", "SeriesInstanceUID")
                            .errors())
                    .contains("2.25.77.1", "2.25.77.2", "2.25.77.3");
            goesByItsNameNow(clinic);
        }
    }

    private static void goesByItsNameNow(Clinic clinic) {
        clinic.ship();
        assertThat(packs(clinic, "second")).as("also what was sealed before").hasSizeGreaterThan(1);
        Path out = clinic.scratch().path().resolve("out");
        Command.Result export = clinic.cli("export", "--tenant", "praxis", "--to", out, "--no-dicomdir");
        assertThat(export.status()).as(export.output()).isZero();
        assertThat(files(out, "IM")).hasSize(3);
        assertThat(clinic.cli("tenant", "list").output())
                .contains("praxis: 1 study")
                .doesNotContain("clinic:");
        Object[] shred = {"shred", "order", "--tenant", "praxis", "--owner", "Dr. Roe", "--reason", "left", "--dry-run"
        };
        assertThat(clinic.cli(shred).orFail().output()).contains("of tenant praxis would be destroyed");
        assertThat(clinic.cli("retention", "plan", "--json").output())
                .contains("\"tenant\":\"praxis\"")
                .contains("\"fate\":\"held\"")
                .doesNotContain("\"tenant\":\"clinic\"");
    }

    private static List<Path> packs(Clinic clinic, String tier) {
        return files(clinic.tier(tier).resolve("packs"), "");
    }

    private static List<Path> files(Path folder, String beginning) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(beginning))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
