package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Shared;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.dimse.Holdings.Level;

/** Both clinics have patient P0, whom Orthanc knows as north does: each finds the patient by what it says itself, and by nothing else. */
class OwnNamesTest {
    private static final String SOUTH = "south-radiologist";

    private final TwoClinics clinics = new TwoClinics();
    private final String patient =
            find(SOUTH, "Patient", "\"PatientID\": \"P0\"").get(0);

    @ParameterizedTest
    @ValueSource(strings = {"Patient", "Study", "Series", "Instance"})
    void eachFindsByTheirOwnAndNotByTheOthers(String level) {
        for (String one : List.of("north", "south")) {
            for (String other : List.of("NORTH", "SOUTH")) {
                String name = "\"PatientName\": \"SHARED^" + other + "\"";
                boolean own = other.equalsIgnoreCase(one);
                List<String> found = find(one + "-radiologist", level, name);
                assertThat(found).as(one + " " + name).hasSize(own ? 1 : 0);
                assertThat(count(one + "-radiologist", level, name)).isEqualTo(found.size());
            }
        }
        JsonNode shown = ask(SOUTH, "/tools/find", level, "\"PatientName\": \"SHARED^SOUTH\"", ", \"Expand\": true");
        assertThat(shown.toString()).doesNotContain("NORTH");
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void aStationFindsByItsTenantsOwn(Level level) {
        assertThat(clinics.holdings.find("south", level, Map.of("0010,0010", "SHARED^SOUTH"), 9))
                .hasSize(1);
        assertThat(clinics.holdings.find("south", level, Map.of("0010,0010", "SHARED^NORTH"), 9))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"studies", "series", "instances"})
    void soDoesWhoAsksDicomWeb(String level) {
        String uri = "/dicom-web/" + level + "?PatientName=SHARED%5E";
        assertThat(PlayedOrthanc.read(
                        clinics.ask(SOUTH, HttpMethod.GET, uri + "SOUTH", "").body()))
                .hasSize(1);
        assertThat(PlayedOrthanc.read(
                        clinics.ask(SOUTH, HttpMethod.GET, uri + "NORTH", "").body()))
                .isEmpty();
    }

    /** Behind those that are south's alone, once each however many studies match, and as their random identifiers are. */
    @Test
    void patientsOfBothComeLastAndPagesFit() {
        List<String> shared = new ArrayList<>(List.of(patient));
        for (int number = 5; number < 9; number++) {
            clinics.store("north", "P" + number, "OTHER^NORTH", "1." + number);
            clinics.store("south", "P" + number, "SHARED^SOUTH", "2." + number);
            clinics.store("south", "P" + number, "SHARED^SOUTH", "2.9." + number);
            shared.addAll(find(SOUTH, "Patient", "\"PatientID\": \"P" + number + "\""));
        }
        String names = "\"PatientName\": \"SHARED^SOUTH\\\\ONE^SOUTH\"";
        List<String> all = find(SOUTH, "Patient", names);
        assertThat(all).hasSize(6).first().isNotIn(shared);
        assertThat(all.subList(1, 6))
                .containsExactlyInAnyOrderElementsOf(shared)
                .isSorted();
        assertThat(count(SOUTH, "Patient", names)).isEqualTo(6);
        List<String> paged = new ArrayList<>();
        for (int since = 0; since < 7; since += 2) {
            String page = ", \"Since\": " + since + ", \"Limit\": 2";
            ask(SOUTH, "/tools/find", "Patient", names, page).forEach(id -> paged.add(id.asText()));
        }
        assertThat(paged).isEqualTo(all);
    }

    /** What is asked beside the name holds for the patients' studies as well, and labels of such patients are nobody's. */
    @Test
    void whatElseIsAskedHoldsAsWell() {
        String name = "\"PatientName\": \"SHARED^SOUTH\"";
        assertThat(find(SOUTH, "Patient", name + ", \"PatientID\": \"P0\"")).containsExactly(patient);
        assertThat(find(SOUTH, "Patient", name + ", \"PatientID\": \"P2\"")).isEmpty();
        String below = ", \"ParentPatient\": \"" + patient + "\", \"OrderBy\": [{\"Type\": \"DicomTag\","
                + " \"Key\": \"PatientName\", \"Direction\": \"ASC\"}]";
        assertThat(ask(SOUTH, "/tools/find", "Patient", name, below)).hasSize(1);
        assertThat(clinics.orthanc.searched).contains("\"ParentPatient\":").doesNotContain("OrderBy");
        clinics.orthanc.labelAll("seen");
        for (String labels :
                List.of("[\"seen\"], \"LabelsConstraint\": \"All\"", "[], \"LabelsConstraint\": \"None\"")) {
            assertThat(ask(SOUTH, "/tools/find", "Patient", name, ", \"Labels\": " + labels))
                    .isEmpty();
        }
    }

