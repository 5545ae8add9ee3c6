package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.keys.KeyedStudy;

/** Searches of studies that Orthanc makes smaller by labels. */
class LabelledSearchTest {
    private static final String NORTH = "strongroom-tenant-north";
    private static final String SOUTH = "strongroom-tenant-south";
    private static final String NOT_NORTHS =
            "\"Labels\":[\"strongroom-tenant-quarantine\",\"strongroom-tenant-south\"],\"LabelsConstraint\":\"None\"";
    private static final String NORTH_RAD = "north-radiologist";
    private static final String SOUTH_RAD = "south-radiologist";
    private static final String ALL = "{\"Level\": \"Study\", \"Query\": {}%s}";

    private final TwoClinics clinics = new TwoClinics();

    @Test
    void orthancLeavesOutWhatHasTheLabelOfATenantTheCallerIsNot() {
        assertThat(find(NORTH_RAD, "")).hasSize(3);
        assertThat(clinics.orthanc.searched).as("no label was compared yet").doesNotContain("Labels");
        clinics.labels.run();
        assertThat(labels(clinics.norths)).containsExactly(NORTH);
        assertThat(labels(clinics.southsShared)).containsExactly(SOUTH);
        assertThat(find(NORTH_RAD, "")).containsExactly(clinics.northsShared, clinics.norths, clinics.northsOther);
        assertThat(clinics.orthanc.searched).contains(NOT_NORTHS);
        assertThat(find("north+south-radiologist", "")).hasSize(5);
        assertThat(clinics.orthanc.searched).contains("\"Labels\":[\"strongroom-tenant-quarantine\"]");
        assertThat(find("north-radiologist-link", ""))
                .as("a link is to one study")
                .containsExactly(clinics.norths);
        assertThat(clinics.orthanc.searched).contains(NOT_NORTHS);
        assertThat(count(NORTH_RAD)).isEqualTo(3);
        assertThat(clinics.orthanc.searched).contains(NOT_NORTHS);
        clinics.ask(NORTH_RAD, HttpMethod.GET, "/dicom-web/studies?StudyInstanceUID=1.1", "");
        assertThat(clinics.orthanc.searched).contains(NOT_NORTHS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Patient", "Series", "Instance"})
    void otherLevelsHaveNoLabels(String level) {
        clinics.labels.run();
        String body = ALL.replace("Study", level).formatted("");
        assertThat(texts(ask(NORTH_RAD, "/tools/find", body))).hasSize(3);
        assertThat(clinics.orthanc.searched).doesNotContain("Labels");
    }

    @Test
    void aStudyWhoseLabelIsGoneIsFoundAllTheSame() {
        clinics.labels.run();
        clinics.orthanc.delete("/studies/" + clinics.norths + "/labels/" + NORTH);
        clinics.orthanc.delete("/studies/" + clinics.souths + "/labels/" + SOUTH);
        assertThat(find(NORTH_RAD, "")).containsExactly(clinics.northsShared, clinics.norths, clinics.northsOther);
        assertThat(find(SOUTH_RAD, "")).containsExactly(clinics.southsShared, clinics.souths);
    }

    /** It says nothing about whose a study is. */
    @Test
    void aLabelShowsNothingOfAnothers() {
        clinics.labels.run();
        clinics.orthanc.put("/studies/" + clinics.norths + "/labels/" + SOUTH, new byte[0]);
        clinics.orthanc.delete("/studies/" + clinics.norths + "/labels/" + NORTH);
        assertThat(find(SOUTH_RAD, "")).containsExactly(clinics.southsShared, clinics.souths);
        assertThat(find(SOUTH_RAD, ", \"Labels\": [\"" + SOUTH + "\"], \"LabelsConstraint\": \"Any\""))
                .containsExactly(clinics.southsShared, clinics.souths);
        assertThat(find(SOUTH_RAD, ", \"Labels\": [\"" + NORTH + "\"], \"LabelsConstraint\": \"Any\""))
                .isEmpty();
        assertThat(find(SOUTH_RAD, ", \"Labels\": [\"" + SOUTH + "\"], \"LabelsConstraint\": \"None\""))
                .isEmpty();
        assertThat(count(SOUTH_RAD)).isEqualTo(2);
    }

    @Test
    void aLabelOnAnothersStudyGoesWhenTheyAreCompared() {
        clinics.orthanc.put("/studies/" + clinics.norths + "/labels/" + SOUTH, new byte[0]);
        clinics.orthanc.put("/studies/" + clinics.norths + "/labels/users", new byte[0]);
        assertThat(find(NORTH_RAD, "")).contains(clinics.norths);
        clinics.labels.run();
        assertThat(labels(clinics.norths)).containsExactly(NORTH, "users");
        assertThat(find(NORTH_RAD, "")).contains(clinics.norths);
    }

    @Test
    void whatIsGivenToATenantIsFoundByItAtOnce() throws IOException {
        clinics.labels.run();
        clinics.labels.run(); // nothing is without a label: nobody looks for that for a while
        clinics.studies.assign("south", "north", Set.of(new KeyedStudy(bytes("P2"), bytes("2.1"))), () -> assertThat(
                        labels(clinics.souths))
                .containsExactly(SOUTH));
        assertThat(find(NORTH_RAD, "")).hasSize(4).contains(clinics.souths);
        assertThat(find(SOUTH_RAD, "")).containsExactly(clinics.southsShared);
        clinics.labels.run();
        assertThat(labels(clinics.souths)).containsExactly(NORTH);
        assertThat(find(NORTH_RAD, "")).hasSize(4).contains(clinics.souths);
        assertThat(clinics.orthanc.searched).contains(NOT_NORTHS);
        assertThat(find(SOUTH_RAD, "")).containsExactly(clinics.southsShared);
    }

    @Test
    void whatArrivesIsLabelledWhenOrthancHasIt() {
        clinics.labels.run();
        String uid = "1.7";
        clinics.studies.claim("north", UUID.randomUUID(), Set::of, bytes("P7"), bytes(uid));
        clinics.labels.run();
        String study = clinics.orthanc.store("P7", "SEVEN^NORTH", uid);
        assertThat(find(NORTH_RAD, "")).contains(study);
        clinics.labels.run();
        assertThat(labels(study)).containsExactly(NORTH);
        String nobodys = clinics.orthanc.store("P8", "EIGHT^NOBODY", "1.8");
        clinics.labels.run();
        assertThat(labels(nobodys)).isEmpty();
    }

    /** What the caller asks of labels, with what is left to Orthanc. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'Labels': ['seen'] | 1 | 'Labels':['seen']",
                "'Labels': ['seen'], 'LabelsConstraint': 'All' | 1 | 'Labels':['seen'],'LabelsConstraint':'All'",
                "'Labels': ['seen', 'x'], 'LabelsConstraint': 'Any' | 1 | 'Labels':['seen','x'],'LabelsConstraint':'Any'",
                "'Labels': ['seen'], 'LabelsConstraint': 'None' | 2 | 'Labels':['seen','strongroom-tenant-quarantine','strongroom-tenant-south'],'LabelsConstraint':'None'",
                "'Labels': [], 'LabelsConstraint': 'None' | 2 | 'Labels':['seen','strongroom-tenant-quarantine','strongroom-tenant-south'],'LabelsConstraint':'None'",
                "'LabelsConstraint': 'None' | 2 | 'Labels':['seen','strongroom-tenant-quarantine','strongroom-tenant-south'],'LabelsConstraint':'None'",
                "'Labels': [], 'LabelsConstraint': 'Any' | 3 | 'Labels':['strongroom-tenant-quarantine','strongroom-tenant-south'],'LabelsConstraint':'None'",
            })
    void whatTheCallerAsksOfLabelsHoldsAsWell(String asked, int found, String searched) {
        clinics.orthanc.put("/studies/" + clinics.norths + "/labels/seen", new byte[0]);
        clinics.orthanc.put("/studies/" + clinics.souths + "/labels/seen", new byte[0]);
        clinics.labels.run();
        assertThat(find(NORTH_RAD, ", " + asked.replace('\'', '"'))).hasSize(found);
        assertThat(clinics.orthanc.searched).contains(searched.replace('\'', '"'));
    }

    /** Where nobody has labels of their own, all are without. */
    @Test
    void studiesWithoutLabelsAreThoseThatHaveStrongroomsAlone() {
        clinics.labels.run();
        assertThat(find(NORTH_RAD, ", \"LabelsConstraint\": \"None\"")).hasSize(3);
        assertThat(find("north+south+quarantine-radiologist", ", \"LabelsConstraint\": \"None\""))
                .hasSize(5);
        assertThat(clinics.orthanc.searched).doesNotContain("Labels");
    }

    @Test
    void aDatabaseWithoutLabelsIsLeftAlone() {
        clinics.orthanc.knowsLabels = false;
        clinics.labels.run();
        assertThat(clinics.orthanc.labels).isEmpty();
        assertThat(find(NORTH_RAD, "")).hasSize(3);
        assertThat(clinics.orthanc.searched).doesNotContain("Labels");
    }

    private Set<String> labels(String study) {
        return clinics.orthanc.labels.getOrDefault("/studies/" + study, new TreeSet<>());
    }

    private List<String> find(String user, String more) {
        return texts(ask(user, "/tools/find", ALL.formatted(more)));
    }

    private int count(String user) {
        return ask(user, "/tools/count-resources", ALL.formatted(""))
                .path("Count")
                .asInt();
    }

    private JsonNode ask(String user, String uri, String body) {
        return PlayedOrthanc.read(clinics.ask(user, HttpMethod.POST, uri, body).body());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
