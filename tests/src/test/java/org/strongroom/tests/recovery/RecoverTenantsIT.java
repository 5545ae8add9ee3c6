package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Scratch;

/**
 * Two tenants lose everything but their tiers and the sheets, passwords too, while a patient of one of them is restricted. Each tenant's studies are in a tier of
 * its own: the configuration that is completed names both.
 */
class RecoverTenantsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DISPUTED = "NORTH-DISPUTED";
    private static final List<String> USERS = List.of("north-rad", "south-rad");

    private final Map<String, byte[]> north = new HashMap<>();
    private final Map<String, byte[]> south = new HashMap<>();
    private final Map<String, byte[]> restricted = new HashMap<>();
    private JsonNode holds;

    @ParameterizedTest
    @CsvSource({"TRIXIE, TRIXIE", "BOOKWORM, SID"})
    void eachTenantHasWhatWasTheirsAndWhatIsRestrictedStaysSo(Debian before, Debian after) throws IOException {
        try (Clinic lost = new Clinic(before).withPassphrase();
                Clinic made = new Clinic(after).withPassphrase()) {
            List<Path> sheets = burn(lost);
            Path config = made.scratch().folder("new").resolve("orthanc.json");
            ObjectNode left = JSON.createObjectNode();
            left.withObject("/Strongroom")
                    .set("Tiers", lost.setup().configuration().at("/Strongroom/Tiers"));
            Path file = made.scratch().file("new/orthanc.json", withoutItsTenants(made, left));
            assertRefused(recovering(after, made, config, sheets));
            Files.writeString(file, left.toString());
            JsonNode told = recover(after, made, config, sheets);
            assertThat(told.path("whole").asBoolean()).isTrue();
            assertThat(told.at("/outcome/registered").asInt())
                    .as("what came after the snapshot")
                    .isEqualTo(3);
            assertThat(told.at("/access/from").asText()).isEqualTo("snapshot");
            assertThat(told.at("/access/tenants")).hasSize(2);
            assertThat(told.at("/access/missing")).as(told.toString()).hasSize(USERS.size());

            assertThat(made.home().resolve("tenant-places.json"))
                    .as("of the tenant that was gone long since")
                    .content()
                    .contains("west");

            // The report names the files that no tier holds.
            told.at("/access/missing")
                    .forEach(missing -> write(Path.of(missing.path("value").asText()), "a new one"));
            ObjectNode configuration = made.setup().configuration();
            configuration.remove(List.of("DicomAlwaysAllowGet", "DicomAlwaysAllowMove", "DicomAlwaysAllowFind"));
            configuration.setAll((ObjectNode) Rest.parse(Files.readAllBytes(config)));
            Rest rest = made.start().rest();

            assertThat(get(rest, "north-rad", "the old one", "/studies").statusCode())
                    .as("nobody's password is back")
                    .isNotEqualTo(200);
            assertHas(rest, "north-rad", north);
            assertHas(rest, "south-rad", south);
            for (String user : USERS) {
                restricted.keySet().forEach(id -> assertThat(get(rest, user, "a new one", "/instances/" + id + "/file")
                                .statusCode())
                        .isEqualTo(403));
            }
            south.keySet().forEach(id -> assertThat(get(rest, "north-rad", "a new one", "/instances/" + id + "/file")
                            .statusCode())
                    .isEqualTo(403));

            // The restriction ends as it began, and what was under it is all there.
            assertThat(holds(made)).isEqualTo(holds);
            String hold = "";
            for (JsonNode one : holds) {
                hold = one.path("restricts").asBoolean() ? one.path("hold").asText() : hold;
            }
            made.cli("hold", "remove", hold, "--owner", "Dr. Doe", "--reason", "settled")
                    .orFail();
            north.putAll(restricted);
            assertHas(rest, "north-rad", north);
            assertExported(made, "north", north);
            assertExported(made, "south", south);
        }
    }

    /** Who may see what, and of no tenant where its studies may be. */
    private static byte[] withoutItsTenants(Clinic made, ObjectNode left) throws IOException {
        ObjectNode own = left.deepCopy();
        ObjectNode user = own.withObject("/Strongroom/Access/Users/admin");
        user.put(
                "PasswordFile",
                made.scratch()
                        .file("admin", "a new one\n".getBytes(StandardCharsets.UTF_8))
                        .toString());
        user.putArray("Roles").add("administrator");
        return own.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** By the command itself, before an index is there that Orthanc could be started with. */
    private static void assertRefused(Command.Result result) {
        assertThat(result.status()).isEqualTo(1);
        JsonNode error =
                Rest.parse(result.output().getBytes(StandardCharsets.UTF_8)).path("error");
        assertThat(error.path("kind").asText()).as(result.output()).isEqualTo("REFUSED");
        assertThat(error.at("/context/Strongroom.Tenants").asText()).isEqualTo("north");
        assertThat(error.at("/context/would go to").asText()).isEqualTo("near");
        assertThat(error.path("cure").asText())
                .contains("Write Strongroom.Tenants.north again", "run the same command again");
        assertThat(result.errors()).doesNotContain("are listed without being read");
    }

    private static JsonNode holds(Clinic clinic) {
        return Rest.parse(clinic.cli("hold", "list", "--json").orFail().output().getBytes(StandardCharsets.UTF_8))
                .path("holds");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertHas(Rest rest, String user, Map<String, byte[]> images) {
        HttpResponse<byte[]> answer = rest.send(
                "POST",
                "/tools/find",
                "{\"Level\": \"Instance\", \"Query\": {}}".getBytes(StandardCharsets.UTF_8),
                "Authorization",
                basic(user, "a new one"));
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        List<String> ids = new ArrayList<>();
        Rest.parse(answer.body()).forEach(id -> ids.add(id.asText()));
        assertThat(ids).containsExactlyInAnyOrderElementsOf(images.keySet());
        images.forEach((id, image) -> assertThat(get(rest, user, "a new one", "/instances/" + id + "/file")
                        .body())
                .isEqualTo(image));
    }

    /** One tenant leaves with all that is its own, and with nothing of the other one. */
    private static void assertExported(Clinic clinic, String tenant, Map<String, byte[]> images) throws IOException {
        Path to = clinic.scratch().path().resolve("export-" + tenant);
        clinic.cli("export", "--all", "--tenant", tenant, "--to", to, "--no-dicomdir")
                .orFail();
        List<byte[]> exported = new ArrayList<>();
        for (Path file : ClearText.files(to.resolve("DICOM"))) {
            exported.add(Files.readAllBytes(file));
        }
        assertThat(exported).containsExactlyInAnyOrderElementsOf(images.values());
    }

    private static HttpResponse<byte[]> get(Rest rest, String user, String password, String path) {
        return rest.send("GET", path, null, "Authorization", basic(user, password));
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static void upload(Rest rest, String user, Map<String, byte[]> to, byte[] image) {
        HttpResponse<byte[]> answer =
                rest.send("POST", "/instances", image, "Authorization", basic(user, "the old one"));
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        to.put(Rest.parse(answer.body()).path("ID").asText(), image);
    }

    private static byte[] image(String patient, int number) {
        return SyntheticDicom.ct()
                .patient(patient)
                .study("2.25.88" + Integer.toUnsignedString(patient.hashCode()))
                .series("2.25.99" + Integer.toUnsignedString(patient.hashCode()) + "." + number)
                .toBytes();
    }

    /** Stores, restricts, snapshots, stores more, ships, and destroys all but the tier; the sheets. */
    private List<Path> burn(Clinic lost) throws IOException {
        keepApart(lost.directoryTier("near"));
        // A tenant that is gone long since.
        ObjectNode tenants = lost.setup().configuration().withObject("/Strongroom/Tenants");
        tenants.putObject("west").putArray("Tiers").add("offsite").add("near");
        lost.start().stop();
        tenants.remove("west");
        OrthancProcess orthanc = lost.start();
        Rest rest = orthanc.rest();
        upload(rest, "north-rad", north, image("NORTH-1", 1));
        upload(rest, "north-rad", restricted, image(DISPUTED, 1));
        lost.cli("hold", "add", "--restrict", "--patient", DISPUTED, "--owner", "Dr. Roe", "--reason", "disputed")
                .orFail();
        assertToldOfMissingUsers(lost);
        upload(rest, "north-rad", north, image("NORTH-1", 2));
        upload(rest, "north-rad", restricted, image(DISPUTED, 2));
        JsonNode kit = Rest.parse(lost.cli(
                        "kit",
                        "create",
                        "--json",
                        "--shares",
                        "3",
                        "--need",
                        "2",
                        "--out",
                        lost.scratch().path().resolve("kit"))
                .orFail()
                .output()
                .getBytes(StandardCharsets.UTF_8));
        lost.ship();
        // Behind all that is shipped to north's tier: south's key is in the other one alone.
        upload(rest, "south-rad", south, image("SOUTH-1", 1));
        lost.cli("hold", "add", "--tenant", "south", "--owner", "court", "--reason", "case")
                .orFail();
        holds = holds(lost);
        lost.ship();
        lost.endSidecars(); // the next one copies the journal at once
        await().atMost(Duration.ofMinutes(3)).until(() -> InTier.hasWholeJournal(lost));
        await().atMost(Duration.ofMinutes(1)).until(() -> InTier.hasSnapshot(lost));
        orthanc.kill();
        lost.endSidecars();
        List<Path> sheets = new ArrayList<>();
        kit.path("sheets").forEach(sheet -> sheets.add(Path.of(sheet.asText())));
        Scratch.delete(lost.home());
        for (String gone : List.of("orthanc", "passphrase", "north-rad", "south-rad", "users.json")) {
            Scratch.delete(lost.scratch().path().resolve(gone));
        }
        return sheets.subList(0, 2);
    }

    /** One of the users is in a file that cannot be read for a while. */
    private static void assertToldOfMissingUsers(Clinic lost) throws IOException {
        Path users = lost.scratch().path().resolve("users.json");
        Path away = users.resolveSibling("users.away");
        Files.move(users, away);
        lost.cli("snapshot", "--now").orFail();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> lost.status().path("problems").toString().contains("has none of the users"));
        Files.move(away, users);
        lost.cli("snapshot", "--now").orFail();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !lost.status().path("problems").toString().contains("has none of the users"));
    }

    private static void keepApart(Clinic lost) {
        ObjectNode configuration = lost.setup().configuration();
        configuration.remove(List.of("DicomAlwaysAllowGet", "DicomAlwaysAllowMove", "DicomAlwaysAllowFind"));
        configuration.put("DicomCheckModalityHost", true).put("DicomAlwaysAllowStore", false);
        ObjectNode access = configuration.withObject("/Strongroom/Access");
        access.withObject("/Login").put("Insecure", true).putArray("Basic").add("radiologist");
        for (String user : USERS) {
            String tenant = user.substring(0, user.indexOf('-'));
            configuration
                    .withObject("/Strongroom/Tenants/" + tenant)
                    .putArray("Tiers")
                    .add(tenant.equals("north") ? "offsite" : "near");
            configuration
                    .withObject("/Strongroom/Tenants/" + tenant + "/Sources")
                    .putArray("Users")
                    .add(user);
            ObjectNode settings = access.withObject("/Users/" + user)
                    .put(
                            "PasswordFile",
                            lost.scratch()
                                    .file(user, "the old one\n".getBytes(StandardCharsets.UTF_8))
                                    .toString());
            settings.putArray("Tenants").add(tenant);
            settings.putArray("Roles").add("radiologist");
        }
        // One of them is in a file of its own.
        ObjectNode file = JSON.createObjectNode();
        file.set("south-rad", access.withObject("/Users").remove("south-rad"));
        access.put(
                "UsersFile",
                lost.scratch()
                        .file("users.json", file.toString().getBytes(StandardCharsets.UTF_8))
                        .toString());
    }

    private static JsonNode recover(Debian debian, Clinic made, Path config, List<Path> sheets) {
        return Rest.parse(
                recovering(debian, made, config, sheets).orFail().output().getBytes(StandardCharsets.UTF_8));
    }

    private static Command.Result recovering(Debian debian, Clinic made, Path config, List<Path> sheets) {
        List<Object> words = new ArrayList<>(List.of(
                Distribution.get().launcher(),
                "recover",
                "--json",
                "--from",
                "offsite",
                "--home",
                made.home(),
                "--config",
                config));
        words.addAll(sheets);
        return debian.command(words.toArray()).within(Duration.ofMinutes(5)).run();
    }
}