    /** As Orthanc finds no patient by a tag of what is below: otherwise those of both would be all that is found. */
    @Test
    void noPatientIsFoundByWhatIsBelow() {
        String name = "\"PatientName\": \"SHARED^SOUTH\\\\ONE^SOUTH\"";
        String below = name + ", \"StudyInstanceUID\": \"2.0\\\\2.1\"";
        assertThat(find(SOUTH, "Patient", below)).isEmpty();
        assertThat(count(SOUTH, "Patient", below)).isZero();
        Map<String, String> keys = Map.of("0010,0010", "SHARED^SOUTH\\ONE^SOUTH", "0020,000d", "2.0\\2.1");
        assertThat(clinics.holdings.find("south", Level.PATIENT, keys, 9)).isEmpty();
        assertThat(clinics.holdings.find("south", Level.STUDY, keys, 9)).hasSize(2);
        assertThat(find(SOUTH, "Patient", name + ", \"StudyInstanceUID\": \"\""))
                .hasSize(2);
    }

    @Test
    void whatIsRestrictedTellsNoName() {
        String sister = clinics.store("north", "P1", "OTHER^NORTH", "1.3");
        clinics.restrictions.become(Set.of(clinics.norths));
        String user = "north-radiologist";
        assertThat(find(user, "Patient", "\"PatientName\": \"ONE^NORTH\"")).isEmpty();
        assertThat(find(user, "Study", "\"PatientName\": \"ONE^NORTH\"")).isEmpty();
        assertThat(find(user, "Patient", "\"PatientName\": \"OTHER^NORTH\"")).hasSize(1);
        assertThat(find(user, "Study", "\"PatientName\": \"OTHER^NORTH\"")).containsExactly(sister);
    }

    /** By what the restricted study says and by what the others say. */
    @ParameterizedTest
    @ValueSource(strings = {"north-protection", "north-radiologist-opened"})
    void whoIsExceptedFindsByWhatIsRestricted(String user) {
        clinics.store("north", "P1", "OTHER^NORTH", "1.3");
        clinics.restrictions.become(Set.of(clinics.norths));
        for (String name : List.of("ONE^NORTH", "OTHER^NORTH", "ONE^NORTH\\\\OTHER^NORTH")) {
            assertThat(find(user, "Patient", "\"PatientName\": \"" + name + "\""))
                    .as(name)
                    .hasSize(1);
        }
    }

    /** Also of the same clinic, what somebody else's study says is not compared. */
    @Test
    void aPhysicianFindsByTheirOwnStudies() {
        String referred = clinics.store("north", "P1", "OTHER^NORTH", "1.3");
        clinics.orthanc.refer(referred, TwoClinics.PHYSICIAN);
        String user = "north-referrer";
        assertThat(find(user, "Patient", "\"PatientName\": \"OTHER^NORTH\"")).hasSize(1);
        assertThat(find(user, "Patient", "\"PatientName\": \"ONE^NORTH\"")).isEmpty();
        assertThat(find(user, "Study", "\"PatientName\": \"*\"")).containsExactly(referred);
        clinics.orthanc.refer(clinics.northsOther, TwoClinics.PHYSICIAN);
        assertThat(find(user, "Patient", "\"PatientName\": \"*\"")).hasSize(2).doesNotHaveDuplicates();
    }

    /** At most two for each patient that is found; who else is both's costs nothing. */
    @Test
    void aSearchAsksOrthancAboutNobodyElse() {
        for (int number = 100; number < 200; number++) {
            clinics.store("north", "P" + number, "OTHER^NORTH", "1." + number);
            clinics.store("south", "P" + number, "OTHER^SOUTH", "2." + number);
        }
        for (String[] one : new String[][] {{"ONE^SOUTH", "1"}, {"SHARED^SOUTH", "2"}, {"SHARED^SOUTH", "1"}}) {
            clinics.orthanc.asked = 0;
            assertThat(count(SOUTH, "Patient", "\"PatientName\": \"" + one[0] + "\""))
                    .isEqualTo(1);
            assertThat(clinics.orthanc.asked).as(one[0]).isEqualTo(Integer.parseInt(one[1]));
        }
        clinics.orthanc.asked = 0;
        assertThat(count(SOUTH, "Study", "\"PatientName\": \"*\"")).isEqualTo(102);
        assertThat(clinics.orthanc.asked).isZero();
    }

