package org.strongroom.tests.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Samples;

/** What happened to an Orthanc is in its audit log, once, whoever was killed meanwhile; and nobody can change it unseen. */
class AuditIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void everyAcknowledgedImageAndEveryDeleteIsInTheLogOnce(Debian debian) throws Exception {
        List<byte[]> images = Samples.ct(24);
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup()
                    .strongroom(
                            "Audit",
                            JSON.createObjectNode()
                                    .put("CheckpointInterval", "1 s")
                                    .put("AnchorInterval", "1 s"));
            Path log = clinic.home().resolve("audit");
            OrthancProcess orthanc = clinic.start();
            List<String> ids = new ArrayList<>();
            images.subList(0, 8).forEach(image -> ids.add(orthanc.rest().upload(image)));
            clinic.awaitSidecar();
            awaitAnchored(clinic);
            Path older = Files.createTempDirectory("strongroom-audit");
            copy(log, older);
            clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly);
            images.subList(8, 16).forEach(image -> ids.add(orthanc.rest().upload(image)));
            orthanc.rest().delete("/instances/" + ids.get(0));
            String viewed = ids.get(2);
            orthanc.rest().get("/instances/" + viewed + "/file");
            orthanc.rest().get("/instances/" + viewed + "/preview");
            orthanc.rest().get("/studies");
            orthanc.kill();
            // Of Orthanc itself: a script reads everything.
            clinic.setup().set("ExecuteLuaEnabled", "true");
            orthanc.restart();
            images.subList(16, 24).forEach(image -> ids.add(orthanc.rest().upload(image)));
            orthanc.rest().delete("/instances/" + ids.get(1));

            await().atMost(Duration.ofMinutes(2))
                    .until(() -> types(search(clinic, "--type", "delete", "--user", "orthanc"), "delete")
                                    .size()
                            == 2);
            List<JsonNode> all = search(clinic);
            assertThat(types(all, "arrival")).hasSize(24);
            assertThat(new HashSet<>(types(all, "arrival"))).hasSize(24);
            assertThat(ofOrthanc(all, "start")).hasSize(2);
            assertThat(ofOrthanc(all, "stop")).as("killed").isEmpty();
            assertThat(search(clinic, "--type", "start", "--detail", "part=sidecar"))
                    .as("it was killed and started again")
                    .hasSizeGreaterThanOrEqualTo(2);
            // This is not the first search; those before are signed in a second.
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !search(clinic, "--type", "log-read", "--detail", "way=audit search")
                            .isEmpty());
            assertThat(search(clinic, "--type", "arrival", "--outcome", "failure"))
                    .isEmpty();
            views(clinic);
            assertThat(search(clinic, "--type", "settings")).singleElement().satisfies(event -> assertThat(
                            event.at("/details/change1").asText())
                    .isEqualTo("Orthanc.ExecuteLuaEnabled: false -> true"));
            String station = "{\"AET\": \"STATION\", \"Host\": \"127.0.0.9\", \"Port\": 4242}";
            orthanc.rest().put("/modalities/station", station.getBytes(StandardCharsets.US_ASCII));
            String server = "{\"Url\": \"http://127.0.0.9/web/\", \"Username\": \"ann\", \"Password\": \"HIDDEN\"}";
            orthanc.rest().put("/dicom-web/servers/other", server.getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(search(clinic, "--type", "settings", "--detail", "way=http")
                                    .toString())
                            .contains(
                                    "Orthanc.DicomModalities.station.Host: none -> \\\"127.0.0.9\\\"",
                                    "Orthanc.DicomWebServers.other: none -> \\\"http://127.0.0.9/web/\\\"")
                            .doesNotContain("HIDDEN"));
            String deleted =
                    types(search(clinic, "--user", "orthanc"), "delete").get(0);
            assertThat(search(clinic, "--detail", "attachment=" + deleted)).hasSize(2);

            awaitAnchored(clinic);
            JsonNode verdict = JSON.readTree(
                    clinic.cli("audit", "verify", "--json").orFail().output());
            assertThat(verdict.path("ok").asBoolean()).isTrue();
            assertThat(verdict.path("size").asInt()).isGreaterThanOrEqualTo(all.size());
            proveWithGo(clinic, log);
            orthanc.stop();
            clinic.cli("audit", "verify").orFail();
            assertThat(search(clinic, "--type", "arrival")).hasSize(24);
            clinic.endSidecars();
            rollBack(clinic, log, older);

            hide(log, deleted);
            Command.Result found = clinic.cli("audit", "verify", "--json");
            assertThat(found.status()).isEqualTo(1);
            assertThat(JSON.readTree(found.output()).path("firstBad").asLong())
                    .isEqualTo(all.stream()
                            .filter(event -> event.path("details")
                                    .path("attachment")
                                    .asText()
                                    .equals(deleted))
                            .findFirst()
                            .orElseThrow()
                            .path("index")
                            .asLong());
        }
    }

    /** Orthanc was killed while somebody looked: that they did is in the log, and of what; and who told it to delete. */
    private static void views(Clinic clinic) throws JsonProcessingException {
        List<JsonNode> views = search(clinic, "--type", "view", "--user", "anybody");
        assertThat(views).hasSize(1);
        JsonNode view = views.get(0);
        assertThat(view.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(view.path("tenant").asText()).isEqualTo("clinic");
        assertThat(view.at("/details/phase").asText()).isEqualTo("begin");
        assertThat(view.at("/details/what").asText()).isEqualTo("pixels");
        String key = view.at("/details/key").asText();
        assertThat(search(clinic, "--type", "arrival", "--detail", "key=" + key))
                .isNotEmpty();
        assertThat(search(clinic, "--type", "view", "--user", "orthanc"))
                .as("its reads are that session's")
                .isEmpty();
        assertThat(search(clinic, "--type", "query", "--detail", "route=/studies"))
                .hasSize(1);
        assertThat(search(clinic, "--type", "delete", "--user", "anybody")).hasSize(2);
    }

    /** By the names that people use: the keyring says whose a key is, and the log is read without it. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void eventsAreFoundByPatientAndWhatLeftIsAccountedFor(Debian debian) throws Exception {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().strongroom("Audit", JSON.createObjectNode().put("CheckpointInterval", "1 s"));
            OrthancProcess orthanc = clinic.start();
            String image = orthanc.rest().upload(Samples.ct(1).get(0));
            clinic.awaitSidecar();
            JsonNode study = orthanc.rest().json("/instances/" + image + "/study");
            String patient = study.at("/PatientMainDicomTags/PatientID").asText();
            String uid = study.at("/MainDicomTags/StudyInstanceUID").asText();
            String path = "/studies/" + study.path("ID").asText();
            Dcmtk.get(orthanc, uid, clinic.scratch().folder("got"));
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(
                            search(clinic, "--study", uid, "--detail", "way=dicom"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.path("type").asText()).isEqualTo("view");
                        assertThat(event.path("address").asText()).isEqualTo("127.0.0.1");
                        assertThat(event.at("/details/service").asText()).contains("C-GET");
                    }));
            orthanc.rest().get(path + "/archive");
            Path folder = clinic.scratch().folder("leaving").resolve("export");
            clinic.cli("export", "--patient", patient, "--to", folder, "--no-dicomdir")
                    .orFail();
            clinic.cli("tier", "add", "offsite").orFail();
            orthanc.rest().get(path + "?_method=DELETE"); // Orthanc takes it for DELETE
            assertThat(orthanc.rest().json("/studies")).isEmpty();

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> search(clinic, "--study", uid, "--type", "delete", "--user", "anybody")
                                    .size()
                            == 1);
            assertThat(search(clinic, "--study", uid, "--type", "delete", "--user", "orthanc"))
                    .as("the image itself, of which Orthanc says no study")
                    .singleElement()
                    .satisfies(
                            event -> assertThat(event.path("tenant").asText()).isEqualTo("clinic"));
            assertThat(search(clinic, "--study", uid, "--type", "arrival"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.path("principal").asText()).isEqualTo("anybody");
                        assertThat(event.path("address").asText()).isEqualTo("127.0.0.1");
                    });
            List<JsonNode> all = search(clinic, "--patient", patient);
            assertThat(all).extracting(event -> event.path("type").asText()).contains("arrival", "view", "archive");
            List<JsonNode> exports = search(clinic, "--patient", patient, "--type", "export");
            assertThat(exports)
                    .extracting(event -> event.at("/details/phase").asText())
                    .containsExactly("begin", "end");
            assertThat(exports.get(1).at("/details/images").asText()).isEqualTo("1");
            assertThat(search(clinic, "--type", "tier", "--detail", "order=add"))
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.at("/details/tier").asText()).isEqualTo("offsite"));
            Command.Result nobody = clinic.cli("audit", "search", "--json", "--patient", "nobody at all");
            assertThat(nobody.orFail().output()).isEmpty();
            assertThat(nobody.errors()).contains("nothing of this was ever sealed here, or it is erased");

            JsonNode report = JSON.readTree(clinic.cli("audit", "report", "disclosures", "--json", "--patient", patient)
                    .orFail()
                    .output());
            assertThat(report.path("disclosures"))
                    .extracting(row -> row.path("what").asText())
                    .filteredOn(what -> !what.equals("archive end")) // where Orthanc's job says of what it was
                    .containsExactly("archive", "export begin", "export end");
            assertThat(search(clinic, "--type", "archive", "--detail", "phase=end"))
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.at("/details/images").asText()).isEqualTo("1"));
            assertThat(report.path("disclosures"))
                    .allSatisfy(row -> assertThat(row.path("study").asText()).isEqualTo(uid));
            Path page = folder.resolveSibling("week.html");
            clinic.cli("audit", "report", "week", "--html", page).orFail();
            assertThat(page).content().contains("Mass access").doesNotContain(patient);
            Path evidence = folder.resolveSibling("evidence");
            clinic.process("audit", "report", "evidence", "--into", evidence).orFail();
            assertThat(evidence.resolve("evidence.html"))
                    .content()
                    .contains("yes, all")
                    .doesNotContain(patient);
            assertThat(evidence.resolve("evidence.pdf")).isNotEmptyFile();
            orthanc.stop();
        }
    }

    /** Another process signs that the log only grew: also when it was away, and not when the log was replaced by an older one. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void aWitnessSignsAndSeesWhenTheLogIsRolledBack(Debian debian) throws Exception {
        List<byte[]> images = Samples.ct(6);
        try (Clinic clinic = new Clinic(debian)) {
            ObjectNode audit =
                    JSON.createObjectNode().put("CheckpointInterval", "1 s").put("AnchorInterval", "1 s");
            clinic.setup().strongroom("Audit", audit);
            Path log = clinic.home().resolve("audit");
            Path folder = clinic.scratch().folder("witness");
            int port = Ports.free();
            OrthancProcess first = clinic.start();
            first.rest().upload(images.get(0));
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(log.resolve("key.pub")));
            first.stop();
            clinic.endSidecars();

            Process witness = witness(clinic, folder, port);
            try {
                await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(folder.resolve("cosigning.key")));
                String key = Files.readString(folder.resolve("key.pub")).strip();
                ObjectNode colleague = JSON.createObjectNode()
                        .put("Address", "http://127.0.0.1:" + port)
                        .put("Key", key)
                        .put("Alarm", "15 s");
                audit.set("Witnesses", JSON.createObjectNode().set("colleague", colleague));
                OrthancProcess orthanc = clinic.start();
                orthanc.rest().upload(images.get(1));
                long signed = awaitWitness(clinic, 0);
                assertThat(verified(clinic).at("/witnesses/colleague/events").asLong())
                        .isGreaterThanOrEqualTo(signed);
                verifyCosignatureWithGo(log, key);
                Path older = Files.createTempDirectory("strongroom-audit");
                copy(log, older);

                end(witness); // killed; the log goes on
                orthanc.rest().upload(images.get(2));
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> types(search(clinic, "--type", "arrival"), "arrival")
                                        .size()
                                == 3);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> clinic.status().path("problems").toString().contains("has signed nothing"));
                assertThat(clinic.status().at("/witnesses/colleague/lastError").asText())
                        .isNotEmpty();
                clinic.cli("audit", "verify").orFail();

                witness = witness(clinic, folder, port);
                long later = awaitWitness(clinic, signed);
                await().atMost(Duration.ofMinutes(1))
                        .until(() ->
                                !clinic.status().path("problems").toString().contains("has signed nothing"));
                orthanc.stop();
                clinic.endSidecars();

                Command.of("/bin/rm", "-r", log).run().orFail();
                Command.of("/bin/cp", "-a", older, log).run().orFail();
                assertThat(verified(clinic).path("size").asLong()).isLessThan(later);
                Command.Result asked = clinic.cli("audit", "verify", "--ask", "--json");
                assertThat(asked.status()).isEqualTo(1);
                assertThat(JSON.readTree(asked.output()).path("reason").asText())
                        .isEqualTo("the log is older than a checkpoint that was seen");
                OrthancProcess again = clinic.start(); // its sidecar signs on top of the older one, with the right key
                images.subList(3, 6).forEach(image -> again.rest().upload(image));
                await().atMost(Duration.ofMinutes(1)).until(() -> clinic.status()
                        .at("/witnesses/colleague/disagrees")
                        .asBoolean());
                assertThat(clinic.status().path("problems").toString())
                        .containsAnyOf(
                                "a witness signed another audit log than the one that is here",
                                "a witness signed more of the audit log than is here");
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> search(clinic, "--type", "alert", "--detail", "witness=colleague")
                                        .size()
                                == 1);
                assertThat(clinic.cli("audit", "verify", "--ask").status()).isEqualTo(1);
                again.stop();
            } finally {
                end(witness);
            }
        }
    }

    private static void verifyCosignatureWithGo(Path log, String witness) throws Exception {
        GoVerifier go = GoVerifier.build(Files.createTempDirectory("strongroom-audit"));
        try (var notes = Files.list(log.resolve("cosigned"))) {
            for (Path note : notes.toList()) {
                assertThat(go.cosigned(note, log.resolve("key.pub"), witness)).startsWith("ok ");
            }
        }
    }

    private static Process witness(Clinic clinic, Path folder, int port) {
        return clinic.startCli(
                "audit",
                "witness",
                folder,
                "--key",
                clinic.home().resolve("audit/key.pub"),
                "--listen",
                "127.0.0.1:" + port);
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Returns what the witness signed, when that is more than {@code events}. */
    private static long awaitWitness(Clinic clinic, long events) {
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            JsonNode colleague = clinic.status().at("/witnesses/colleague");
            return colleague.path("events").asLong() > events
                    && colleague.path("lastError").isNull();
        });
        return clinic.status().at("/witnesses/colleague/events").asLong();
    }

    /** The log goes on, and what nobody reads any more may go while it is copied. */
    private static void copy(Path log, Path copy) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Command.of("/bin/cp", "-a", log + "/.", copy).run().status() == 0);
    }

    private static JsonNode verified(Clinic clinic) throws JsonProcessingException {
        return JSON.readTree(clinic.cli("audit", "verify", "--json").orFail().output());
    }

    /** Returns when the tier has all that is signed, and something is. */
    private static void awaitAnchored(Clinic clinic) {
        Instant now = Instant.now();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            JsonNode anchored = clinic.status().at("/tiers/offsite/anchored");
            return anchored.isTextual()
                    && Instant.parse(anchored.asText()).isAfter(now)
                    && Files.isDirectory(clinic.tier("offsite").resolve("audit"));
        });
    }

    /** Somebody brings an older copy of the log back: all of it is signed, and only the tier tells. */
    private static void rollBack(Clinic clinic, Path log, Path older) throws Exception {
        clinic.cli("audit", "verify", "--from", "offsite").orFail();
        Path newer = Files.createTempDirectory("strongroom-audit").resolve("audit");
        Command.of("/bin/mv", log, newer).run().orFail();
        Command.of("/bin/cp", "-a", older, log).run().orFail();
        JsonNode alone =
                JSON.readTree(clinic.cli("audit", "verify", "--json").orFail().output());
        Command.Result compared = clinic.cli("audit", "verify", "--from", "offsite", "--json");
        assertThat(compared.status()).isEqualTo(1);
        assertThat(JSON.readTree(compared.output()).path("firstBad").asLong(-1))
                .isEqualTo(alone.path("size").asLong());
        Command.of("/bin/rm", "-r", log).run().orFail();
        clinic.cli("audit", "verify", "--from", "offsite").orFail();
        Command.of("/bin/mv", newer, log).run().orFail();
    }

    private static void proveWithGo(Clinic clinic, Path log) throws Exception {
        Path work = Files.createTempDirectory("strongroom-audit");
        GoVerifier go = GoVerifier.build(work);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(go.verify(log, log.resolve("key.pub")))
                .startsWith("ok ")); // it may grow between two reads
        JsonNode proof = JSON.readTree(
                clinic.cli("audit", "proof", "3", "--json").orFail().output());
        Path entry =
                Files.writeString(work.resolve("3.json"), proof.path("entry").asText());
        Path text = Files.writeString(
                work.resolve("3.tlog-proof"), proof.path("text").asText());
        assertThat(go.verify(entry, log.resolve("key.pub"), text)).isEqualTo("ok 3");
    }

    /** Somebody writes another attachment into the events about this one. */
    private static void hide(Path log, String attachment) throws Exception {
        try (var bundles = Files.walk(log.resolve("tile/entries"))) {
            for (Path bundle : bundles.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(bundle);
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                Files.write(
                        bundle,
                        text.replace(attachment, "00000000" + attachment.substring(8))
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static List<String> types(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals(type))
                .map(event -> event.path("details").path("attachment").asText())
                .toList();
    }

    /** What the plugin recorded, not the sidecar of itself. */
    private static List<JsonNode> ofOrthanc(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals(type))
                .filter(event -> event.at("/details/part").isMissingNode())
                .toList();
    }

    private static List<JsonNode> search(Clinic clinic, String... filters) throws JsonProcessingException {
        List<Object> words = new ArrayList<>(List.of("audit", "search", "--json"));
        words.addAll(List.of(filters));
        List<JsonNode> events = new ArrayList<>();
        Command.Result found = clinic.cli(words.toArray());
        for (String line : found.output().lines().toList()) {
            events.add(JSON.readTree(line));
        }
        return events;
    }
}
