package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;

/**
 * Searches of two clinics in a real Orthanc, which labels make smaller from 1.12.0 on: what is found is whose it is, whatever became of the
 * labels, and whatever is asked of them.
 */
class FindIT {
    private static final String NORTH = "strongroom-tenant-north";
    private static final String SOUTH = "strongroom-tenant-south";
    private static final String QUARANTINE = "strongroom-tenant-quarantine";
    private static final List<String> NORTHS =
            List.of(TwoClinicsPacs.NORTH + ".0", TwoClinicsPacs.NORTH + ".1", TwoClinicsPacs.NORTH + ".2");
    private static final List<String> SOUTHS = List.of(TwoClinicsPacs.SOUTH + ".0", TwoClinicsPacs.SOUTH + ".1");
    private static final Map<String, List<String>> THEIRS = Map.of("north-rad", NORTHS, "south-rad", SOUTHS);
    private static final String WAITING = TwoClinicsPacs.UNKNOWN + ".1";
    private static final Duration SOON = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource(Debian.class)
    void aSearchFindsWhatIsTheCallersWhateverTheLabelsSay(Debian debian) throws SQLException {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian)) {
            OrthancProcess orthanc = pacs.start();
            Asked asked = new Asked(pacs, orthanc.rest(), debian != Debian.BOOKWORM);
            asked.everybodyFindsTheirs();
            if (debian != Debian.BOOKWORM) {
                asked.awaitLabel("north-rad", NORTHS.get(1), NORTH);
                asked.awaitLabel("south-rad", SOUTHS.get(1), SOUTH);
                asked.everybodyFindsTheirs();
                asked.whatUsersAskOfLabelsHoldsAsWell();
                asked.nobodyWritesTheLabelOfATenant();

                orthanc.stop();
                edit(
                        pacs,
                        "DELETE FROM Labels WHERE label = '" + NORTH + "' AND id = " + study(NORTHS.get(1)),
                        "INSERT INTO Labels VALUES (" + study(NORTHS.get(0)) + ", '" + SOUTH + "')",
                        "UPDATE Labels SET label = '" + NORTH + "' WHERE label = '" + SOUTH + "' AND id = "
                                + study(SOUTHS.get(1)));
                orthanc.restart();
                asked.everybodyFindsTheirs();
                asked.awaitLabel("north-rad", NORTHS.get(1), NORTH);
                asked.awaitLabel("south-rad", SOUTHS.get(1), SOUTH);
                assertThat(asked.labels("north-rad", NORTHS.get(0))).containsExactly(NORTH);
                asked.everybodyFindsTheirs();
            }
            pacs.cli("tenant", "assign", "--by", "x", "--reason", "x", "--study", WAITING, "--to", "north")
                    .orFail();
            List<String> more = new ArrayList<>(NORTHS);
            more.add(WAITING);
            assertThat(asked.studies("north-rad", "")).containsExactlyInAnyOrderElementsOf(more);
            assertThat(asked.studies("south-rad", "")).containsExactlyInAnyOrderElementsOf(SOUTHS);
            if (debian != Debian.BOOKWORM) {
                asked.awaitLabel("north-rad", WAITING, NORTH);
                assertThat(asked.labels("north-rad", WAITING)).containsExactly(NORTH);
                assertThat(asked.studies("north-rad", "")).containsExactlyInAnyOrderElementsOf(more);
            }
        }
    }

    private static String study(String uid) {
        return "(SELECT id FROM DicomIdentifiers WHERE value = '" + uid + "')";
    }

    /** Of an Orthanc that is stopped: while it runs, nobody but it opens its index. */
    private static void edit(TwoClinicsPacs pacs, String... statements) throws SQLException {
        String file = pacs.folder("orthanc").resolve("index").toString();
        try (Connection index = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = index.createStatement()) {
            for (String text : statements) {
                assertThat(statement.executeUpdate(text)).as(text).isEqualTo(1);
            }
        }
    }

    /** @param labels whether this Orthanc has any, and an order in searches */
    private record Asked(TwoClinicsPacs pacs, Rest rest, boolean labels) {
        private static final int EVERYBODYS = 6;

        void everybodyFindsTheirs() {
            THEIRS.forEach((user, theirs) -> {
                JsonNode list = pacs.json(rest, user, "/studies?expand");
                assertThat(list).hasSameSizeAs(theirs);
                list.forEach(study -> assertThat(study)
                        .isEqualTo(pacs.json(
                                rest, user, "/studies/" + study.path("ID").asText())));
                JsonNode sums = pacs.json(rest, user, "/statistics");
                for (String count : List.of("CountPatients", "CountStudies", "CountSeries", "CountInstances")) {
                    assertThat(sums.path(count).asInt()).as(count).isEqualTo(theirs.size());
                }
                assertThat(sums.path("TotalDiskSize").asLong()).isPositive();
                for (String level : List.of("Patient", "Study", "Series", "Instance")) {
                    String body = "{\"Level\": \"" + level + "\", \"Query\": {}%s}";
                    assertThat(search(user, body.formatted(""))).as(level).hasSameSizeAs(theirs);
                    JsonNode counted = pacs.posted(rest, user, "/tools/count-resources", body.formatted(""));
                    assertThat(counted.path("Count").asInt()).as(level).isEqualTo(theirs.size());
                    for (String more :
                            List.of(", \"Expand\": true", ", \"ResponseContent\": [\"Metadata\"], \"Expand\": true")) {
                        assertThat(search(user, body.formatted(more)).toString())
                                .doesNotContain(
                                        pacs.othersThan(user.substring(0, 5)).toArray(new String[0]));
                    }
                }
                assertThat(studies(user, "")).containsExactlyInAnyOrderElementsOf(theirs);
                assertThat(studies(user, ", \"RequestedTags\": [\"PatientName\", \"StudyInstanceUID\"]"))
                        .containsExactlyInAnyOrderElementsOf(theirs);
                List<String> paged = new ArrayList<>();
                List<String> qido = new ArrayList<>();
                for (int since = 0; since < theirs.size(); since++) {
                    List<String> page = studies(user, ", \"Since\": " + since + ", \"Limit\": 1");
                    assertThat(page).hasSize(1);
                    paged.addAll(page);
                    JsonNode row = pacs.json(rest, user, "/dicom-web/studies?limit=1&offset=" + since);
                    assertThat(row).hasSize(1);
                    qido.add(row.get(0).at("/0020000D/Value/0").asText());
                }
                assertThat(paged).containsExactlyElementsOf(studies(user, ""));
                assertThat(qido).containsExactlyInAnyOrderElementsOf(theirs);
                assertThat(studies(user, ", \"Since\": " + theirs.size() + ", \"Limit\": 1"))
                        .isEmpty();
                assertThat(search(
                                user, "{\"Level\": \"Study\", \"Query\": {\"0020,000D\": \"" + theirs.get(1) + "\"}}"))
                        .hasSize(1);
                assertThat(pacs.json(rest, user, "/dicom-web/studies?Modality=CT"))
                        .hasSameSizeAs(theirs)
                        .allSatisfy(row ->
                                assertThat(row.at("/00080060/Value/0").asText()).isEqualTo("CT"));
                if (labels) {
                    belowWhatIsTheirs(user);
                    String order = ", \"OrderBy\": [{\"Type\": \"DicomTag\", \"Key\": \"StudyInstanceUID\","
                            + " \"Direction\": \"DESC\"}], \"Limit\": 2";
                    assertThat(studies(user, order))
                            .containsExactly(theirs.get(theirs.size() - 1), theirs.get(theirs.size() - 2));
                }
            });
            assertThat(pacs.json(rest, "admin", "/statistics")
                            .path("CountStudies")
                            .asInt())
                    .isEqualTo(EVERYBODYS);
        }

        /** Another's study is as one that is not there. */
        private void belowWhatIsTheirs(String user) {
            String body = "{\"Level\": \"Series\", \"Query\": {}, \"ParentStudy\": \"%s\"}";
            String studies = "{\"Level\": \"Study\", \"Query\": {}}";
            for (String other : THEIRS.keySet()) {
                assertThat(search(other, studies))
                        .allSatisfy(study -> assertThat(search(user, body.formatted(study.asText())))
                                .hasSize(other.equals(user) ? 1 : 0));
            }
            assertThat(search(user, body.formatted("0".repeat(8) + "-00000000".repeat(4))))
                    .isEmpty();
        }

        void whatUsersAskOfLabelsHoldsAsWell() {
            label("north-rad", NORTHS.get(1));
            label("south-rad", SOUTHS.get(1));
            List<String> others = List.of(NORTHS.get(0), NORTHS.get(2));
            for (String constraint : List.of("All", "Any")) {
                assertThat(studies("north-rad", asking("\"seen\"", constraint))).containsExactly(NORTHS.get(1));
                assertThat(studies("north-rad", asking("", constraint))).containsExactlyInAnyOrderElementsOf(NORTHS);
                for (String tenant : List.of(SOUTH, QUARANTINE)) {
                    assertThat(studies("north-rad", asking("\"" + tenant + "\"", constraint)))
                            .isEmpty();
                }
            }
            assertThat(studies("north-rad", asking("\"seen\"", "None"))).containsExactlyInAnyOrderElementsOf(others);
            assertThat(studies("north-rad", asking("", "None")))
                    .as("without labels but Strongroom's")
                    .containsExactlyInAnyOrderElementsOf(others);
            assertThat(studies("north-rad", asking("\"" + SOUTH + "\"", "None")))
                    .containsExactlyInAnyOrderElementsOf(NORTHS);
            assertThat(studies("north-rad", asking("\"" + NORTH + "\"", "None")))
                    .isEmpty();
            assertThat(studies("north-rad", asking("\"seen\", \"" + SOUTH + "\"", "Any")))
                    .containsExactly(NORTHS.get(1));
            JsonNode counted = pacs.posted(
                    rest,
                    "north-rad",
                    "/tools/count-resources",
                    "{\"Level\": \"Study\", \"Query\": {}" + asking("\"seen\"", "None") + "}");
            assertThat(counted.path("Count").asInt()).isEqualTo(others.size());
        }

        private static String asking(String labels, String constraint) {
            return ", \"Labels\": [" + labels + "], \"LabelsConstraint\": \"" + constraint + "\"";
        }

        private void label(String user, String uid) {
            HttpResponse<byte[]> answer = pacs.send(rest, user, "PUT", uri(user, uid) + "/labels/seen", "");
            assertThat(answer.statusCode()).isEqualTo(200);
        }

        void nobodyWritesTheLabelOfATenant() {
            for (String user : List.of("north-rad", "north-tech", "admin")) {
                for (String method : List.of("PUT", "DELETE")) {
                    for (String label : List.of(NORTH, SOUTH, QUARANTINE)) {
                        String uri = uri("north-rad", NORTHS.get(1)) + "/labels/" + label;
                        assertThat(pacs.send(rest, user, method, uri, method.equals("PUT") ? "" : null)
                                        .statusCode())
                                .isEqualTo(403);
                    }
                }
                assertThat(pacs.send(rest, user, "GET", "/tools/labels").statusCode())
                        .isEqualTo(403);
            }
            assertThat(labels("north-rad", NORTHS.get(1))).contains(NORTH);
        }

        /** StudyInstanceUIDs in the order of the answer. */
        List<String> studies(String user, String more) {
            List<String> uids = new ArrayList<>();
            search(user, "{\"Level\": \"Study\", \"Query\": {}, \"Expand\": true" + more + "}")
                    .forEach(study ->
                            uids.add(study.at("/MainDicomTags/StudyInstanceUID").asText()));
            return uids;
        }

        List<String> labels(String user, String uid) {
            List<String> labels = new ArrayList<>();
            pacs.json(rest, user, uri(user, uid) + "/labels").forEach(label -> labels.add(label.asText()));
            return labels;
        }

        void awaitLabel(String user, String uid, String label) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(labels(user, uid)).contains(label));
        }

        private String uri(String user, String uid) {
            return "/studies/" + pacs.find(rest, user, "Study", uid).get(0).asText();
        }

        private JsonNode search(String user, String body) {
            return pacs.posted(rest, user, "/tools/find", body);
        }
    }
}
