package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.OrthancSetup;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Scratch;

/** DICOM storage commitment: another Orthanc, as the modality, asks whether it may delete what it sent. */
class CommitmentIT {
    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final String MR = "1.2.840.10008.5.1.4.1.1.4";
    private static final String UNKNOWN = "2.25.404";
    private static final int SUCCESS = 0;
    private static final int PROCESSING_FAILURE = 0x0110;
    private static final int NO_SUCH_INSTANCE = 0x0112;
    private static final int CLASS_CONFLICT = 0x0119;

    private static OrthancProcess modality(Debian debian, Scratch scratch, Clinic clinic) {
        OrthancSetup setup = new OrthancSetup(debian, scratch)
                .modality("ORTHANC", clinic.setup().dicomPort());
        setup.configuration().put("DicomAet", "MODALITY");
        clinic.setup().modality("MODALITY", setup.dicomPort());
        return setup.start();
    }

    /** Asks for instances and their classes; where the answer is going to be. */
    private static String ask(Rest modality, Map<String, String> classes) {
        ObjectNode question = new ObjectMapper().createObjectNode();
        ArrayNode instances = question.putArray("DicomInstances");
        classes.forEach((instance, sopClass) ->
                instances.addObject().put("SOPClassUID", sopClass).put("SOPInstanceUID", instance));
        return "/storage-commitment/"
                + modality.post("/modalities/ORTHANC/storage-commitment", question.toString())
                        .path("ID")
                        .asText();
    }

    /** The reasons by instance. */
    private static Map<String, Integer> answer(Rest modality, Map<String, String> classes) {
        String report = ask(modality, classes);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !modality.json(report).path("Status").asText().equals("Pending"));
        Map<String, Integer> reasons = new TreeMap<>();
        JsonNode all = modality.json(report);
        all.path("Success")
                .forEach(one -> reasons.put(one.path("SOPInstanceUID").asText(), SUCCESS));
        all.path("Failures")
                .forEach(one -> reasons.put(
                        one.path("SOPInstanceUID").asText(),
                        one.path("FailureReason").asInt()));
        return reasons;
    }

    /** As which a job of this Orthanc is saved, which tells nobody when it saves; missing if it is not yet. */
    private static JsonNode saved(Clinic clinic, String job) throws IOException, SQLException {
        Path orthanc =
                Path.of(clinic.setup().configuration().get("IndexDirectory").asText());
        try (Scratch copy = new Scratch()) { // Orthanc lets nobody else open its index
            for (String file : List.of("index", "index-wal")) {
                Files.copy(orthanc.resolve(file), copy.path().resolve(file));
            }
            try (Connection index = DriverManager.getConnection(
                            "jdbc:sqlite:" + copy.path().resolve("index"));
                    Statement select = index.createStatement();
                    ResultSet jobs = select.executeQuery(
                            "SELECT value FROM GlobalProperties WHERE value LIKE '%StorageCommitmentScp%'")) {
                return new ObjectMapper()
                        .readTree(jobs.next() ? jobs.getString(1) : "{}")
                        .path("Jobs")
                        .path(job)
                        .path("Job");
            }
        }
    }

    /** The state of this commitment of the PACS once it is at its end. */
    private static String end(Rest rest, String job) {
        await().atMost(Duration.ofMinutes(1)).until(() -> Set.of("Success", "Failure")
                .contains(rest.json("/jobs/" + job).path("State").asText()));
        return rest.json("/jobs/" + job).path("State").asText();
    }

    private static String running(Rest rest) {
        List<String> running = new ArrayList<>();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            for (JsonNode job : rest.json("/jobs?expand")) {
                if (job.path("State").asText().equals("Running")) {
                    running.add(job.path("ID").asText());
                }
            }
            return !running.isEmpty();
        });
        return running.get(0);
    }

    /**
     * Orthanc would go on with the job that it saved when it crashed, look by itself whether the images can be read, and commit to
     * them.
     */
    private static void interruptByACrash(
            Clinic clinic, OrthancProcess orthanc, Rest modality, Map<String, String> asked) throws IOException {
        ProcessHandle sidecar = clinic.sidecar().orElseThrow();
        Command.of("kill", "-STOP", sidecar.pid())
                .run()
                .orFail(); // now Strongroom's answer takes seconds for each image
        String report = ask(modality, asked);
        String job = running(orthanc.rest());
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions() // a copy of what is being written
                .until(() -> saved(clinic, job).path("Position").asInt() > 0);
        orthanc.kill();
        Command.of("kill", "-CONT", sidecar.pid()).run().orFail();
        orthanc.restart();

        assertThat(end(orthanc.rest(), job)).isEqualTo("Failure");
        assertThat(modality.json(report).path("Status").asText()).isEqualTo("Pending");
    }

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void aModalityMayDeleteOnlyWhatHasItsReceipts(Debian debian) throws IOException {
        SyntheticDicom image = SyntheticDicom.ct();
        SyntheticDicom second = SyntheticDicom.ct().instance(2);
        try (Clinic clinic = new Clinic(debian);
                Scratch scratch = new Scratch();
                OrthancProcess modality = modality(debian, scratch, clinic)) {
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            clinic.awaitSidecar();
            SyntheticDicom atOnce = SyntheticDicom.ct().instance(100);
            rest.upload(atOnce.toBytes());
            assertThat(answer(modality.rest(), Map.of(atOnce.sopInstanceUid(), CT))
                            .values())
                    .as("nobody waits for a study that the modality has sent whole to be quiet")
                    .containsExactly(SUCCESS);
            clinic.unmount("offsite");
            String id = rest.upload(image.toBytes());
            String secondId = rest.upload(second.toBytes());

            Map<String, String> asked = Map.of(image.sopInstanceUid(), CT, second.sopInstanceUid(), MR, UNKNOWN, CT);
            Map<String, Integer> notYet = Map.of(
                    image.sopInstanceUid(),
                    PROCESSING_FAILURE,
                    second.sopInstanceUid(),
                    CLASS_CONFLICT,
                    UNKNOWN,
                    NO_SUCH_INSTANCE);
            assertThat(answer(modality.rest(), asked)).isEqualTo(notYet);

            Map<String, String> many = new TreeMap<>();
            for (int i = 3; i < 15; i++) {
                SyntheticDicom one = SyntheticDicom.ct().instance(i);
                rest.upload(one.toBytes());
                many.put(one.sopInstanceUid(), CT);
            }
            interruptByACrash(clinic, orthanc, modality.rest(), many);
            assertThat(answer(modality.rest(), asked)).isEqualTo(notYet);

            clinic.mount("offsite");
            clinic.makeCold();
            assertThat(answer(modality.rest(), many).values()).hasSize(12).containsOnly(SUCCESS);
            assertThat(answer(modality.rest(), asked))
                    .containsOnly(
                            Map.entry(image.sopInstanceUid(), SUCCESS),
                            Map.entry(second.sopInstanceUid(), CLASS_CONFLICT),
                            Map.entry(UNKNOWN, NO_SUCH_INSTANCE));
            rest.delete("/instances/" + id);
            rest.delete("/instances/" + secondId);
            assertThat(answer(modality.rest(), Map.of(image.sopInstanceUid(), CT)))
                    .containsOnly(Map.entry(image.sopInstanceUid(), NO_SUCH_INSTANCE));
        }
    }
}
