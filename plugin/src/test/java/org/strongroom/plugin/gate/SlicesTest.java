package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.plugin.bridge.HttpMethod;

/** Lists with what is in them, of which Orthanc is asked for many at a time. */
class SlicesTest {
    private static final int NORTHS = 100;
    private static final int SOUTHS = 10;

    private final TwoClinics clinics = new TwoClinics();
    private final List<String> norths =
            new ArrayList<>(List.of(clinics.northsShared, clinics.norths, clinics.northsOther));

    @BeforeEach
    void fill() {
        for (int i = 0; i < NORTHS; i++) {
            norths.add(clinics.store("north", "N" + i, "X^NORTH", "1.5." + i));
            if (i % (NORTHS / SOUTHS) == 0) {
                clinics.store("south", "S" + i, "X^SOUTH", "2.5." + i);
            }
        }
    }

    @Test
    void manyAreAskedForAtATimeWhereMostAreTheCallers() {
        assertThat(list("north-radiologist", "")).isEqualTo(byTheirIds(norths));
        assertThat(requests("/studies\\?expand&since=.*")).isBetween(1L, 10L);
        assertThat(requests("/studies/[0-9a-f-]+"))
                .as("physicians, and the one that is of a patient of both")
                .isLessThan(NORTHS + SOUTHS + 15L);
    }

    @Test
    void eachIsAskedForByItsIdWhereFewAre() {
        assertThat(list("south-radiologist", "")).hasSize(SOUTHS + 2);
        assertThat(requests("/studies\\?expand&since=.*")).isLessThan(4L);
    }

    @Test
    void aListThatHasAnotherOrderInPartsIsTheSame() {
        clinics.orthanc.slicesInAnotherOrder = true;
        assertThat(list("north-radiologist", "")).isEqualTo(byTheirIds(norths));
        assertThat(requests("/studies\\?expand&since=.*")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "5, 50", "90, 0", "200, 10"})
    void pagesAreOfTheSameList(int since, int limit) {
        int end = limit == 0 ? norths.size() : Math.min(norths.size(), since + limit);
        assertThat(list("north-radiologist", "&since=" + since + "&limit=" + limit))
                .isEqualTo(byTheirIds(norths.subList(Math.min(since, end), end)));
    }

    private List<JsonNode> list(String user, String page) {
        clinics.orthanc.uris.clear();
        byte[] answer =
                clinics.ask(user, HttpMethod.GET, "/studies?expand" + page, "").body();
        List<JsonNode> list = new ArrayList<>();
        PlayedOrthanc.read(answer).forEach(list::add);
        return list;
    }

    private List<JsonNode> byTheirIds(List<String> ids) {
        List<String> asked = List.copyOf(clinics.orthanc.uris);
        List<JsonNode> list = ids.stream()
                .map(id -> PlayedOrthanc.read(clinics.ask("north-radiologist", HttpMethod.GET, "/studies/" + id, "")
                        .body()))
                .toList();
        clinics.orthanc.uris.clear();
        clinics.orthanc.uris.addAll(asked);
        return list;
    }

    private long requests(String pattern) {
        return clinics.orthanc.uris.stream().filter(uri -> uri.matches(pattern)).count();
    }
}
