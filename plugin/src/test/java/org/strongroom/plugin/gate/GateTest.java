package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;

class GateTest {
    private final TwoClinics clinics = new TwoClinics();

    @ParameterizedTest
    @CsvSource({
        "'', GET, /strongroom/login, true",
        "'', GET, /strongroom/login.css, true",
        "'', GET, /, false",
        "'', GET, /studies, false",
        "'', POST, /instances, false",
        "north-radiologist, GET, /, true",
        "north-radiologist, GET, /studies/NORTHS, true",
        "north-radiologist, GET, /studies/SOUTHS, false",
        "north-radiologist, GET, /studies/NORTHS/archive, true",
        "north-billing, GET, /studies/NORTHS/archive, false",
        "north-billing, GET, /studies/NORTHS, true",
        "north-auditor, GET, /studies/NORTHS, false",
        "north-administrator, GET, /studies/NORTHS, false",
        "north-radiologist, GET, '/tools/create-archive?resources=NORTHS,NORTHS&filename=x', true",
        "north-radiologist, GET, '/tools/create-archive?resources=NORTHS,SOUTHS', false",
        "north-radiologist, GET, '/tools/create-archive?resources=NORTHS&resources=NORTHS', false",
        "north-radiologist, GET, '/tools/create-archive?resources=NORTHS,', false",
        "north-radiologist, GET, '/tools/create-media-extended?resources=NORTHS', true",
        "north-radiologist, GET, '/tools/create-media?resources=SHARED', false",
        "south-radiologist, GET, '/tools/create-archive?resources=SHARED', false",
        "south-radiologist, GET, '/tools/create-media?resources=SHARED,SOUTHS', true",
        "south-radiologist, POST, '/tools/create-media?resources=SHARED,SOUTHS', false",
        "north-billing, GET, '/tools/create-archive?resources=NORTHS', false",
        // Answered by us.
        "north-radiologist, GET, /studies, true",
        "north-radiologist, GET, /studies?expand&since=1&limit=5, true",
        "north-radiologist, POST, /tools/find, true",
        "north-radiologist, POST, /tools/lookup, true",
        "north-radiologist, GET, /series, true",
        // As Orthanc Explorer asks, with the time against caches.
        "north-radiologist, GET, '/patients?expand&since=0&limit=101&full&_=17', true",
        "north-radiologist, GET, '/studies?expand&since=0&limit=101&full&_=17', true",
        "south-radiologist, GET, '/studies/SHARED?full&_=17', true",
        "south-radiologist, GET, '/studies/SHARED/patient?short&_=17', true",
        "north-radiologist, GET, '/jobs?expand&_=17', true",
        "north-radiologist, GET, '/modalities?_=17', true",
        "north-radiologist, GET, '/peers?_=17', true",
        "north-radiologist, GET, '/studies/SOUTHS?full&_=17', false",
        "north-radiologist, GET, '/studies?fuller&_=17', false",
        "north-radiologist, GET, /changes, true",
        "north-radiologist, GET, /dicom-web/studies?includefield=all, true",
        "north-radiologist, GET, /jobs, true",
        "north-radiologist, GET, /jobs?expand, true",
        "north-radiologist, GET, /modalities?expand, true",
        "north-technologist, POST, /studies/NORTHS/modify, true",
        "north-technologist, POST, /tools/bulk-delete, true",
        "north-radiologist, POST, /modalities/north-ct/store, true",
        "north-radiologist, POST, /modalities/south-ct/store, false",
        "north-radiologist, POST, /studies/NORTHS/archive, true",
        "north-radiologist, GET, /statistics, true",
        "north-auditor, GET, /statistics, false",
        "north-radiologist, POST, /studies/SOUTHS/archive, false",
        "north-radiologist, GET, /studies?requestedTags=PatientName, true",
        // Not yet.
        "north-radiologist, GET, /instances, false",
        "north-radiologist, GET, '/statistics?x', false",
        "north-radiologist, GET, '/jobs?x', false",
        "north-radiologist, POST, /tools/create-archive, false",
        "north-radiologist, GET, /tools/create-archive, false",
        "north-technologist, POST, /studies/SOUTHS/modify, false",
        "north-radiologist, POST, /studies/NORTHS/modify, false",
        "north-technologist, POST, /instances/x/modify, false",
        "north-radiologist, POST, /peers/x/store, false",
        "north-technologist, POST, /tools/create-dicom, true",
        "north-billing, POST, /tools/create-dicom, false",
        "north-technologist, POST, /studies/NORTHS/reconstruct, true",
        "north-technologist, POST, /studies/SOUTHS/reconstruct, false",
        "south-technologist, POST, /studies/SHARED/reconstruct, false",
        "north-radiologist, POST, /studies/NORTHS/reconstruct, false",
        "south-radiologist, GET, /studies/SHARED, true",
        "south-radiologist, GET, /studies/SHARED/series, true",
        // Its body is theirs, whatever it names.
        "north-technologist, POST, /instances, true",
        "north-technologist, POST, /dicom-web/studies, true",
        "north-technologist, POST, /dicom-web/studies/9.9, true",
        "north-technologist, POST, /dicom-web/studies/2.1, true",
        "north-billing, POST, /dicom-web/studies/9.9, false",
        "north-billing, POST, /instances, false",
        "north-administrator, GET, /statistics, true",
        "north-administrator, PUT, /modalities/x, false",
        "north-administrator, POST, /tools/execute-script, false",
    })
    void whatPasses(String user, HttpMethod method, String uri, boolean passes) {
        assertThat(decide(user, method, uri).isAllowed()).isEqualTo(passes);
    }

