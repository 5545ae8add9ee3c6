package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.bridge.HttpAuthentication.Answer;
import org.strongroom.plugin.bridge.HttpAuthentication.Question;

class EntranceTest {
    private static final Map<String, String> BROWSER = Map.of("accept", "text/html,*/*;q=0.8");

    private final TwoClinics clinics = new TwoClinics();

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/ui/app/, /ui/app/",
        "/app/explorer.html?x=1&y, /app/explorer.html?x=1&y",
        "/ohif/viewer?StudyInstanceUIDs=1.2.3, /ohif/viewer?StudyInstanceUIDs=1.2.3",
        "'/stone-webviewer/index.html?study=a b&x=\"<', /stone-webviewer/index.html?study=a%20b&x=%22%3C",
        "//evil.example/, /",
        "/\\evil.example, /",
        "/%2e%2e/x, /%2e%2e/x",
    })
    void aBrowserIsSentToTheLoginPageAndFromThereBack(String asked, String back) {
        Answer answer = ask(asked, BROWSER);
        assertThat(answer.status()).isEqualTo(Answer.REDIRECT);
        assertThat(answer.text()).startsWith("strongroom/login?to=").matches("[A-Za-z/?=_-][A-Za-z0-9/?=_-]*");
        assertThat(new String(
                        Base64.getUrlDecoder().decode(answer.text().replaceFirst(".*to=", "")), StandardCharsets.UTF_8))
                .isEqualTo(back);
    }

    @ParameterizedTest
    @CsvSource({
        "accept, application/json",
        "accept, */*",
        "sec-fetch-mode, cors",
        "content-length, 12",
        "transfer-encoding, chunked",
        "authorization, Bearer of-another-plugin",
    })
    void whatIsNoPageIsRefused(String name, String value) {
        Map<String, String> headers = new HashMap<>(BROWSER);
        headers.put(name, value);
        assertThat(ask("/studies", headers).status()).isEqualTo(Answer.UNAUTHORIZED);
        assertThat(ask("/app/explorer.html", headers).status()).isEqualTo(Answer.UNAUTHORIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/strongroom/login", "/strongroom//login/", "/strongroom/login?to=x", "/favicon.ico"})
    void whatIsPublicIsOpen(String uri) {
        assertThat(ask(uri, BROWSER).status()).isEqualTo(Answer.GRANTED);
        assertThat(ask(uri, Map.of()).status()).isEqualTo(Answer.GRANTED);
    }

    @Test
    void whoIsLoggedInIsAskedByTheGate() {
        Answer answer = ask("/studies/" + clinics.souths, Map.of(TwoClinics.USER, "north-radiologist"));
        assertThat(answer.status()).isEqualTo(Answer.GRANTED);
        assertThat(answer.text()).isEmpty();
        assertThat(ask("/studies/" + clinics.souths, BROWSER).status()).isEqualTo(Answer.REDIRECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive", "media"})
    void whoAsksForAPatientOfSeveralIsSentToTheirOwnStudies(String what) {
        String patient = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.southsShared))
                .path("ParentPatient")
                .asText();
        String uri = "/patients/" + patient + "/" + what;
        Answer south = ask(uri, Map.of(TwoClinics.USER, "south-radiologist"));
        assertThat(south.status()).isEqualTo(Answer.REDIRECT);
        assertThat(south.text()).isEqualTo("tools/create-media?resources=" + clinics.southsShared);
        assertThat(ask(uri, Map.of(TwoClinics.USER, "north-radiologist")).text())
                .endsWith("=" + clinics.northsShared);
        for (Map<String, String> granted : List.of( // and then the gate says what may be
                Map.of(TwoClinics.USER, "south-billing"),
                Map.of(TwoClinics.USER, "north+south-radiologist"),
                Map.of(TwoClinics.USER, "south-radiologist", "content-length", "2"),
                Map.of(TwoClinics.USER, "south-radiologist", "transfer-encoding", "chunked"))) {
            assertThat(ask(uri, granted).status()).isEqualTo(Answer.GRANTED);
        }
        assertThat(ask(uri + "?transcode=1.2", Map.of(TwoClinics.USER, "south-radiologist"))
                        .status())
                .isEqualTo(Answer.GRANTED);
        String whole = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + clinics.souths))
                .path("ParentPatient")
                .asText();
        for (String user : List.of("south-radiologist", "north-radiologist")) {
            assertThat(ask("/patients/" + whole + "/" + what, Map.of(TwoClinics.USER, user))
                            .status())
                    .as("all of it is south's")
                    .isEqualTo(Answer.GRANTED);
        }
    }

    private Answer ask(String uri, Map<String, String> headers) {
        String[] halves = uri.split("\\?", 2);
        return clinics.entrance.authenticate(
                new Question(halves[0], "10.0.0.7", TwoClinics.arguments(halves.length < 2 ? "" : halves[1]), headers));
    }

    /** Whoever tries doors without a name would be in no log: the gate is not asked then. */
    @Test
    void whoIsSentAwayIsInTheLogOnceInAWhile() {
        ask("/studies", Map.of());
        ask("/studies", Map.of());
        ask("/", BROWSER);
        assertThat(clinics.events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.DENIAL);
            assertThat(event.principal()).contains(AuditEvent.NOBODY);
        });
    }
}
