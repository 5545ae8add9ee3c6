package org.strongroom.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/**
 * Lists and searches where two tenants share an Orthanc, one study in ten being north's, beside the same index without Strongroom. The
 * searches once more after all labels were taken away, which Strongroom puts back meanwhile.
 */
record Tenants(Plan plan, Figures figures, Debian debian) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NORTH = "north";
    private static final String SOUTH = "south";
    /** Works for both, and so sees all. */
    private static final String BOTH = "both";

    private static final String PASSWORD = "a password of nobody's";
    private static final int SENDERS = 8;
    private static final int OF_NORTH = 10;
    private static final Duration LABELLING = Duration.ofMinutes(30);
    private static final String SEARCH = "{\"Level\": \"Study\", \"Query\": {}}";
    private static final List<String> LISTS = List.of("/studies", "/studies?expand");

    void run() throws IOException {
        try (Clinic clinic = clinic()) {
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            Load.inParallel(plan.studies(), SENDERS, number -> store(rest, number));
            Terminal.progress(plan.studies() + " studies of two tenants");
            Awaitility.await()
                    .atMost(LABELLING)
                    .ignoreException(UncheckedIOException.class) // Orthanc may close a connection that was idle
                    .until(() -> label(rest, plan.studies() - 1));
            list(orthanc, Who.STRONGROOM, BOTH);
            search(rest, "");
            orthanc.stop();
            takeLabelsAway(clinic);
            orthanc.restart();
            search(rest, ".bare");
            orthanc.stop();
            clinic.withoutStrongroom();
            orthanc.restart();
            list(orthanc, Who.PLAIN, "");
            for (String list : LISTS) {
                figures.close(name(list), "ms", 1000);
                figures.close("cpu." + name(list), "ms", 1000);
                figures.ratioOfCosts(name(list) + ".vsPlain", name(list), Who.PLAIN);
            }
            Terminal.progress("lists and searches of two tenants");
        }
    }

    private void list(OrthancProcess orthanc, Who who, String user) throws IOException {
        for (String list : LISTS) {
            double before = Proc.cpuSeconds(orthanc.pid());
            measure(name(list), who, orthanc.rest(), user, list, plan.studies());
            double each = (Proc.cpuSeconds(orthanc.pid()) - before) / (plan.rounds() + 1);
            figures.sample("cpu." + name(list), who, each);
        }
    }

    private String name(String list) {
        return "access." + (list.endsWith("expand") ? "expand." : "list.") + Terminal.count(plan.studies());
    }

    private void search(Rest rest, String labels) {
        int norths = plan.studies() / OF_NORTH;
        String find = "access.find." + Terminal.count(plan.studies()) + labels;
        String qido = "access.qido." + Terminal.count(plan.studies()) + labels;
        measure(find, Who.STRONGROOM, rest, NORTH, "/tools/find", norths);
        measure(qido, Who.STRONGROOM, rest, NORTH, "/dicom-web/studies?limit=20", Math.min(20, norths));
        figures.close(find, "ms", 1000);
        figures.close(qido, "ms", 1000);
    }

    private Clinic clinic() {
        Clinic clinic = Contestant.clinic(debian);
        clinic.setup()
                .set("DicomServerEnabled", "false")
                .environment("PASSWORD", PASSWORD)
                .strongroom("Pack", JSON.createObjectNode().put("Quiet", "12 h"));
        ObjectNode configuration = clinic.setup().configuration();
        ObjectNode users = configuration.withObject("/Strongroom/Access/Users");
        for (String tenant : List.of(NORTH, SOUTH)) {
            configuration
                    .withObject("/Strongroom/Tenants/" + tenant + "/Sources")
                    .putArray("Users")
                    .add(tenant);
            user(users, tenant, "radiologist", tenant);
        }
        user(users, BOTH, "radiologist", NORTH, SOUTH);
        // As in a clinic: somebody sees patients of their own only, and nobody else may wait for that.
        user(users, "referrer", "referrer", NORTH);
        configuration
                .withObject("/Strongroom/Access/Login")
                .put("Insecure", true)
                .putArray("Basic")
                .add("radiologist");
        return clinic;
    }

    private static void user(ObjectNode users, String name, String role, String... tenants) {
        ObjectNode user = users.putObject(name).put("PasswordEnv", "PASSWORD");
        user.putArray("Roles").add(role);
        List.of(tenants).forEach(user.putArray("Tenants")::add);
    }

    private static void store(Rest rest, int number) throws IOException {
        byte[] image = SyntheticDicom.ct()
                .patient("P" + number)
                .patientName("NAME^" + number)
                .study("2.25." + number)
                .series("2.25." + number + ".1")
                .toBytes();
        String user = number % OF_NORTH == OF_NORTH - 1 ? NORTH : SOUTH;
        HttpResponse<byte[]> answer = rest.send("POST", "/instances", image, "Authorization", basic(user));
        if (answer.statusCode() != 200) {
            throw new IOException("an upload was answered " + answer.statusCode());
        }
    }

    private static boolean label(Rest rest, int number) {
        String body =
                "{\"Level\": \"Study\", \"Query\": {\"StudyInstanceUID\": \"2.25." + number + "\"}, \"Expand\": true}";
        byte[] found = rest.send(
                        "POST", "/tools/find", body.getBytes(StandardCharsets.UTF_8), "Authorization", basic(BOTH))
                .body();
        return Rest.parse(found).path(0).path("Labels").toString().contains("strongroom-");
    }

    /** The first time is thrown away. */
    private void measure(String measure, Who who, Rest rest, String user, String path, int wanted) {
        String[] headers = user.isEmpty() ? new String[0] : new String[] {"Authorization", basic(user)};
        boolean post = path.startsWith("/tools/");
        byte[] body = post ? SEARCH.getBytes(StandardCharsets.UTF_8) : null;
        for (int round = 0; round <= plan.rounds(); round++) {
            long begun = System.nanoTime();
            byte[] answer =
                    rest.send(post ? "POST" : "GET", path, body, headers).body();
            double seconds = Load.since(begun);
            if (Rest.parse(answer).size() != wanted) {
                throw new IllegalStateException(path + " has not " + wanted + " studies");
            }
            if (round > 0) {
                figures.sample(measure, who, seconds);
            }
        }
    }

    private static void takeLabelsAway(Clinic clinic) throws IOException {
        Path index =
                Path.of(clinic.setup().configuration().path("IndexDirectory").asText(), "index");
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + index);
                Statement statement = database.createStatement()) {
            statement.executeUpdate("DELETE FROM Labels");
        } catch (SQLException e) {
            throw new IOException("Orthanc's index could not be changed", e);
        }
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }
}
