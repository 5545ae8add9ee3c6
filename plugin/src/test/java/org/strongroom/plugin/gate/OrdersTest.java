package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.tenancy.Started.Coming;
import org.strongroom.plugin.tenancy.StudyTenants;

class OrdersTest {
    private final TwoClinics clinics = new TwoClinics();

    @ParameterizedTest
    @CsvSource({
        "north-technologist, /tools/bulk-delete, '{\"Resources\": [\"NORTHS\", \"OTHER\"]}', true",
        "north-technologist, /tools/bulk-delete, '{\"Resources\": [\"NORTHS\", \"SOUTHS\"]}', false",
        "north-technologist, /tools/bulk-delete, '{\"Resources\": [\"NORTHS\","
                + " \"00000000-00000000-00000000-00000000-00000001\"]}', false",
        "north-technologist, /tools/bulk-delete, '{\"Resources\": [\"SHARED\"]}', true",
        "north-technologist, /tools/bulk-delete, '{\"Resources\": [\"BOTHS\"]}', false",
        "north-technologist, /patients/BOTHS/modify, '{}', false",
        "north-technologist, /tools/bulk-modify, '{\"Resources\": [\"BOTHS\"]}', false",
        "north-radiologist, /tools/bulk-delete, '{\"Resources\": [\"NORTHS\"]}', false",
        "north-technologist, /tools/bulk-delete, '{\"Resources\": [\"NORTHS\"], \"Resources\": [\"SOUTHS\"]}', false",
        "north-technologist, /tools/bulk-delete, '{\"Resources\": [\"NORTHS\"], \"More\": [\"SOUTHS\"]}', false",
        "north-technologist, /tools/bulk-delete, '[\"NORTHS\"]', false",
        "north-technologist, /tools/bulk-delete, 'NORTHS', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"StudyDescription\": \"x\"}}', true",
        "north-technologist, /studies/SOUTHS/modify, '{\"Replace\": {\"StudyDescription\": \"x\"}}', false",
        "north-radiologist, /studies/NORTHS/modify, '{\"Replace\": {\"StudyDescription\": \"x\"}}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"StudyInstanceUID\": \"1.2\"}, \"Force\":"
                + " true}', true",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"StudyInstanceUID\": \"2.1\"}, \"Force\":"
                + " true}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"0020-000d\": \"2.1\"}, \"Force\": true}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"0020,000D\": \" 2.1 \"}, \"Force\": true}',"
                + " false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"0020000D\": \"1.2\", \"StudyInstanceUID\":"
                + " \"1.2\"}}', false",
        "north-technologist, /tools/bulk-modify, '{\"Resources\": [\"NORTHS\", \"OTHER\"], \"Level\": \"Study\"}',"
                + " true",
        "north-technologist, /tools/bulk-modify, '{\"Resources\": [\"NORTHS\", \"SOUTHS\"]}', false",
        "north-technologist, /tools/bulk-modify, '{\"Resources\": []}', false",
        "north-technologist, /tools/bulk-modify, '{\"Resources\": [\"SOUTHS\"]}', false",
        // Orthanc takes all of these for StudyInstanceUID.
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"20,d\": \"2.1\"}, \"Force\": true}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"0020,000d junk\": \"2.1\"}, \"Force\": true}',"
                + " false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"(0020,000d)\": \"2.1\"}, \"Force\": true}',"
                + " false",
        "north-technologist, /studies/NORTHS/modify, '{\"Keep\": [\"20,d\"]}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Remove\": [7]}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Remove\":"
                + " [\"RequestAttributesSequence[*].StudyInstanceUID\"]}', true",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"StudyInstanceUID\":"
                + " \"data:application/octet-stream;base64,Mi4x\"}}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"StudyInstanceUID\": \"2.1\\u0000x\"}}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"StudyInstanceUID\": null}}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"PatientID\": \"data:,x\"}}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"PatientID\": \"A\\\\B\"}}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"PatientID\": \"A B-1\"}, \"Force\": true}',"
                + " true",
        // It would be guessed what south's patient is called.
        "north-technologist, /studies/NORTHS/modify, '{\"Replace\": {\"PatientID\": \"P2\"}, \"Force\": true}', false",
        "north-technologist, /studies/SHARED/modify, '{\"Replace\": {\"PatientName\": \"x\"}}', false",
        "north-technologist, /studies/SHARED/modify, '{\"Remove\": [\"0010,0030\"]}', false",
        "north-technologist, /studies/SHARED/modify, '{\"Replace\": {\"StudyDescription\": \"x\"}}', true",
        "north-modifier, /studies/NORTHS/modify, '{\"Keep\": [\"SOPInstanceUID\"], \"Force\": true}', false",
        "north-technologist, /studies/NORTHS/modify, '{\"Keep\": [\"SOPInstanceUID\"], \"Force\": true}', true",
        "north-radiologist, /modalities/north-ct/store, '{\"Resources\": [\"NORTHS\"], \"Timeout\": 0}', false",
        "north-technologist, /tools/bulk-anonymize, '{\"Resources\": [\"NORTHS\"]}', true",
        "north-technologist, /tools/bulk-anonymize, '{\"Resources\": [\"NORTHS\", \"OTHER\"]}', false",
        "north-technologist, /studies/NORTHS/anonymize, '', true",
        "north-technologist, /studies/NORTHS/merge, '{\"Resources\": [\"OTHER\"]}', true",
        "north-technologist, /studies/NORTHS/merge, '{\"Resources\": [\"SOUTHS\"]}', false",
        "north-technologist, /studies/SOUTHS/merge, '{\"Resources\": [\"NORTHS\"]}', false",
        "north-technologist, /studies/NORTHS/split, '{\"Series\": [\"northsseries\"]}', true",
        "north-technologist, /studies/NORTHS/split, '{\"Series\": [\"SOUTHS\"]}', false",
        "north-radiologist, /modalities/north-ct/store, NORTHS, true",
        "north-radiologist, /modalities/north-ct/store, '[\"NORTHS\", \"OTHER\"]', true",
        "north-radiologist, /modalities/north-ct/store, '\"NORTHS\"', true",
        "north-radiologist, /modalities/north-ct/store, '{\"Resources\": [\"NORTHS\"], \"Synchronous\": true}', true",
        "north-radiologist, /modalities/north-ct/store, '{\"Resources\": [\"NORTHS\"], \"LocalAet\": \"SOUTH_CT\"}',"
                + " false",
        "north-radiologist, /modalities/north-ct/store, '[\"NORTHS\", \"SOUTHS\"]', false",
        "north-radiologist, /modalities/south-ct/store, NORTHS, false",
        "north-radiologist, /modalities/north-ct/store, '[\"NORTHS\", 7]', false",
        "north-billing, /modalities/north-ct/store, NORTHS, false",
        "north-referrer-opened, /modalities/north-ct/store, NORTHS, false",
        "north-sender-opened, /modalities/north-ct/store, NORTHS, false",
        "north+south-radiologist, /modalities/north-ct/store, NORTHS, true",
        "north+south-radiologist, /modalities/south-ct/store, NORTHS, false",
        // It sends, and is not sent to.
        "north-radiologist, /modalities/north-us/store, NORTHS, false",
        "north-radiologist, /peers/other/store, NORTHS, false",
        "north-radiologist, /peers/norths/store, NORTHS, true",
        "north-radiologist, /peers/norths/store, '{\"Resources\": [\"NORTHS\", \"OTHER\"], \"Compress\": true}', true",
        "north-radiologist, /peers/norths/store, '{\"Resources\": [\"NORTHS\"], \"Timeout\": 5}', false",
        "north-radiologist, /peers/norths/store, '[\"NORTHS\", \"SOUTHS\"]', false",
        "north-radiologist, /peers/souths/store, NORTHS, false",
        "north+south-radiologist, /peers/souths/store, NORTHS, false",
        "north+south-radiologist, /peers/souths/store, SOUTHS, true",
        "north-billing, /peers/norths/store, NORTHS, false",
        "north-sender-opened, /peers/norths/store, NORTHS, false",
    })
    void nothingIsDoneUnlessAllOfItIsTheCallers(String user, String uri, String body, boolean done) {
        String path = ids(uri);
        if (!done) {
            assertThatThrownBy(() -> ask(user, path, ids(body)))
                    .isInstanceOf(StrongroomException.class)
                    .hasMessageNotContaining("south")
                    .extracting(e -> ((StrongroomException) e).kind())
                    .isEqualTo(FailureKind.REFUSED);
            assertThat(clinics.orthanc.orders).isEmpty();
        } else {
            assertThat(ask(user, path, ids(body)).status()).isEqualTo(200);
            assertThat(clinics.orthanc.orders).singleElement().asString().startsWith(path + " ");
        }
    }

