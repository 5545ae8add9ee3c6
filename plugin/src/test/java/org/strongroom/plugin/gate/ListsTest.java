package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;

class ListsTest {
    private final TwoClinics clinics = new TwoClinics();

    @Test
    void aListHoldsTheCallersStudies() {
        assertThat(ids("north-radiologist", "/studies"))
                .containsExactly(clinics.northsShared, clinics.norths, clinics.northsOther);
        assertThat(ids("south-radiologist", "/studies")).containsExactly(clinics.southsShared, clinics.souths);
        assertThat(ids("south-billing", "/studies")).containsExactly(clinics.southsShared, clinics.souths);
        assertThat(ids("south-radiologist", "/patients")).hasSize(2);
    }

    /** Pages are of what is left, so that nobody can count what is not. */
    @ParameterizedTest
    @CsvSource({"0, 1, 0 1", "1, 1, 1 2", "0, 2, 0 2", "2, 5, 2 3", "3, 1, 3 3", "1, 0, 1 3"})
    void pagesAreOfTheCallersStudies(int since, int limit, String range) {
        List<String> all = List.of(clinics.northsShared, clinics.norths, clinics.northsOther);
        String[] ends = range.split(" ", -1);
        assertThat(ids("north-radiologist", "/studies?since=" + since + "&limit=" + limit))
                .isEqualTo(all.subList(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
        assertThat(texts(json(
                        "north-radiologist",
                        "/tools/find",
                        "{\"Level\": \"Study\", \"Query\": {}, \"Since\": %d, \"Limit\": %d}".formatted(since, limit))))
                .isEqualTo(all.subList(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
    }

    @Test
    void whatIsNotSharedIsShownAsOrthancHasIt() {
        JsonNode list = json("north-radiologist", "/studies?expand", "");
        assertThat(list).hasSize(3);
        assertThat(list.get(1)).isEqualTo(PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.norths)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/studies?expand", "/patients?expand"})
    void tagsOfASharedPatientAreTheCallersOwn(String uri) {
        String south = text("south-radiologist", uri, "");
        assertThat(south).contains("SHARED^SOUTH", "ONE^SOUTH").doesNotContain("NORTH");
        assertThat(south).doesNotContain(clinics.northsShared, clinics.norths);
        assertThat(text("north-radiologist", uri, ""))
                .contains("SHARED^NORTH", "TWO^NORTH")
                .doesNotContain("SOUTH", clinics.southsShared, clinics.souths);
    }

    @Test
    void oneStudyOrPatientIsShownInTheSameWay() {
        assertThat(text("south-radiologist", "/studies/" + clinics.southsShared, ""))
                .contains("SHARED^SOUTH")
                .doesNotContain("NORTH");
        String patient = json("south-radiologist", "/patients", "").get(0).asText();
        JsonNode shown = json("south-radiologist", "/patients/" + patient, "");
        assertThat(texts(shown.path("Studies"))).containsExactly(clinics.southsShared);
        assertThat(shown.toString()).contains("SHARED^SOUTH").doesNotContain("NORTH", clinics.northsShared);
        assertThat(json("north-radiologist", "/studies/" + clinics.norths, ""))
                .isEqualTo(PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.norths)));
        assertRefused("south-radiologist", HttpMethod.GET, "/studies/" + clinics.norths, "");
        for (String more : List.of("/studies?expand&", "/studies/" + clinics.southsShared + "?")) {
            assertThat(text("south-radiologist", more + "requestedTags=PatientName;StudyInstanceUID", ""))
                    .contains("\"RequestedTags\":{\"PatientName\":\"SHARED^SOUTH\"")
                    .doesNotContain("NORTH");
            assertRefused("south-radiologist", HttpMethod.GET, more + "requestedTags=PatientComments", "");
            assertRefused("south-auditor", HttpMethod.GET, more + "requestedTags=PatientName", "");
            assertRefused("south-radiologist", HttpMethod.GET, more + "x=1", "");
        }
        assertRefused("north-radiologist", HttpMethod.GET, "/studies/" + clinics.norths + "?x=%41", "");
        assertThat(json(
                                "north-radiologist",
                                "/studies/" + clinics.norths + "?requestedTags=PatientName%3bPatientID",
                                "")
                        .path("RequestedTags"))
                .hasSize(2);
    }

    /** Orthanc Explorer asks for everything so, and says the time against caches. */
    @ParameterizedTest
    @ValueSource(strings = {"full", "short", "simplify&full", "full&short"})
    void tagsAreWrittenAsIsAskedFor(String format) {
        String value = format.equals("full")
                ? "\"Value\":\""
                : format.startsWith("simplify") ? "\"PatientName\":\"" : "0010\":\"";
        String patient = json("south-radiologist", "/patients", "").get(0).asText();
        for (String uri : List.of(
                "/studies?expand&",
                "/patients?expand&since=0&limit=101&",
                "/studies/" + clinics.southsShared + "?",
                "/patients/" + patient + "?")) {
            assertThat(text("south-radiologist", uri + format + "&_=17", ""))
                    .as(uri)
                    .contains(value + "SHARED^SOUTH\"")
                    .doesNotContain("NORTH", clinics.northsShared);
        }
        assertThat(json("north-radiologist", "/studies?expand&" + format, "").get(1))
                .as("what is not shared")
                .isEqualTo(PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.norths
                        + (format.startsWith("simplify") ? "" : "?" + format.replaceFirst(".*&", "")))));
    }

    @ParameterizedTest
    @CsvSource({"Full, full", "Short, short", "Simplify, ''"})
    void aSearchWritesTagsAsIsAskedFor(String member, String argument) {
        String body = "{\"Level\": \"Study\", \"Query\": {}, \"Expand\": true, \"" + member + "\": true}";
        JsonNode found = json("south-radiologist", "/tools/find", body);
        assertThat(found).hasSize(2);
        assertThat(found.toString()).contains("SHARED^SOUTH").doesNotContain("NORTH");
        assertThat(found.get(1))
                .isEqualTo(PlayedOrthanc.read(clinics.orthanc.get(
                        "/studies/" + clinics.souths + (argument.isEmpty() ? "" : "?" + argument))));
        assertRefused(
                "south-radiologist",
                HttpMethod.POST,
                "/tools/find",
                body.replace("\"" + member + "\": true", "\"" + member + "\": 1"));
    }

    @Test
    void whatIsLeftOfAnothersIsNotToldToWhoDeletes() {
        assertRefused("south-technologist", HttpMethod.DELETE, "/studies/" + clinics.northsShared, "");
        assertRefused("south-radiologist", HttpMethod.DELETE, "/studies/" + clinics.southsShared, "");
        String answer = new String(
                clinics.ask("south-technologist", HttpMethod.DELETE, "/studies/" + clinics.southsShared, "")
                        .body(),
                StandardCharsets.UTF_8);
        assertThat(answer).isEqualTo("{\"RemainingAncestor\":null}\n");
        assertThat(ids("south-radiologist", "/studies")).containsExactly(clinics.souths);
        assertThat(ids("south-radiologist", "/patients")).hasSize(1);
        assertThat(ids("north-radiologist", "/studies")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Patient", "Study", "Series", "Instance"})
    void aSearchFindsTheCallersOnly(String level) {
        String body = "{\"Level\": \"" + level + "\", \"Query\": {}, \"Expand\": %s}";
        assertThat(json("south-radiologist", "/tools/find", body.formatted(false)))
                .hasSize(2);
        assertThat(json("north-radiologist", "/tools/find", body.formatted(false)))
                .hasSize(3);
        assertThat(text("south-radiologist", "/tools/find", body.formatted(true)))
                .doesNotContain("NORTH", clinics.northsShared, clinics.norths);
        assertThat(json(
                                "south-radiologist",
                                "/tools/count-resources",
                                body.formatted(false).replace(", \"Expand\": false", ""))
                        .path("Count")
                        .asInt())
                .isEqualTo(2);
    }

    /** As Orthanc takes them: WADO-URI of newer DICOMweb plugins asks in lower case. */
    @ParameterizedTest
    @ValueSource(strings = {"patient", "STUDIES", "series", "instance", "Image"})
    void aLevelIsKnownByAnyOfItsWords(String level) {
        assertThat(json("south-radiologist", "/tools/find", "{\"Level\": \"" + level + "\", \"Query\": {}}"))
                .hasSize(2);
    }

    /** Orthanc knows the shared patient by the name that north has sent: a match would tell south that name. */
    @ParameterizedTest
    @ValueSource(strings = {"Patient", "Study", "Series", "Instance"})
    void aSearchTellsNothingOfAnothersTags(String level) {
        String body = "{\"Level\": \"" + level + "\", \"Query\": {\"PatientName\": \"%s\"}}";
        assertThat(json("south-radiologist", "/tools/find", body.formatted("SHARED^NORTH")))
                .isEmpty();
        assertThat(json("south-radiologist", "/tools/find", body.formatted("ONE^SOUTH")))
                .hasSize(1);
        assertThat(json("south-radiologist", "/tools/count-resources", body.formatted("SHARED^NORTH"))
                        .path("Count")
                        .asInt())
                .isZero();
        assertThat(json(
                        "south-radiologist",
                        "/tools/find",
                        "{\"Level\": \"" + level + "\", \"Query\": {\"PatientID\": \"P0\"}}"))
                .hasSize(1);
    }

    /** As Orthanc takes them; and a name asked for by its digits tells as little as by its name. */
    @ParameterizedTest
    @ValueSource(strings = {"0010,0010", "0010-0010", "00100010"})
    void aTagIsKnownByItsDigits(String digits) {
        String body = "{\"Level\": \"Study\", \"Query\": {\"" + digits
                + "\": \"%s\"}, \"Expand\": true, \"RequestedTags\": [\"" + digits + "\"]}";
        assertThat(json("south-radiologist", "/tools/find", body.formatted("SHARED^NORTH")))
                .isEmpty();
        JsonNode found = json("south-radiologist", "/tools/find", body.formatted("ONE^SOUTH"));
        assertThat(found).hasSize(1);
        assertThat(found.get(0).path("RequestedTags").toString()).isEqualTo("{\"PatientName\":\"ONE^SOUTH\"}");
    }

    /** Orthanc looks below what is the caller's, in part as well; below another's it is not asked to look. */
    @Test
    void aSearchIsBelowWhatIsTheCallers() {
        String body = "{\"Level\": \"Series\", \"Query\": {}, \"%s\": \"%s\"}";
        String shared = json(
                        "south-radiologist",
                        "/tools/find",
                        "{\"Level\": \"Patient\", \"Query\": {\"PatientID\": \"P0\"}}")
                .get(0)
                .asText();
        for (Map.Entry<String, String> below :
                Map.of("ParentStudy", clinics.souths, "ParentPatient", shared).entrySet()) {
            text("south-radiologist", "/tools/find", body.formatted(below.getKey(), below.getValue()));
            assertThat(clinics.orthanc.searched).contains("\"" + below.getKey() + "\":\"" + below.getValue() + "\"");
        }
        clinics.orthanc.searched = "";
        for (String study : List.of(clinics.norths, "0".repeat(8) + "-00000000".repeat(4))) {
            assertThat(text("south-radiologist", "/tools/find", body.formatted("ParentStudy", study)))
                    .isEqualTo("[]\n");
            assertThat(text("south-radiologist", "/tools/count-resources", body.formatted("ParentStudy", study)))
                    .isEqualTo("{\"Count\":0}\n");
        }
        assertThat(clinics.orthanc.searched).isEmpty();
    }

    @Test
    void moreTagsOfASharedPatientAreTheCallersOwnToo() {
        for (String level : List.of("Study", "Patient")) {
            String body = "{\"Level\": \"" + level + "\", \"Query\": {\"PatientID\": \"P0\"}, \"Expand\": true,"
                    + " \"RequestedTags\": [\"PatientName\", \"PatientID\"]}";
            JsonNode found = json("south-radiologist", "/tools/find", body);
            assertThat(found).hasSize(1);
            assertThat(found.get(0).path("RequestedTags").toString())
                    .isEqualTo("{\"PatientID\":\"P0\",\"PatientName\":\"SHARED^SOUTH\"}");
        }
        String body = "{\"Level\": \"Study\", \"Query\": {\"PatientID\": \"P2\"}, \"Expand\": true,"
                + " \"RequestedTags\": [\"PatientName\"]}";
        assertThat(json("south-radiologist", "/tools/find", body)
                        .get(0)
                        .path("RequestedTags")
                        .toString())
                .isEqualTo("{\"PatientName\":\"ONE^SOUTH\"}");
    }

    /** Orthanc orders by the name that came first; where a study of a shared patient stands would tell south what north has sent. */
    @Test
    void inAnOrderByThePatientThoseOfSeveralComeLast() {
        String body = "{\"Level\": \"%s\", \"Query\": {}, \"OrderBy\": [{\"Type\": \"DicomTag\", \"Key\": \"%s\","
                + " \"Direction\": \"ASC\"}], \"Since\": %d, \"Limit\": 1}";
        List<String> byName = new ArrayList<>();
        List<String> byDate = new ArrayList<>();
        for (int since = 0; since < 3; since++) {
            byName.addAll(
                    texts(json("south-radiologist", "/tools/find", body.formatted("Study", "PatientName", since))));
            byDate.addAll(texts(json("south-radiologist", "/tools/find", body.formatted("Study", "StudyDate", since))));
        }
        assertThat(clinics.orthanc.searched).contains("\"OrderBy\":[{\"Type\":\"DicomTag\",\"Key\":\"StudyDate\"");
        assertThat(byName).containsExactly(clinics.souths, clinics.southsShared);
        assertThat(byDate).containsExactly(clinics.southsShared, clinics.souths);
        for (String level : List.of("Series", "Instance")) {
            String first = text("south-radiologist", "/tools/find", body.formatted(level, "PatientName", 0));
            String last = text("south-radiologist", "/tools/find", body.formatted(level, "PatientName", 1));
            String unordered = text("south-radiologist", "/tools/find", body.formatted(level, "StudyDate", 0));
            assertThat(List.of(first, last))
                    .as(level)
                    .doesNotHaveDuplicates()
                    .last()
                    .isEqualTo(unordered);
        }
    }

    /** So nothing has to be found out about each match for its place. */
    @Test
    void aCountHasNoOrder() {
        String body = "{\"Level\": \"Series\", \"Query\": {}, \"OrderBy\": [{\"Type\": \"DicomTag\","
                + " \"Key\": \"PatientName\", \"Direction\": \"ASC\"}]}";
        assertThat(json("south-radiologist", "/tools/count-resources", body)
                        .path("Count")
                        .asInt())
                .isEqualTo(2);
        assertThat(clinics.orthanc.searched).doesNotContain("OrderBy");
    }

    /** Orthanc takes what its index lacks from a file of the patient, whoever's that is. */
    @Test
    void whatTheIndexLacksOfASharedPatientIsTheCallersOwn() {
        clinics.orthanc.inAFile.put("OtherPatientIDs", "ID-OF-NORTH");
        String body = "{\"Level\": \"Patient\", \"Query\": {\"PatientID\": \"P0\"}, \"Expand\": true,"
                + " \"RequestedTags\": [\"OtherPatientIDs\", \"PatientName\"]}";
        assertThat(text("south-radiologist", "/tools/find", body))
                .contains("SHARED^SOUTH")
                .doesNotContain("NORTH");
    }

    /** Orthanc's order is that in which they came; theirs is that of their random identifiers. */
    @Test
    void thoseOfSeveralStandInNobodysOrder() {
        List<String> came = new ArrayList<>(List.of(clinics.southsShared));
        for (int patient = 5; patient < 10; patient++) {
            clinics.store("north", "P" + patient, "X^NORTH", "1." + patient);
            came.add(clinics.store("south", "P" + patient, "X^SOUTH", "2." + patient));
        }
        String body = "{\"Level\": \"Study\", \"Query\": {},"
                + " \"OrderBy\": [{\"Type\": \"DicomTag\", \"Key\": \"PatientName\", \"Direction\": \"ASC\"}]}";
        List<String> found = texts(json("south-radiologist", "/tools/find", body));
        assertThat(found.get(0)).isEqualTo(clinics.souths);
        assertThat(found.subList(1, found.size()))
                .containsExactlyInAnyOrderElementsOf(came)
                .isSorted()
                .isNotEqualTo(came);
    }

    @Test
    void labelsAreOrthancsButNotThoseOfASharedPatient() {
        String body = "{\"Level\": \"%s\", \"Query\": {}, \"Labels\": [\"seen\"], \"LabelsConstraint\": \"All\"}";
        clinics.orthanc.labelAll("seen");
        assertThat(json("south-radiologist", "/tools/find", body.formatted("Study")))
                .hasSize(2);
        assertThat(clinics.orthanc.searched).contains("\"Labels\":[\"seen\"],\"LabelsConstraint\":\"All\"");
        assertThat(json("south-radiologist", "/tools/find", body.formatted("Patient")))
                .hasSize(1);
        String without = body.replace("\"seen\"", "");
        assertThat(json("south-radiologist", "/tools/find", without.formatted("Patient")))
                .hasSize(2);
    }

    /** Of five studies the first three are held: north's 0 and 1, and one of south's. What may be in the others is not said to be missing. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"PatientID\": \"*\"}"})
    void aPageThatMayGoOnInWhatIsNotHeldIsRefused(String query) {
        TwoClinics large = new TwoClinics(3, 10_000);
        String body = "{\"Level\": \"Study\", \"Query\": " + query + "%s}";
        String two = text(large, "north-radiologist", "/tools/find", body.formatted(", \"Limit\": 2"));
        assertThat(two).contains(large.northsShared, large.norths);
        for (String uri : List.of("/tools/find", "/tools/count-resources")) {
            assertThatThrownBy(() -> large.ask("north-radiologist", HttpMethod.POST, uri, body.formatted("")))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED))
                    .hasMessageContaining("narrow it");
        }
        assertThat(text(new TwoClinics(5, 10_000), "north-radiologist", "/tools/find", body.formatted("")))
                .contains(large.northsOther);
    }

    @Test
    void aLookUpFindsTheCallersOnly() {
        assertThat(text("south-radiologist", "/tools/lookup", "1.1")).isEqualTo("[]\n");
        assertThat(text("south-radiologist", "/tools/lookup", "9.9")).isEqualTo("[]\n");
        assertThat(json("north-radiologist", "/tools/lookup", "1.1")).hasSize(1);
        assertThat(json("south-radiologist", "/tools/lookup", "P0")).hasSize(1); // their patient as well
        assertThat(json("south-radiologist", "/tools/lookup", "P1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "{}",
                "{\"Level\": \"Study\"}",
                "{\"Level\": \"frame\", \"Query\": {}}",
                "{\"Level\": \"Study\", \"Query\": {}} {}",
                "{\"Level\": \"Study\", \"Query\": {}, \"Level\": \"Patient\"}",
                "{\"Level\": \"Study\", \"Query\": {}, \"RequestedTags\": [\"PatientComments\"]}",
                "{\"Level\": \"Study\", \"Query\": {}, \"RequestedTags\": \"PatientName\"}",
                "{\"Level\": \"Series\", \"Query\": {}, \"RequestedTags\": [\"PatientName\"]}",
                "{\"Level\": \"Patient\", \"Query\": {}, \"RequestedTags\": [\"NumberOfPatientRelatedStudies\"]}",
                "{\"Level\": \"Study\", \"Query\": {}, \"OrderBy\": [{\"Type\": \"DicomTag\", \"Key\":"
                        + " \"PatientComments\"}]}",
                "{\"Level\": \"Study\", \"Query\": {}, \"RequestedTags\": [\"ProtocolName\"]}",
                "{\"Level\": \"Study\", \"Query\": {}, \"OrderBy\": {}}",
                "{\"Level\": \"Study\", \"Query\": {}, \"Labels\": [1]}",
                "{\"Level\": \"Study\", \"Query\": {}, \"ParentPatient\": \"x\"}",
                "{\"Level\": \"Patient\", \"Query\": {}, \"ParentStudy\":"
                        + " \"01234567-01234567-01234567-01234567-01234567\"}",
                "{\"Level\": \"Series\", \"Query\": {}, \"ParentStudy\":"
                        + " \"01234567-01234567-01234567-01234567-01234567\", \"ParentPatient\":"
                        + " \"01234567-01234567-01234567-01234567-01234567\"}",
                "{\"Level\": \"Study\", \"Query\": {\"0010,4000\": \"*\"}}",
                "{\"Level\": \"Study\", \"Query\": {\"PatientID\": \"P0\", \"00100020\": \"P0\"}}",
                "{\"Level\": \"Study\", \"Query\": {\"PatientComments\": \"*\"}}",
                "{\"Level\": \"Study\", \"Query\": {\"StudyDate\": {\"x\": 1}}}",
                "{\"Level\": \"Study\", \"Query\": {}, \"Since\": \"x\"}",
                "{\"Level\": \"Study\", \"Query\": {}, \"Limit\": -1}",
            })
    void aSearchThatIsNotUnderstoodIsRefused(String body) {
        assertRefused("north-radiologist", HttpMethod.POST, "/tools/find", body);
    }

    @ParameterizedTest
    @CsvSource({
        "auditor, GET, /studies",
        "administrator, GET, /studies",
        "radiologist, GET, /studies?requestedTags=PatientComments",
        "radiologist, GET, /studies?fuller",
        "radiologist, GET, /studies?limit=x",
        "radiologist, DELETE, /studies",
        "radiologist, POST, /studies",
    })
    void whoMayNotOrAsksOtherwiseIsRefused(String role, HttpMethod method, String uri) {
        assertRefused("north-" + role, method, uri, "{}");
    }

    /** They may be a stranger: what everybody has is not looked through for them, nor do they learn how much happens here. */
    @Test
    void whoHoldsALinkHasTheirStudyLookedAtAndNothingElse() {
        String link = "north-radiologist-link";
        for (String list : List.of("/studies", "/patients", "/series?expand", "/studies?expand&full")) {
            clinics.orthanc.uris.clear();
            assertThat(json(link, list, "")).as(list).hasSize(1);
            assertThat(clinics.orthanc.uris).as(list).doesNotContain("/studies", "/patients", "/series");
        }
        for (String level : List.of("Patient", "Study", "Series", "Instance")) {
            for (String query : List.of("{}", "{\"PatientName\": \"ONE^NORTH\"}")) {
                assertThat(json(link, "/tools/find", "{\"Level\": \"" + level + "\", \"Query\": " + query + "}"))
                        .as(level)
                        .hasSize(1);
                assertThat(clinics.orthanc.searched)
                        .as(level)
                        .containsAnyOf("\"StudyInstanceUID\":\"1.1\"", "\"PatientID\":\"P1\"");
            }
        }
        assertThat(json(link, "/tools/find", "{\"Level\": \"Study\", \"Query\": {\"PatientID\": \"P3\"}}"))
                .isEmpty();
        assertLookedThroughByIdentifier(link, "Study", "StudyInstanceUID", "1.1");
        assertLookedThroughByIdentifier(link, "Series", "StudyInstanceUID", "1.1");
        assertLookedThroughByIdentifier(link, "Instance", "StudyInstanceUID", "1.1");
        assertLookedThroughByIdentifier(link, "Patient", "PatientID", "P1");
        assertRefused(link, HttpMethod.GET, "/changes", "");
        assertRefused(link, HttpMethod.GET, "/exports", "");
    }

    private void assertLookedThroughByIdentifier(String link, String level, String tag, String ours) {
        String search = "{\"Level\": \"" + level + "\", \"Query\": {\"" + tag + "\": \"%s\"}}";
        for (String asked : List.of("", "*", ours, "?" + ours.substring(1), "*" + ours, "2.1\\\\" + ours)) {
            assertThat(json(link, "/tools/find", search.formatted(asked)))
                    .as(asked)
                    .hasSize(1);
            assertThat(clinics.orthanc.searched)
                    .as(level + asked)
                    .contains("\"Query\":{\"" + tag + "\":\"" + ours + "\"}");
        }
        for (String asked : List.of("2.1", "P2", "2*", "?", "2.1\\\\1.2", ours + "?", "*\\\\2.1")) {
            clinics.orthanc.searched = "";
            assertThat(json(link, "/tools/find", search.formatted(asked)))
                    .as(asked)
                    .isEmpty();
            assertThat(clinics.orthanc.searched).as(level + asked).isEmpty();
        }
    }

    /** Their patient's id would be a pattern: the patient is found by their study. */
    @Test
    void whoHoldsALinkFindsAPatientWhoseIdMeansSomethingInASearch() {
        clinics.orthanc.name(clinics.norths, "P*");
        String link = "north-radiologist-link";
        for (String query :
                List.of("{}", "{\"PatientID\": \"\"}", "{\"PatientID\": \"*\"}", "{\"PatientName\": \"ONE^NORTH\"}")) {
            assertThat(json(link, "/tools/find", "{\"Level\": \"Patient\", \"Query\": " + query + "}"))
                    .as(query)
                    .hasSize(1);
            assertThat(clinics.orthanc.searched).as(query).contains("\"StudyInstanceUID\":\"1.1\"");
        }
        for (String query : List.of("{\"PatientName\": \"ONE^SOUTH\"}", "{\"PatientID\": \"P2\"}")) {
            assertThat(json(link, "/tools/find", "{\"Level\": \"Patient\", \"Query\": " + query + "}"))
                    .as(query)
                    .isEmpty();
        }
    }

    @Test
    void nobodyIsRefusedBeforeOrthancIsAsked() {
        int before = clinics.orthanc.asked;
        assertRefused("", HttpMethod.GET, "/studies", "");
        assertThat(clinics.orthanc.asked).isEqualTo(before);
    }

    private void assertRefused(String user, HttpMethod method, String uri, String body) {
        assertThatThrownBy(() -> clinics.ask(user, method, uri, body))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
    }

    private List<String> ids(String user, String uri) {
        return texts(json(user, uri, ""));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private JsonNode json(String user, String uri, String body) {
        return PlayedOrthanc.read(text(user, uri, body).getBytes(StandardCharsets.UTF_8));
    }

    private String text(String user, String uri, String body) {
        return text(clinics, user, uri, body);
    }

    private static String text(TwoClinics clinics, String user, String uri, String body) {
        HttpMethod method = uri.startsWith("/tools") ? HttpMethod.POST : HttpMethod.GET;
        return new String(clinics.ask(user, method, uri, body).body(), StandardCharsets.UTF_8);
    }

    /** What newer DICOMweb plugins ask for, to find what a path names. */
    @Test
    void aSearchForMetadataShowsNothingElse() {
        String found = ask("north-radiologist", "Instance", "StudyInstanceUID", "1.1");
        assertThat(found).contains("\"ID\":", "\"SopClassUid\":\"1.2.840").doesNotContain("MainDicomTags");
        assertThat(ask("north-radiologist", "Instance", "StudyInstanceUID", "2.1"))
                .isEqualTo("[]\n");
        assertThat(ask("north-radiologist", "Patient", "PatientID", "P0"))
                .as("of a patient of both it is refused by its path, too")
                .contains("\"Metadata\":{}");
        for (String content : List.of("[\"Attachments\"]", "[\"Metadata\", \"OneInstance\"]", "\"Metadata\"")) {
            assertThatThrownBy(() -> clinics.ask(
                            "north-radiologist",
                            HttpMethod.POST,
                            "/tools/find",
                            "{\"Level\": \"Study\", \"Query\": {}, \"ResponseContent\": " + content + "}"))
                    .as(content)
                    .isInstanceOf(StrongroomException.class);
        }
    }

    /** Parts of what Orthanc says of each, whoever has the patient as well. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Study | [] | ID Type",
                "Study | ['MainDicomTags'] | ID MainDicomTags PatientMainDicomTags Type",
                "Study | ['Children', 'Parent'] | ID ParentPatient Series Type",
                "Study | ['IsStable', 'Metadata'] | ID IsStable Metadata Type",
                "Study | ['Metadata'] | ID Metadata Type",
                "Series | ['Children', 'Status', 'Parent'] | ID Instances ParentStudy Type",
                "Patient | ['Children', 'MainDicomTags', 'Labels'] | ID Labels MainDicomTags Studies Type",
                "Study | ['MainDicomTags', 'RequestedTags'], 'RequestedTags': ['PatientName']"
                        + " | ID MainDicomTags PatientMainDicomTags RequestedTags Type",
            })
    void aSearchShowsThePartsThatAreAskedFor(String level, String content, String members) {
        String body =
                ("{'Level': '" + level + "', 'Query': {}, 'ResponseContent': " + content + "}").replace('\'', '"');
        for (String study : List.of(clinics.southsShared, clinics.souths)) {
            clinics.orthanc.metadata("/studies/" + study, "seen");
        }
        JsonNode found = json("south-radiologist", "/tools/find", body);
        assertThat(found).hasSize(2).allSatisfy(one -> {
            List<String> names = new ArrayList<>();
            one.fieldNames().forEachRemaining(names::add);
            assertThat(names).containsExactlyInAnyOrder(members.split(" ", -1));
            assertThat(one.path("Type").asText()).isEqualTo(level);
        });
        assertThat(found.toString()).doesNotContain("NORTH", clinics.northsShared);
        if (members.contains("MainDicomTags")) {
            assertThat(found.toString()).contains("SHARED^SOUTH", "ONE^SOUTH");
        }
    }

    /** As Orthanc Explorer 2 asks for the images of a series. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "MetadataAsInt\", \"Key\": \"IndexInSeries",
                "DicomTagAsInt\", \"Key\": \"InstanceNumber",
                "DicomTagAsFloat\", \"Key\": \"InstanceNumber"
            })
    void anOrderMayBeOfNumbers(String order) {
        String body = "{\"Level\": \"Instance\", \"Query\": {}, \"OrderBy\": [{\"Type\": \"" + order + "\"}]}";
        assertThat(json("south-radiologist", "/tools/find", body)).hasSize(2);
        assertThat(clinics.orthanc.searched).contains(order.substring(0, order.indexOf('"')));
    }

    /** Who tried again would be refused again. */
    @ParameterizedTest
    @CsvSource({"3, REFUSED", "8, REFUSED", "11, UNAVAILABLE"})
    void whatOrthancDoesNotTakeIsRefused(int code, FailureKind kind) {
        clinics.orthanc.refusesSearches = Optional.of(
                StrongroomException.of(FailureKind.UNAVAILABLE, "refused").with("code", code));
        String body = "{\"Level\": \"Study\", \"Query\": {\"StudyDate\": \"*\"}}";
        for (String uri : List.of("/tools/find", "/tools/count-resources")) {
            assertThatThrownBy(() -> clinics.ask("south-radiologist", HttpMethod.POST, uri, body))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        }
    }

    /** Orthanc 1.12.7 fails at some of these. */
    @ParameterizedTest
    @ValueSource(strings = {"Modality", "ModalitiesInStudy", "StudyDate", "SOPInstanceUID"})
    void noPatientIsFoundByWhatIsBelow(String tag) {
        clinics.orthanc.refusesSearches = Optional.of(StrongroomException.of(FailureKind.UNAVAILABLE, "failed"));
        String body = "{\"Level\": \"Patient\", \"Query\": {\"PatientID\": \"*\", \"" + tag + "\": \"1\"}}";
        assertThat(json("south-radiologist", "/tools/find", body)).isEmpty();
        assertThat(json("south-radiologist", "/tools/count-resources", body)
                        .path("Count")
                        .asInt())
                .isZero();
    }

    private String ask(String user, String level, String tag, String value) {
        String body = "{\"Level\": \"" + level + "\", \"Query\": {\"" + tag + "\": \"" + value
                + "\"}, \"ResponseContent\": [\"Metadata\"]}";
        return new String(
                clinics.ask(user, HttpMethod.POST, "/tools/find", body).body(), StandardCharsets.UTF_8);
    }
}
