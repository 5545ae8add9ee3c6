package org.strongroom.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.plugin.bridge.HttpMethod;

/** What could be read in two ways is not read at all. */
class CanonicalRequestTest {
    private static final String STUDY = "10000000-00000000-00000000-00000000-00000002";
    private static final Principal RADIOLOGIST = TwoTenants.north("radiologist");

    private final TwoTenants clinic = new TwoTenants();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/studies/" + STUDY,
                "/studies/" + STUDY + "/",
                "//studies///" + STUDY + "//",
                "/studies/" + STUDY + "?_=1732600000000",
                "/studies/" + STUDY + "?full&short",
            })
    void oneStudyInTheSpellingsThatOrthancTakesForIt(String uri) {
        assertThat(clinic.decide(RADIOLOGIST, HttpMethod.GET, uri)).isInstanceOf(Decision.Allow.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "studies",
                "/studies/./" + STUDY,
                "/tools/../studies/" + STUDY,
                "/studies/..",
                "/..studies",
                "/.studies",
                "/studies/%31",
                "/%73tudies",
                "/studies%2f" + STUDY,
                "/studies/" + STUDY + "%00",
                "/studies\\" + STUDY,
                "/studies/" + STUDY + ";a",
                "/studies/" + STUDY + "#a",
                "/studies/" + STUDY + " ",
                "/studies/" + STUDY + "\r\n",
                "/st\u00fcdies",
                "/studies/\uff0e\uff0e/" + STUDY,
                "http://host/studies",
                "/studies?_method=DELETE",
                "/studies?_METHOD=DELETE",
                "/studies?exp%61nd",
                "/studies?a b",
                "/studies?=1",
            })
    void whatIsReadDifferentlyBySomebodyIsRefused(String uri) {
        assertThat(clinic.decide(RADIOLOGIST, HttpMethod.GET, uri)).isEqualTo(new Decision.Deny(Reason.NOT_CANONICAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Studies",
                "/STUDIES/" + STUDY,
                "/studies/1000",
                "/studies/A0000000-00000000-00000000-00000000-00000002",
                "/studies/" + STUDY + "/unheard-of",
                "/studies/" + STUDY + "," + STUDY,
                "/dicom-web/studies/1.2,1.3/series",
                "/dicom-web/Studies",
                "/wado?requestType=WADO",
                "/wado?objectUID=1.2&objectUID=2.2",
                "/wado?objectUID=1.2&objectuid=2.2",
                "/wado?objectUID=1.2%5C2.2",
                "/wado?objectUID=",
            })
    void whatIsNoLineOfTheTableIsRefused(String uri) {
        assertThat(clinic.decide(RADIOLOGIST, HttpMethod.GET, uri)).isEqualTo(new Decision.Deny(Reason.UNKNOWN_ROUTE));
    }

    /** And who has not logged in does not learn which routes there are. */
    @Test
    void nobodyIsAskedToLogInWhateverTheRoute() {
        for (String uri : List.of("/studies", "/unheard-of", "/tools/execute-script")) {
            assertThat(clinic.decide(Principal.NOBODY, HttpMethod.GET, uri))
                    .isEqualTo(new Decision.Deny(Reason.NOT_LOGGED_IN));
        }
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertThat(CanonicalRequest.of("/app/" + "a".repeat(1019), List.of())).isPresent();
        assertThat(CanonicalRequest.of("/app/" + "a".repeat(1020), List.of())).isEmpty();
        assertThat(CanonicalRequest.of("/app", List.of(Map.entry("a", "x".repeat(8192)))))
                .isPresent();
        assertThat(CanonicalRequest.of("/app", List.of(Map.entry("a", "x".repeat(8193)))))
                .isEmpty();
        assertThat(CanonicalRequest.of("/app", Collections.nCopies(256, Map.entry("a", ""))))
                .isPresent();
        assertThat(CanonicalRequest.of("/app", Collections.nCopies(257, Map.entry("a", ""))))
                .isEmpty();
    }
}
