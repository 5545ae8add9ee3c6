package org.strongroom.plugin.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The doors that only tenants, roles and audit ask for, on Debian's Orthancs, with one worker per queue. */
class DoorsIT {
    private static final byte[] NOTHING = new byte[0];
    private static final Random RANDOM = new Random(7);
    private static final Pattern ID = Pattern.compile("\"ID\" : \"([^\"]+)\"");

    @TempDir
    static Path folder;

    private static Distribution distribution;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        distribution = Distribution.build(folder.resolve("dist"));
    }

    @ParameterizedTest
    @EnumSource(OrthancTree.class)
    void requestsAndInstancesPassThem(OrthancTree tree) throws IOException, InterruptedException {
        int dicomPort = OrthancServer.freePort();
        String settings =
                "\"DicomPort\": %d, \"DicomAlwaysAllowStore\": true, \"DicomAlwaysAllowFind\": true, \"DicomAlwaysAllowMove\": true, \"OverwriteInstances\": true, \"StorageCompression\": %s"
                        .formatted(dicomPort, tree == OrthancTree.TRIXIE);
        Path home = OrthancServer.folder(folder, "doors-" + tree);
        try (OrthancServer server = OrthancServer.start(home, distribution, tree, settings)) {
            server.awaitReady();
            filters(server);
            routes(server);
            sources(server, dicomPort);
            manySources(server);
            dicom(server);
            finds(dicomPort);
            moves(dicomPort);
            logins(server, tree);
            assertThat(server.stop()).isZero();
        }
    }

    private static void filters(OrthancServer server) throws IOException {
        assertThat(server.get("/system?forbidden=1").statusCode()).isEqualTo(403);
        assertThat(server.get("/app/explorer.html?forbidden").statusCode()).isEqualTo(403);
        assertThat(server.get("/exports").statusCode()).isEqualTo(403);
        assertThat(server.get("/changes").statusCode()).isEqualTo(500);
        assertThat(server.send("DELETE", "/studies/x", NOTHING).statusCode()).isEqualTo(403);
        assertThat(server.send("POST", "/studies/x", NOTHING, "X-HTTP-Method-Override", "DELETE")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.get("/system?allowed=1").statusCode()).isEqualTo(200);
    }

    private static void routes(OrthancServer server) throws IOException {
        HttpResponse<byte[]> statistics = server.get("/statistics?a=1&b=2&a=3");
        assertThat(statistics.body()).asString().contains("CountInstances");
        assertThat(statistics.headers().firstValue("X-Arguments")).contains("[a=1, b=2, a=3]");
        byte[] body = "{\"Level\": \"Study\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(server.post("/tools/find", body).body()).isEqualTo(body);
        assertThat(server.post("/tools/lookup/", body).body()).isEqualTo(body);
        assertThat(server.get("/tools/now").body()).asString().matches("\\d{8}T\\d{6}");
        assertThat(server.get("/strongroom/door/nested").statusCode()).isEqualTo(503);
        assertThat(server.log()).contains("a REST request caused another one, which would wait for itself");
    }

    private static void sources(OrthancServer server, int dicomPort) throws IOException, InterruptedException {
        byte[] first = DicomFile.random(1, 64, RANDOM);
        String id = id(server.send("POST", "/instances", first, "X-Token", "north"));
        server.send("POST", "/instances", DicomFile.random(2, 64, RANDOM));
        server.send(
                "POST",
                "/strongroom/door/upload",
                DicomFile.random(3, 64, RANDOM),
                "X-Upload",
                "south",
                "X-Token",
                "north");
        Path file = Files.write(folder.resolve("sent"), DicomFile.random(4, 64, RANDOM));
        Distribution.run(
                List.of("storescu", "-aet", "NORTH_CT", "127.0.0.1", Integer.toString(dicomPort), file.toString()), 60);
        server.send(
                "PUT",
                "/instances/" + id + "/attachments/1024",
                "text".getBytes(StandardCharsets.UTF_8),
                "X-Token",
                "north");
        assertThat(arrivals(server))
                .contains("1 REST  north", "2 REST  ", "3 PLUGIN  south", "4 DICOM NORTH_CT ", "other UNKNOWN  north")
                .allMatch(line -> line.startsWith("1 REST  north")
                        || line.startsWith("2 REST  ")
                        || line.startsWith("3 PLUGIN  south")
                        || line.startsWith("4 DICOM NORTH_CT ")
                        || line.startsWith("other UNKNOWN  north"));

        // A job has threads of its own.
        int before = arrivals(server).size();
        byte[] change = "{\"Replace\": {\"StudyDescription\": \"X\"}, \"KeepSource\": true, \"Synchronous\": true}"
                .getBytes(StandardCharsets.UTF_8);
        String study = parent(server, id);
        assertThat(server.send("POST", "/studies/" + study + "/modify", change, "X-Token", "north")
                        .statusCode())
                .isEqualTo(200);
        String jobs = new String(server.get("/jobs").body(), StandardCharsets.UTF_8);
        List<String> ended = new String(server.get("/strongroom/door/jobs").body(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(ended).hasSize(1).allMatch(jobs::contains);
        List<String> made = arrivals(server);
        assertThat(made.subList(before, made.size())).isNotEmpty().allMatch(line -> line.endsWith("other REST  "));
    }

    /** With sequences and numbers, in the character set that it names. */
    private static void dicom(OrthancServer server) throws IOException {
        byte[] made = server.post(
                        "/strongroom/door/dicom",
                        "{\"0008,0005\": \"ISO_IR 192\", \"0010,0010\": \"M\u00fcller\", \"0028,0010\": \"513\", \"0040,0275\": [{\"0040,0009\": \"step\"}]}"
                                .getBytes(StandardCharsets.UTF_8))
                .body();
        assertThat(new String(made, 128, 4, StandardCharsets.US_ASCII)).isEqualTo("DICM");
        assertThat(new String(made, StandardCharsets.ISO_8859_1))
                // Rows as a number of two bytes, not as the text it was given as.
                .contains("M\u00c3\u00bcller", "step", "\050\000\020\000US\002\000\001\002");
    }

    private static void finds(int dicomPort) throws IOException, InterruptedException {
        // Müller in UTF-8, then in Latin 1: bytes that only printf passes on as they are.
        assertThat(find(dicomPort, "2", "M\\303\\274ller*", "ISO_IR 192"))
                .containsPattern("0020,000d\\) UI \\[1\\.2\\.826")
                .contains("Find Response: 2 (Pending)")
                .doesNotContain("Find Response: 3 (Pending)")
                .contains("Received Final Find Response (Success)");
        assertThat(find(dicomPort, "1", "M\\374ller*", "ISO_IR 100"))
                .contains("Find Response: 1 (Pending)")
                .contains("Received Final Find Response (Success)");
        assertThat(find(dicomPort, "0", "M\\374ller*", "ISO_IR 100"))
                .doesNotContain("Pending)")
                .contains("Received Final Find Response (Success)");
        assertThat(find(dicomPort, "throw", "M\\374ller*", "ISO_IR 100"))
                .contains("Received Final Find Response (Failed: UnableToProcess)");
        assertThat(find(dicomPort, "1", "Smith", "ISO_IR 100"))
                .contains("Received Final Find Response (Failed: UnableToProcess)");
    }

    private static String find(int dicomPort, String id, String name, String charset)
            throws IOException, InterruptedException {
        String command =
                "findscu -v -S -aet NORTH_WS -aec SOUTH 127.0.0.1 %d -k QueryRetrieveLevel=STUDY -k StudyInstanceUID "
                        + "-k PatientID=%s -k 'SpecificCharacterSet=%s' -k \"PatientName=$(printf '%s')\" 2>&1 | tr -cd '\\n -~'";
        return Distribution.run(List.of("sh", "-c", command.formatted(dicomPort, id, charset, name)), 60);
    }

    private static void moves(int dicomPort) throws IOException, InterruptedException {
        assertThat(move(dicomPort, "1.1"))
                .contains("Move Response 1")
                .containsPattern("Completed Suboperations *: 2")
                .containsPattern("Failed Suboperations *: 1")
                .doesNotContain("Move Response 2");
        assertThat(move(dicomPort, "1.4"))
                .contains("Move Response 2")
                .containsPattern("Completed Suboperations *: 3")
                .contains("0x0000: Success");
        assertThat(move(dicomPort, "1.2")).contains("0x0000: Success").doesNotContain("Move Response 1");
        assertThat(move(dicomPort, "1.3")).contains("0xc000: ");
    }

    private static String move(int dicomPort, String study) throws IOException, InterruptedException {
        String command = "movescu -d -S -aet NORTH_WS -aec SOUTH -aem TARGET 127.0.0.1 %d -k QueryRetrieveLevel=STUDY "
                + "-k StudyInstanceUID=%s 2>&1 | tr -cd '\\n -~'";
        return Distribution.run(List.of("sh", "-c", command.formatted(dicomPort, study)), 60);
    }

    private static void logins(OrthancServer server, OrthancTree tree) throws IOException {
        boolean asked = tree == OrthancTree.SID;
        assertThat(who(server, "none").statusCode()).isEqualTo(asked ? 401 : 200);
        assertThat(who(server, "bad").statusCode()).isEqualTo(asked ? 403 : 200);
        assertThat(who(server, "throw").statusCode()).isEqualTo(asked ? 500 : 200);
        HttpResponse<byte[]> page = who(server, "page");
        assertThat(page.statusCode()).isEqualTo(asked ? 307 : 200);
        assertThat(page.headers().firstValue("Location"))
                .isEqualTo(asked ? Optional.of("./../../strongroom/door/login") : Optional.empty());
        assertThat(who(server, "me").body()).asString().isEqualTo(asked ? "me" : "");
    }

    private static HttpResponse<byte[]> who(OrthancServer server, String login) throws IOException {
        return server.send("GET", "/strongroom/door/who", NOTHING, "X-Login", login);
    }

    private static void manySources(OrthancServer server) throws InterruptedException, IOException {
        List<Thread> senders = new ArrayList<>();
        for (int sender = 0; sender < 10; sender++) {
            int first = 1000 + 100 * sender;
            Random random = new Random(sender);
            Thread thread = new Thread(() -> {
                for (int i = first; i < first + 20; i++) {
                    try {
                        byte[] dicom = DicomFile.random(i, 64, random);
                        server.send("POST", "/instances", dicom, "X-Token", i % 3 == 0 ? "" : "T" + i);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            senders.add(thread);
            thread.start();
        }
        for (Thread sender : senders) {
            sender.join();
        }
        List<String> arrivals = arrivals(server);
        for (int sender = 0; sender < 10; sender++) {
            for (int i = 1000 + 100 * sender; i < 1020 + 100 * sender; i++) {
                String number = i + " ";
                assertThat(arrivals.stream().filter(line -> line.startsWith(number)))
                        .isNotEmpty()
                        .containsOnly(i % 3 == 0 ? i + " REST  " : i + " REST  T" + i);
            }
        }
    }

    private static List<String> arrivals(OrthancServer server) throws IOException {
        return new String(server.get("/strongroom/door/arrivals").body(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static String id(HttpResponse<byte[]> answer) {
        Matcher id = ID.matcher(new String(answer.body(), StandardCharsets.UTF_8));
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    private static String parent(OrthancServer server, String instance) throws IOException {
        return id(server.get("/instances/" + instance + "/study"));
    }
}