    /** With ReconstructFiles the originals are written anew. */
    @Test
    void whoMayNotDeleteHasNothingReconstructed() {
        String patient = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.norths))
                .path("ParentPatient")
                .asText();
        for (String resource : List.of(
                "/patients/" + patient,
                "/studies/" + clinics.norths,
                "/series/" + clinics.norths.replace('a', 'b').replace('1', '2'),
                "/instances/" + clinics.norths.replace('a', 'c').replace('1', '3'))) {
            String uri = resource + "/reconstruct";
            assertThat(decide("north-technologist", HttpMethod.POST, uri).isAllowed())
                    .as(uri)
                    .isTrue();
            assertThat(decide("north-modifier", HttpMethod.POST, uri).isAllowed())
                    .as(uri)
                    .isFalse();
        }
    }

    /** TwoClinics has opened P1 for everybody whose name ends so. */
    @Test
    void whatOnlyAnEmergencyPermitsIsRecordedOnceForEachResource() {
        assertThat(decide("north-referrer", HttpMethod.GET, "/studies/NORTHS").isAllowed())
                .isFalse();
        clinics.events.clear();
        for (int i = 0; i < 3; i++) {
            assertThat(decide("north-referrer-opened", HttpMethod.GET, "/studies/NORTHS")
                            .isAllowed())
                    .isTrue();
        }
        decide("north-referrer-opened", HttpMethod.GET, "/studies/NORTHS/archive");
        String listed = "/tools/create-media?resources=NORTHS";
        decide("north-referrer-opened", HttpMethod.GET, listed);
        decide("north-referrer-opened", HttpMethod.GET, listed);
        decide("north-referrer-opened", HttpMethod.GET, listed + "&filename=x");
        decide("north-referrer-opened", HttpMethod.GET, "/system");
        assertThat(clinics.events)
                .extracting(event -> event.type() + " " + event.details().get("route"))
                .containsExactly(
                        "BREAK_GLASS_USE /studies/{study}",
                        "BREAK_GLASS_USE /studies/{study}/archive",
                        "BREAK_GLASS_USE /tools/create-media?resources={resources}",
                        "BREAK_GLASS_USE /tools/create-media?resources={resources}");
        assertThat(decide("north-referrer-opened", HttpMethod.GET, "/studies/" + clinics.northsOther)
                        .isAllowed())
                .isFalse();
        assertThat(decide("north-referrer-opened", HttpMethod.GET, "/studies/SOUTHS")
                        .isAllowed())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "north-technologist, POST, /instances, north north-technologist 10.0.0.7",
        "south-technologist, POST, /instances, south south-technologist 10.0.0.7",
        "north-billing, GET, /studies/NORTHS, ' north-billing 10.0.0.7'",
        "'', GET, /strongroom/login, '  10.0.0.7'",
    })
    void whatIsStoredIsOfWhoAsks(String user, HttpMethod method, String uri, String token) {
        assertThat(decide(user, method, uri).token()).isEqualTo(token);
    }

    @Test
    void anArchiveNamedAfterWhatAnotherHasSentIsRefused() {
        for (String study : List.of("NORTHS", "SHARED")) {
            HttpFilter.Question archive =
                    question("south-radiologist", HttpMethod.GET, "/studies/" + study + "/archive");
            boolean theirs = study.equals("SHARED");
            assertThat(clinics.gate.decide(archive).isAllowed()).isEqualTo(theirs);
            assertThat(clinics.oldGate.decide(archive).isAllowed()).isFalse();
        }
        HttpFilter.Question alone = question("north-radiologist", HttpMethod.GET, "/studies/NORTHS/archive");
        assertThat(clinics.oldGate.decide(alone).isAllowed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/dicom-web/studies/2.0/metadata, true, false",
        "/dicom-web/studies/2.0/series/2.0.1/metadata, true, false",
        "/dicom-web/studies/2.0/series/2.0.1/instances/2.0.1.1/metadata, true, false",
        "/dicom-web/studies/2.1/metadata, true, true",
        "/dicom-web/studies/1.0/metadata, false, false",
    })
    void metadataOfAPatientOfTwoPassIfTheyAreEachImagesOwn(String uri, boolean ofFiles, boolean ofTheIndex) {
        HttpFilter.Question metadata = question("south-radiologist", HttpMethod.GET, uri);
        assertThat(clinics.gate.decide(metadata).isAllowed()).isEqualTo(ofFiles);
        assertThat(clinics.oldGate.decide(metadata).isAllowed()).isEqualTo(ofTheIndex);
    }

    @Test
    void aRefusalIsRecordedWithItsRouteAndWithoutWhatWasAskedFor() {
        decide("north-radiologist", HttpMethod.GET, "/studies/SOUTHS");
        decide("north-radiologist", HttpMethod.GET, "/instances");
        decide("north-radiologist", HttpMethod.GET, "/studies/NORTHS");
        decide("north-radiologist", HttpMethod.GET, "/nowhere");
        assertThat(clinics.events).hasSize(3).allSatisfy(event -> {
            assertThat(event.type()).isEqualTo(AuditType.DENIAL);
            assertThat(event.outcome()).isEqualTo(AuditOutcome.REFUSED);
            assertThat(event.principal()).contains("north-radiologist");
            assertThat(event.tenant()).contains("north");
            assertThat(event.address()).contains("10.0.0.7");
            assertThat(event.toString()).doesNotContain(clinics.souths);
        });
        assertThat(clinics.events)
                .extracting(event -> event.details().get("route"))
                .containsExactly("/studies/{study}", "/instances", null);
    }

    @Test
    void whoHasNoNameDoesNotFillTheLog() {
        for (int i = 0; i < 5; i++) {
            decide("", HttpMethod.GET, "/studies");
        }
        assertThat(clinics.events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.DENIAL);
            assertThat(event.principal()).contains(AuditEvent.NOBODY);
            assertThat(event.address()).contains("10.0.0.7");
        });
    }

    @Test
    void whereARequestComesFromIsKnownToWhoAnswersIt() {
        Peers peers = new Peers();
        peers.note(Map.of("cookie", "a"), "10.0.0.1");
        peers.note(Map.of("cookie", "b"), "10.0.0.2");
        peers.note(Map.of("cookie", "a"), "10.0.0.3");
        assertThat(peers.of(Map.of("cookie", "a"))).isEqualTo("10.0.0.3");
        assertThat(peers.of(Map.of("cookie", "b"))).isEqualTo("10.0.0.2");
        assertThat(peers.of(Map.of("cookie", "c"))).isEmpty();
    }

    private HttpFilter.Decision decide(String user, HttpMethod method, String uri) {
        return clinics.gate.decide(question(user, method, uri));
    }

    private HttpFilter.Question question(String user, HttpMethod method, String uri) {
        String named = uri.replace("NORTHS", clinics.norths)
                .replace("SOUTHS", clinics.souths)
                .replace("SHARED", clinics.southsShared);
        String[] halves = named.split("\\?", 2);
        return new HttpFilter.Question(
                method,
                halves[0],
                "10.0.0.7",
                TwoClinics.arguments(halves.length < 2 ? "" : halves[1]),
                Map.of(TwoClinics.USER, user));
    }
}