    @Test
    void whatIsTakenAwayMayBeDeleted() {
        ask("north-technologist", ids("/studies/NORTHS/modify"), "{\"KeepSource\": false}");
        assertThat(clinics.events).extracting(AuditEvent::type).containsExactly(AuditType.DELETE);
        assertThatThrownBy(() -> ask("north-modifier", ids("/studies/NORTHS/modify"), "{\"KeepSource\": false}"))
                .isInstanceOf(StrongroomException.class);
        assertThat(ask("north-modifier", ids("/studies/NORTHS/modify"), "{}").status())
                .isEqualTo(200);
    }

    @Test
    void eachStudyOfTheBodyIsRecorded() {
        ask("north-technologist", "/tools/bulk-delete", ids("{\"Resources\": [\"NORTHS\", \"OTHER\"]}"));
        assertThat(clinics.events)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.type()).isEqualTo(AuditType.DELETE))
                .extracting(event -> event.toString())
                .anyMatch(text -> text.contains("key-of-" + clinics.norths))
                .anyMatch(text -> text.contains("key-of-" + clinics.northsOther));
    }

    /** Orthanc tells who decides where a request comes from, and not who answers it. */
    @Test
    void whereTheOrderComesFromIsRecorded() {
        clinics.gate.decide(new HttpFilter.Question(
                HttpMethod.POST,
                "/tools/bulk-delete",
                "10.0.0.7",
                List.of(),
                Map.of(TwoClinics.USER, "north-technologist", "host", "pacs:8042")));
        ask("north-technologist", "/tools/bulk-delete", ids("{\"Resources\": [\"NORTHS\"]}"));
        assertThat(clinics.events).singleElement().satisfies(event -> assertThat(event.address())
                .contains("10.0.0.7"));
    }

    @Test
    void theAnswerIsWhatBecameOfIt() {
        clinics.orthanc.rounds = 5;
        RestAnswer answer = ask("north-technologist", ids("/studies/NORTHS/modify"), "{\"Synchronous\": true}");
        assertThat(json(answer).path("What").asText()).isEqualTo(ids("/studies/NORTHS/modify"));
        assertThat(clinics.orthanc.orders.get(0))
                .contains("\"Asynchronous\":true")
                .doesNotContain("\"Synchronous\"");

        clinics.orthanc.end = "Failure";
        answer = ask("north-technologist", ids("/studies/NORTHS/modify"), "{}");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("of NORTH");
    }

    @Test
    void whoDoesNotWaitIsToldOfTheJob() {
        RestAnswer answer = ask("north-technologist", ids("/studies/NORTHS/modify"), "{\"Asynchronous\": true}");
        String id = json(answer).path("ID").asText();
        assertThat(clinics.started.starter(new Resource(Level.JOB, false, id))).contains("north-technologist");
    }

    /** Where a peer is, and who logs in there, is for whoever configures it. */
    @Test
    void whereAPeerIsIsNotTold() {
        RestAnswer answer = ask("north-radiologist", "/peers/norths/store", clinics.norths);
        assertThat(json(answer).has("Peer")).isFalse();
        assertThat(json(answer).path("What").asText()).isEqualTo("/peers/norths/store");
        JsonNode jobs = PlayedOrthanc.read(clinics.ask("north-radiologist", HttpMethod.GET, "/jobs?expand", "")
                .body());
        assertThat(jobs.toString()).contains("/peers/norths/store").doesNotContain("10.0.0.9");
    }

    @Test
    void whatTakesLongGoesOn() {
        clinics.orthanc.rounds = Integer.MAX_VALUE;
        RestAnswer answer = ask("north-technologist", ids("/studies/NORTHS/modify"), "{}");
        assertThat(answer.status()).isEqualTo(504);
        assertThat(json(answer).path("cure").asText()).contains("/jobs/");
    }

    @Test
    void ofOrthancsWordsOnlyThoseAboutTheRequestAreTold() {
        clinics.orthanc.refusal = Optional.of(refusal("The patient exists, of SOUTH"));
        RestAnswer answer = ask("north-technologist", ids("/studies/NORTHS/modify"), "{}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("Bad request")
                .doesNotContain("SOUTH");
        clinics.orthanc.refusal = Optional.of(refusal("Marking tag PatientID as to be replaced requires Force"));
        assertThat(new String(
                        ask("north-technologist", ids("/studies/NORTHS/modify"), "{}")
                                .body(),
                        StandardCharsets.UTF_8))
                .contains("Marking tag");
    }

    private static HttpAnswer refusal(String details) {
        return new HttpAnswer(
                400,
                "",
                ("{\"Message\": \"Bad request\", \"Details\": \"" + details + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "modify, '{}', P1, true",
        "modify, '{\"Replace\": {\"PatientID\": \"NEW\"}, \"Force\": true}', NEW, true",
        "modify, '{\"Replace\": {\"0010-0020\": \"NEW\"}, \"Force\": true}', NEW, true",
        "modify, '{\"Remove\": [\"PatientID\"], \"Force\": true}', '', true",
        "modify, '{}', NEW, false",
        "anonymize, '{}', P1, false",
        "anonymize, '{\"Keep\": [\"PatientID\"], \"Force\": true}', P1, true",
        "anonymize, '{\"Replace\": {\"PatientID\": \"NEW\"}, \"Force\": true}', NEW, true",
    })
    void newStudiesAreTheSourcesTenants(String what, String body, String patient, boolean expected) {
        String running =
                body.equals("{}") ? "{\"Asynchronous\": true}" : body.replaceFirst("\\}$", ", \"Asynchronous\": true}");
        ask("north-technologist", ids("/studies/NORTHS/" + what), running);
        assertThat(clinics.started.tenantOf(StudyTenants.patientsNamed(patient)))
                .isEqualTo(expected ? Optional.of("north") : Optional.empty());
    }

    @Test
    void whoIsMadeAnonymousHasANumberThatIsKnownHere() {
        ask(
                "north-technologist",
                ids("/studies/NORTHS/anonymize"),
                "{\"Replace\": {\"StudyDescription\": \"x\"}, \"Asynchronous\": true}");
        JsonNode sent = sent();
        String made = sent.path("Replace").path("PatientID").asText();
        assertThat(UUID.fromString(made)).isNotNull();
        assertThat(sent.path("Force").asBoolean()).isTrue();
        assertThat(sent.path("Replace").path("StudyDescription").asText()).isEqualTo("x");
        assertThat(clinics.started.tenantOf(StudyTenants.patientsNamed(made))).contains("north");
    }

    @Test
    void whatOrthancIsGoingToRefuseIsNotForced() {
        ask("north-technologist", ids("/studies/NORTHS/anonymize"), "{\"Keep\": [\"StudyInstanceUID\"]}");
        assertThat(sent().has("Force")).isFalse();
        assertThat(sent().has("Replace")).isFalse();
    }

    @Test
    void nobodyWaitsForAnotherTenantsNewStudiesOfTheSamePatient() {
        Coming souths = new Coming("south", StudyTenants.patientsNamed("P1"), Set.of());
        String job = clinics.started.expect("jane", souths, any -> false);
        assertThatThrownBy(() -> ask("north-technologist", ids("/studies/NORTHS/modify"), "{}"))
                .extracting(e -> ((StrongroomException) e).kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(clinics.orthanc.orders).isEmpty();
        clinics.started.forget(job);
        assertThat(ask("north-technologist", ids("/studies/NORTHS/modify"), "{}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatIsMergedIntoStays() {
        ask("north-technologist", ids("/studies/NORTHS/merge"), ids("{\"Resources\": [\"OTHER\"]}"));
        assertThat(clinics.events.stream()
                        .filter(event -> event.type() == AuditType.DELETE)
                        .map(AuditEvent::toString))
                .singleElement()
                .asString()
                .contains("key-of-" + clinics.northsOther);
    }

    @Test
    void aStudyThatIsChosenIsTheTenantsFromThenOn() {
        String chosen = "{\"Replace\": {\"StudyInstanceUID\": \"9.9\"}, \"Force\": true, \"Asynchronous\": true}";
        ask("north-technologist", ids("/studies/NORTHS/modify"), chosen);
        assertThatThrownBy(() -> ask("south-technologist", ids("/studies/SOUTHS/modify"), chosen))
                .isInstanceOf(StrongroomException.class);
        clinics.store("south", "P2", "x", "9.8");
        assertThat(clinics.studies.isAnothers(
                        "south", "P2".getBytes(StandardCharsets.US_ASCII), "9.9".getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
    }

    @Test
    void aStudyThatOrthancDoesNotMakeIsNobodysAgain() {
        clinics.orthanc.refusal = Optional.of(refusal("no"));
        String chosen = "{\"Replace\": {\"StudyInstanceUID\": \"9.9\"}, \"Force\": true}";
        ask("north-technologist", ids("/studies/NORTHS/modify"), chosen);
        clinics.orthanc.refusal = Optional.empty();
        assertThat(ask("south-technologist", ids("/studies/SOUTHS/modify"), chosen)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatIsRefusedIsRecordedAndWithoutForceNothingIsLearnt() {
        String guess = "{\"Replace\": {\"PatientID\": \"%s\"}%s}";
        for (String patient : List.of("P2", "NOBODY")) {
            assertThatThrownBy(() ->
                            ask("north-technologist", ids("/studies/NORTHS/modify"), guess.formatted(patient, "")))
                    .hasMessageContaining("Force");
        }
        clinics.events.clear();
        assertThatThrownBy(() -> ask(
                        "north-technologist",
                        ids("/studies/NORTHS/modify"),
                        guess.formatted("P2", ", \"Force\": true")))
                .hasMessageContaining("not this tenant's alone");
        assertThat(clinics.events).extracting(AuditEvent::type).containsExactly(AuditType.DENIAL);
        assertThat(clinics.events.toString()).doesNotContain("P2");
    }

    @Test
    void oneUserDoesNotHoldAllThreads() {
        clinics.orthanc.meanwhile = depth -> {
            if (depth < 3) {
                ask("north-technologist", ids("/studies/NORTHS/modify"), "{}");
                return;
            }
            assertThatThrownBy(() -> ask("north-technologist", ids("/studies/NORTHS/modify"), "{}"))
                    .extracting(e -> ((StrongroomException) e).kind())
                    .isEqualTo(FailureKind.UNAVAILABLE);
        };
        ask("north-technologist", ids("/studies/NORTHS/modify"), "{}");
        clinics.orthanc.meanwhile = depth -> {};
        assertThat(ask("north-technologist", ids("/studies/NORTHS/modify"), "{}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatOrthancRefusesIsNotExpectedAnyMore() {
        clinics.orthanc.refusal = Optional.of(refusal("no"));
        ask("north-technologist", ids("/studies/NORTHS/modify"), "{}");
        assertThat(clinics.started.tenantOf(StudyTenants.patientsNamed("P1"))).isEmpty();
    }

    private JsonNode sent() {
        String order = clinics.orthanc.orders.get(0);
        return PlayedOrthanc.read(order.substring(order.indexOf(' ')).getBytes(StandardCharsets.UTF_8));
    }

    private RestAnswer ask(String user, String path, String body) {
        return clinics.ask(user, HttpMethod.POST, path, body);
    }

    private static JsonNode json(RestAnswer answer) {
        return PlayedOrthanc.read(answer.body());
    }

    private String ids(String text) {
        return List.of(
                        new String[] {"NORTHS", clinics.norths},
                        new String[] {"SOUTHS", clinics.souths},
                        new String[] {"OTHER", clinics.northsOther},
                        new String[] {"SHARED", clinics.northsShared},
                        new String[] {
                            "BOTHS",
                            OrthancId.ofPatient("P0".getBytes(StandardCharsets.US_ASCII))
                                    .iterator()
                                    .next()
                        },
                        new String[] {
                            "northsseries", clinics.norths.replace('a', 'b').replace('1', '2')
                        })
                .stream()
                .reduce(text, (done, pair) -> done.replace(pair[0], pair[1]), (one, other) -> one);
    }
}
