package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.dimse.Holdings.Level;

class StationHoldingsTest {
    private static final String NAME = "0010,0010";
    private static final String STUDY = "0020,000d";

    private final TwoClinics clinics = new TwoClinics();

    @Test
    void eachFindsTheirs() {
        assertThat(find("south", Level.STUDY, Map.of()))
                .containsExactly("/studies/" + clinics.southsShared, "/studies/" + clinics.souths);
        assertThat(find("north", Level.SERIES, Map.of())).hasSize(3);
        assertThat(find("north", Level.PATIENT, Map.of())).hasSize(3);
        assertThat(find("south", Level.IMAGE, Map.of(STUDY, "1.1"))).isEmpty();
        assertThat(find("south", Level.STUDY, Map.of(NAME, "SHARED^NORTH"))).isEmpty();
        assertThat(find("south", Level.STUDY, Map.of(STUDY, "2.1", "0040,1001", "cannot be searched for")))
                .hasSize(1);
        assertThat(clinics.holdings.find("north", Level.STUDY, Map.of(), 2)).hasSize(2);
    }

    @Test
    void tagsOfASharedPatientAreTheTenantsOwn() {
        for (Level level : Level.values()) {
            for (String path : find("south", level, Map.of())) {
                assertThat(describe("south", path, level, NAME, "0010,0020").toString())
                        .contains("SOUTH")
                        .doesNotContain("NORTH");
            }
        }
    }

    @Test
    void countsAreOfTheLevelAndOfWhatIsTheTenants() {
        String patient = find("south", Level.PATIENT, Map.of("0010,0020", "P0")).get(0);
        assertThat(describe("south", patient, Level.PATIENT, "0020,1200", "0020,1202", "0020,1204"))
                .isEqualTo(Map.of("0020,1200", "1", "0020,1202", "1", "0020,1204", "1"));
        assertThat(describe(
                        "north",
                        "/studies/" + clinics.norths,
                        Level.STUDY,
                        "0008,0061",
                        "0008,0062",
                        "0020,1206",
                        "0020,1208",
                        "0008,1090",
                        "0020,1209"))
                .isEqualTo(Map.of(
                        "0008,0061", "CT",
                        "0008,0062", "1.2.840.10008.5.1.4.1.1.2",
                        "0020,1206", "1",
                        "0020,1208", "1",
                        "0008,1090", "Model of ONE^NORTH"));
        String series = find("north", Level.SERIES, Map.of(STUDY, "1.1")).get(0);
        assertThat(describe("north", series, Level.SERIES, "0020,1209", "0020,0011", STUDY))
                .isEqualTo(Map.of("0020,1209", "1", "0020,0011", "7", STUDY, "1.1"));
    }

    @Test
    void classesOfAStudyCostNoMoreThanSoManyRequests() {
        clinics.orthanc.fill(clinics.norths, 3000);
        clinics.orthanc.addSeries(clinics.norths, "1.2.840.10008.5.1.4.1.1.88.11");
        assertThat(describe("north", "/studies/" + clinics.norths, Level.STUDY, "0008,0062", "0020,1208"))
                .isEqualTo(Map.of(
                        "0008,0062", "1.2.840.10008.5.1.4.1.1.2\\1.2.840.10008.5.1.4.1.1.88.11", "0020,1208", "3002"));
        assertThat(clinics.orthanc.uris.stream().filter(uri -> uri.endsWith("/metadata?expand")))
                .hasSize(StationCounts.MOST_CLASSED);
    }

    @Test
    void anImageThatIsDeletedMeanwhileHidesNothingElse() {
        clinics.orthanc.fill(clinics.norths, 2);
        String first = find("north", Level.IMAGE, Map.of(STUDY, "1.1")).get(0);
        clinics.orthanc.failing.put(first, FailureKind.UNAVAILABLE);
        assertThatThrownBy(() -> clinics.holdings.images("north", "/studies/" + clinics.norths))
                .isInstanceOf(StrongroomException.class);
        clinics.orthanc.failing.put(first, FailureKind.NOT_FOUND);
        assertThat(clinics.holdings
                        .images("north", "/studies/" + clinics.norths)
                        .get(clinics.norths))
                .hasSize(2)
                .doesNotContain(first.replace("/instances/", ""));
    }

    @Test
    void nothingOfAnothersIsDescribedOrSent() {
        for (String study : List.of(clinics.norths, clinics.northsShared)) {
            String path = "/studies/" + study;
            assertThat(clinics.holdings.describe("south", path, Level.STUDY, Set.of(NAME)))
                    .isEmpty();
            assertThat(clinics.holdings.images("south", path)).isEmpty();
            assertThat(clinics.holdings.images("north", path)).hasSize(1).containsKey(study);
        }
        String patient = find("south", Level.PATIENT, Map.of("0010,0020", "P0")).get(0);
        assertThat(clinics.holdings.images("south", patient))
                .isEqualTo(clinics.holdings.images("south", "/studies/" + clinics.southsShared))
                .containsOnlyKeys(clinics.southsShared);
        String image = find("north", Level.IMAGE, Map.of(STUDY, "1.1")).get(0);
        assertThat(clinics.holdings.images("north", image))
                .isEqualTo(Map.of(clinics.norths, List.of(image.replace("/instances/", ""))));
        assertThat(clinics.holdings.images("south", image)).isEmpty();
        assertThat(clinics.holdings.images("north", "/studies/00000000-00000000-00000000-00000000-00000001"))
                .isEmpty();
    }

