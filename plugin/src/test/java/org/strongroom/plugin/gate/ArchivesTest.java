package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;

class ArchivesTest {
    private static final String ARCHIVE = "/tools/create-archive";

    private final TwoClinics clinics = new TwoClinics();

    @ParameterizedTest
    @CsvSource({
        "north-radiologist, archive, '[\"NORTHS\", \"OTHER\"]', true",
        "north-radiologist, archive, '{\"Resources\": [\"NORTHS\"], \"Transcode\": \"1.2\"}', true",
        "north-radiologist, media, '[\"NORTHS\", \"SHARED\"]', true",
        "north-radiologist, media-extended, '[\"NORTHS\"]', true",
        "north-referrer-opened, archive, '[\"NORTHS\"]', true",
        "north+south-radiologist, archive, '[\"NORTHS\", \"SOUTHS\"]', true",
        // Its folders would be named by the tags that came first.
        "north-radiologist, archive, '[\"NORTHS\", \"SHARED\"]', false",
        "north-radiologist, archive, '[\"NORTHS\", \"SOUTHS\"]', false",
        "north-radiologist, media, '[\"NORTHS\", \"SOUTHS\"]', false",
        "north-radiologist, archive, '[\"NORTHS\", \"00000000-00000000-00000000-00000000-00000009\"]', false",
        "north-radiologist, archive, '{\"Resources\": [\"NORTHS\"], \"Studies\": []}', false",
        "north-radiologist, archive, '[7]', false",
        "north-radiologist, archive, 7, false",
        "north-referrer, archive, '[\"NORTHS\"]', false",
        "north-billing, archive, '[\"NORTHS\"]', false",
        "north-radiologist-link-download, archive, '[\"NORTHS\"]', false",
        "north-radiologist-link-download, media, '[\"NORTHS\"]', false",
        "nobody, archive, '[\"NORTHS\"]', false",
    })
    void itIsMadeIfAllOfItIsTheCallers(String user, String kind, String body, boolean made) {
        String path = "/tools/create-" + kind;
        if (!made) {
            assertThatThrownBy(() -> ask(user, path, ids(body)))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
            assertThat(clinics.orthanc.orders).isEmpty();
            return;
        }
        RestAnswer answer = ask(user, path, ids(body));
        assertThat(clinics.orthanc.orders).singleElement().asString().startsWith(path + " ");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.headers())
                .containsExactly(Map.entry("Location", "../jobs/00000000-0000-0000-0000-000000000001/archive"));
        assertThat(clinics.started.starter(
                        new Resource(Level.JOB, false, "00000000-0000-0000-0000-000000000001")))
                .contains(user);
    }

    @Test
    void whoDoesNotWaitIsToldOfTheJob() {
        String body = ids("{\"Resources\": [\"NORTHS\"], \"Asynchronous\": true}");
        RestAnswer answer = ask("north-radiologist", ARCHIVE, body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(PlayedOrthanc.read(answer.body()).path("ID").asText()).isNotEmpty();
    }

    @Test
    void eachStudyIsRecorded() {
        ask("north-radiologist", ARCHIVE, ids("[\"NORTHS\", \"OTHER\"]"));
        assertThat(clinics.events).extracting(AuditEvent::type).containsExactly(AuditType.ARCHIVE, AuditType.ARCHIVE);
        assertThat(clinics.events.toString()).contains("key-of-" + clinics.norths, "key-of-" + clinics.northsOther);
        clinics.events.clear();
        assertThatThrownBy(() -> ask("north-radiologist", ARCHIVE, ids("[\"SOUTHS\"]")))
                .isInstanceOf(StrongroomException.class);
        assertThat(clinics.events).extracting(AuditEvent::type).containsExactly(AuditType.DENIAL);
    }

    /** Newer Orthancs stream what an address names; the path is left to them. */
    @Test
    void onlyAnOrthancThatTakesNoListInAnAddressIsAskedInThisWay() {
        HttpFilter.Question question = new HttpFilter.Question(
                HttpMethod.POST, ARCHIVE, "", List.of(), Map.of(TwoClinics.USER, "north-radiologist"));
        assertThat(clinics.gate.decide(question).isAllowed()).isFalse();
        assertThat(clinics.oldGate.decide(question).isAllowed()).isTrue();
    }

    private RestAnswer ask(String user, String path, String body) {
        return clinics.ask(user, HttpMethod.POST, path, body);
    }

    private String ids(String text) {
        return text.replace("NORTHS", clinics.norths)
                .replace("OTHER", clinics.northsOther)
                .replace("SHARED", clinics.northsShared)
                .replace("SOUTHS", clinics.souths);
    }
}
