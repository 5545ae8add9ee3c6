package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;

class NewImagesTest {
    private static final String BODY = "{'Parent': '%s', 'Tags': {'Modality': 'OT', '0008,103E': 'x'},"
            + " 'Content': 'data:application/pdf;base64,JVBERi0='}";
    private final TwoClinics clinics = new TwoClinics();

    @Test
    void oneIsMadeInAStudyOrSeriesOfTheCallers() {
        for (String parent : new String[] {clinics.norths, series(clinics.norths), clinics.northsShared}) {
            clinics.events.clear();
            assertThat(make("north-technologist", BODY.formatted(parent)).status())
                    .isEqualTo(200);
            assertThat(clinics.orthanc.orders)
                    .last()
                    .asString()
                    .startsWith("/tools/create-dicom {\"Parent\":\"" + parent)
                    .contains("data:application/pdf");
            assertThat(clinics.events).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo(AuditType.MODIFY);
                assertThat(event.principal()).contains("north-technologist");
                assertThat(event.details()).containsEntry("key", "key-of-" + parent);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "north-technologist, SOUTHS",
        "north-technologist, 00000000-00000000-00000000-00000000-00000001",
        "north-technologist, PATIENT",
        "south-technologist, PATIENT",
        "north-technologist, INSTANCE",
        "north-technologist, x",
        "north-technologist, ''",
        "north-billing, NORTHS",
        "north-auditor, NORTHS",
        "'', NORTHS",
    })
    void elsewhereNoneIs(String user, String parent) {
        String patient = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.northsShared))
                .path("ParentPatient")
                .asText();
        assertRefused(
                user,
                BODY.formatted(parent.replace("SOUTHS", clinics.souths)
                        .replace("NORTHS", clinics.norths)
                        .replace("PATIENT", patient)
                        .replace("INSTANCE", clinics.norths.replace('a', 'c').replace('1', '3'))));
    }

    /** Orthanc takes each of these for the StudyInstanceUID, or may. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Tags': {'StudyInstanceUID': '2.1'}",
                "'Tags': {'0020-000d': '2.1'}",
                "'Tags': {'20,d': '2.1'}",
                "'Tags': {'PatientID': 'P2'}",
                "'Tags': {'SOPInstanceUID': '2.1.1'}",
                "'Tags': []",
                "'StudyInstanceUID': '2.1'",
                "'Tags': {}, 'Force': true",
                "'Tags': {}, 'Parent': 'x'",
            })
    void whatIdentifiesItIsItsParents(String more) {
        assertRefused("north-technologist", "{'Parent': '" + clinics.norths + "', " + more + "}");
    }

    /** Of a list Orthanc makes one for each, with its own tags, and deletes the whole series if one fails. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "['data:application/pdf;base64,JVBERi0=', 'x']",
                "['data:application/pdf;base64,JVBERi0=']",
                "[{'Content': 'data:application/pdf;base64,JVBERi0=', 'Tags': {'PatientID': 'P2'}}]",
                "[]",
                "{}",
                "null",
                "1",
            })
    void thereIsOneContent(String content) {
        assertThatThrownBy(() -> make(
                        "north-technologist",
                        "{'Parent': '" + clinics.norths + "', 'Tags': {}, 'Content': " + content + "}"))
                .isInstanceOfSatisfying(StrongroomException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e.context()).containsEntry("member", "Content");
                });
        assertThat(clinics.orthanc.orders).isEmpty();
    }

    @Test
    void oneWithoutContentIsMade() {
        assertThat(make("north-technologist", "{'Parent': '" + clinics.norths + "', 'Tags': {}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatIsRestrictedMeanwhileStaysAsItIs() {
        clinics.meanwhile = () -> clinics.restrictions.become(Set.of(clinics.norths));
        assertRefused("north-technologist", BODY.formatted(clinics.norths));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoeverWaitsLongHasToComeAgain() {
        clinics.orthanc.meanwhile = depth -> assertUnavailable();
        assertThat(make("north-technologist", BODY.formatted(clinics.norths)).status())
                .isEqualTo(200);
        assertThat(clinics.orthanc.orders).hasSize(1);
        clinics.orthanc.meanwhile = depth -> {};
        assertThat(make("north-technologist", BODY.formatted(clinics.norths)).status())
                .isEqualTo(200);
    }

    @Test
    void nobodyWaitsWhileOrthancStops() {
        Thread.currentThread().interrupt();
        assertUnavailable();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(clinics.orthanc.orders).isEmpty();
    }

    private void assertUnavailable() {
        assertThatThrownBy(() -> make("north-technologist", BODY.formatted(clinics.norths)))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }

    private void assertRefused(String user, String body) {
        assertThatThrownBy(() -> make(user, body))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        assertThat(clinics.orthanc.orders).isEmpty();
    }

    private RestAnswer make(String user, String body) {
        return clinics.ask(user, HttpMethod.POST, "/tools/create-dicom", body.replace('\'', '"'));
    }

    private static String series(String study) {
        return study.replace('a', 'b').replace('1', '2');
    }
}