    @Test
    void whatIsNoTagThatIsKnownHasNoValueAndANumberItsKind() {
        String image = find("north", Level.IMAGE, Map.of(STUDY, "1.1")).get(0);
        assertThat(clinics.holdings.describe(
                        "north", image, Level.IMAGE, Set.of("0028,0010", "0008,0016", "0009,1001", "0018,0050")))
                .contains(Map.of(
                        "0028,0010", TextNode.valueOf("512"),
                        "0008,0016", TextNode.valueOf("1.2.840.10008.5.1.4.1.1.2"),
                        "0018,0050", TextNode.valueOf("1.25")));
    }

    @Test
    void whatOnlyAFileSaysIsToldWithItsSequences() {
        String study = "/studies/" + clinics.norths;
        Map<String, JsonNode> told = clinics.holdings
                .describe("north", study, Level.STUDY, Set.of("0010,4000", "0040,0275", "7fe0,0010"))
                .orElseThrow();
        assertThat(told)
                .containsOnlyKeys("0010,4000", "0040,0275")
                .containsEntry("0010,4000", TextNode.valueOf("Comment on ONE^NORTH"));
        assertThat(told.get("0040,0275")).hasToString("[{\"0040,0009\":\"step of ONE^NORTH\"}]");
        assertThat(clinics.holdings.describe("south", study, Level.STUDY, Set.of("0010,4000")))
                .isEmpty();
    }

    @Test
    void whereThereIsOneTenantEverythingIsFoundAndWhatIsNotIndexedComparedToo() {
        assertThat(clinics.everything.find("clinic", Level.STUDY, Map.of(), 100))
                .contains("/studies/" + clinics.norths, "/studies/" + clinics.souths);
        assertThat(clinics.everything.find("clinic", Level.STUDY, Map.of(), 2)).hasSize(2);
        assertThat(clinics.everything.find("clinic", Level.SERIES, Map.of("0008,0060", "CT"), 2))
                .hasSize(2);
        clinics.everything.find("clinic", Level.STUDY, Map.of("0010,4000", "*allergic*"), 100);
        assertThat(clinics.orthanc.searched).contains("\"0010,4000\":\"*allergic*\"", "\"CaseSensitive\":true");
        assertThat(clinics.everything.describe("clinic", "/studies/" + clinics.souths, Level.STUDY, Set.of(NAME)))
                .isPresent();
        assertThat(clinics.everything.images("clinic", "/studies/" + clinics.souths))
                .containsOnlyKeys(clinics.souths);
    }

    @Test
    void identifiersNameWhatIsTheTenants() {
        assertThat(clinics.holdings.named("north", Level.STUDY, "1.1")).containsExactly("/studies/" + clinics.norths);
        assertThat(clinics.holdings.named("south", Level.STUDY, "1.1")).isEmpty();
        assertThat(clinics.holdings.named("north", Level.SERIES, "1.1")).isEmpty();
        assertThat(clinics.everything.named("clinic", Level.SERIES, "1.1")).isEmpty();
        assertThat(clinics.holdings.named("north", Level.STUDY, "*")).isEmpty();
        clinics.holdings.named("north", Level.STUDY, "ACC-1");
        assertThat(clinics.orthanc.searched).contains("\"AccessionNumber\":\"ACC-1\"");
    }

    @Test
    void aFileThatCannotBeReadHidesNothingElse() {
        clinics.orthanc.failing.put(PlayedOrthanc.tags(clinics.norths), FailureKind.UNAVAILABLE);
        assertThat(describe("north", "/studies/" + clinics.norths, Level.STUDY, STUDY, "0008,1090"))
                .isEqualTo(Map.of(STUDY, "1.1"));
    }

    @Test
    void upperAndLowerCaseDifferButInNames() {
        find("north", Level.STUDY, Map.of("0010,0020", "p1"));
        assertThat(clinics.orthanc.searched).contains("\"CaseSensitive\":true");
        find("north", Level.STUDY, Map.of(NAME, "one*"));
        assertThat(clinics.orthanc.searched).contains("\"CaseSensitive\":false");
    }

    private List<String> find(String tenant, Level level, Map<String, String> constraints) {
        return clinics.holdings.find(tenant, level, constraints, 100);
    }

    private Map<String, String> describe(String tenant, String path, Level level, String... tags) {
        Map<String, String> texts = new TreeMap<>();
        clinics.holdings
                .describe(tenant, path, level, Set.of(tags))
                .orElseThrow()
                .forEach((tag, value) -> texts.put(tag, value.asText()));
        return texts;
    }
}