    @Test
    void whereThePageIsFullStudiesAreNotSearched() {
        String names = "\"PatientName\": \"SHARED^SOUTH\\\\ONE^SOUTH\"";
        assertThat(ask(SOUTH, "/tools/find", "Patient", names, ", \"Limit\": 1"))
                .hasSize(1);
        assertThat(clinics.orthanc.searched).contains("\"Level\":\"Patient\"");
        assertThat(ask(SOUTH, "/tools/find", "Patient", names, ", \"Limit\": 2"))
                .hasSize(2);
        assertThat(clinics.orthanc.searched).contains("\"Level\":\"Study\"");
    }

    /** A tenant may be named by a permission alone, and a link is for one study of a patient. */
    @ParameterizedTest
    @ValueSource(strings = {"-norths", "north-radiologist-link"})
    void whoSeesAPatientInPartFindsByThatPart(String user) {
        clinics.orthanc.refer(clinics.norths, TwoClinics.PHYSICIAN);
        clinics.store("north", "P1", "OTHER^NORTH", "1.3");
        assertThat(find(user, "Patient", "\"PatientName\": \"ONE^NORTH\"")).hasSize(1);
        assertThat(find(user, "Patient", "\"PatientName\": \"OTHER^NORTH\"")).isEmpty();
    }

    @Test
    void whereNoPatientCanBeSharedStudiesAreNotSearched() {
        Searches ofOne =
                new Searches(clinics.access, new Shown(clinics.orthanc), Optional.empty(), clinics.restrictions, false);
        Principal radiologist = user("radiologist");
        assertThat(searchedLast(ofOne, radiologist)).isEqualTo("Patient");
        assertThat(searchedLast(ofOne, user("referrer"))).isEqualTo("Study");
        Principal link = radiologist.sharing("share:1", new Shared("north", clinics.norths), false);
        assertThat(searchedLast(ofOne, link)).isEqualTo("Study");
        clinics.restrictions.become(Set.of(clinics.norths));
        assertThat(searchedLast(ofOne, radiologist)).isEqualTo("Study");
    }

    private Principal user(String role) {
        return clinics.roles.principal("user", List.of("north"), List.of(role), List.of());
    }

    private String searchedLast(Searches searches, Principal user) {
        String body = "{\"Level\": \"Patient\", \"Query\": {\"PatientName\": \"*\"}}";
        searches.found(user, Search.of(PlayedOrthanc.read(body.getBytes(StandardCharsets.UTF_8))));
        return PlayedOrthanc.read(clinics.orthanc.searched.getBytes(StandardCharsets.UTF_8))
                .path("Level")
                .asText();
    }

    /** Four patients are held, and four of their five studies. */
    @Test
    void studiesThatAreNotHeldAreNotSaidToBeMissing() {
        TwoClinics large = new TwoClinics(4, 10_000);
        String body = "{\"Level\": \"Patient\", \"Query\": {\"PatientName\": \"*\"}%s}";
        assertThat(large.ask(SOUTH, HttpMethod.POST, "/tools/find", body.formatted(", \"Limit\": 1"))
                        .status())
                .isEqualTo(200);
        assertThatThrownBy(() -> large.ask(SOUTH, HttpMethod.POST, "/tools/find", body.formatted("")))
                .isInstanceOf(StrongroomException.class)
                .hasMessageContaining("narrow it");
    }

    /** Orthanc 1.10.1 has another name for this tag. */
    @Test
    void otherIdsAreAskedForByTheirDigits() {
        find(SOUTH, "Study", "\"OtherPatientIDs\": \"X\"");
        assertThat(clinics.orthanc.searched).contains("\"Query\":{\"0010,1000\":\"X\"}");
    }

    private List<String> find(String user, String level, String query) {
        List<String> ids = new ArrayList<>();
        ask(user, "/tools/find", level, query, "").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private int count(String user, String level, String query) {
        return ask(user, "/tools/count-resources", level, query, "")
                .path("Count")
                .asInt();
    }

    private JsonNode ask(String user, String uri, String level, String query, String more) {
        String body = "{\"Level\": \"" + level + "\", \"Query\": {" + query + "}" + more + "}";
        return PlayedOrthanc.read(clinics.ask(user, HttpMethod.POST, uri, body).body());
    }
}
