package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.access.Shared;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.dimse.Holdings.Level;

/** North's study of patient P1 is restricted: all that answers or does something leaves it out, until it is not any more. */
class RestrictedTest {
    private static final String STUDY = "0020,000d";

    private final TwoClinics clinics = new TwoClinics();
    private final String kept = clinics.norths;
    /** Of the same patient. */
    private final String sister = clinics.store("north", "P1", "ONE^NORTH", "1.3");

    @BeforeEach
    void restrict() {
        clinics.restrictions.become(Set.of(kept));
    }

    private String text(String user, HttpMethod method, String uri, String body) {
        return new String(clinics.ask(user, method, uri, body).body(), StandardCharsets.UTF_8);
    }

    /** What Orthanc calls its study, series and image. */
    private List<String> ids() {
        return List.of(
                kept,
                kept.replace('a', 'b').replace('1', '2'),
                kept.replace('a', 'c').replace('1', '3'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /studies |",
                "GET  | /studies?expand |",
                "GET  | /series?expand |",
                "GET  | /patients?expand |",
                "GET  | /changes |",
                "GET  | /dicom-web/studies |",
                "GET  | /dicom-web/series |",
                "GET  | /dicom-web/instances |",
                "POST | /tools/find | {\"Level\": \"Study\", \"Query\": {}, \"Expand\": true}",
                "POST | /tools/find | {\"Level\": \"Patient\", \"Query\": {}, \"Expand\": true}",
                "POST | /tools/find | {\"Level\": \"Series\", \"Query\": {\"StudyInstanceUID\": \"1.1\"}}",
                "POST | /tools/find | {\"Level\": \"Instance\", \"Query\": {}, \"Expand\": true}",
                "POST | /tools/lookup | 1.1",
            })
    void noListHoldsItAndEachHasItAgainAfterwards(HttpMethod method, String uri, String body) {
        String asked = body == null ? "" : body;
        for (String user : List.of("north-radiologist", "north-technologist", "north-everything")) {
            assertThat(text(user, method, uri, asked))
                    .as(user)
                    .doesNotContain(ids())
                    .doesNotContain("\"1.1\"");
        }
        String[] its = {kept, ids().get(1), ids().get(2), "\"1.1\""};
        String excepted = text("north-protection", method, uri, asked);
        clinics.restrictions.become(Set.of());
        String afterwards = text("north-radiologist", method, uri, asked);
        assertThat(afterwards).containsAnyOf(its);
        assertThat(excepted).containsAnyOf(its);
        // Of the patient Orthanc says more than of these studies: that is told to nobody meanwhile.
        boolean isOfPatients = uri.startsWith("/patients") || uri.equals("/changes") || asked.contains("Patient");
        assertThat(afterwards.equals(excepted)).isEqualTo(!isOfPatients);
    }

    @Test
    void countsAndPagesAreWithoutIt() {
        String count = "{\"Level\": \"Study\", \"Query\": {}}";
        assertThat(text("north-radiologist", HttpMethod.POST, "/tools/count-resources", count))
                .isEqualTo("{\"Count\":3}\n");
        assertThat(text("north-protection", HttpMethod.POST, "/tools/count-resources", count))
                .isEqualTo("{\"Count\":4}\n");
        assertThat(text("north-radiologist", HttpMethod.GET, "/studies?since=1&limit=1", ""))
                .isEqualTo("[\"" + clinics.northsOther + "\"]\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /studies/KEPT",
                "GET /studies/KEPT/archive",
                "GET /studies/KEPT/media",
                "POST /studies/KEPT/archive",
                "GET /dicom-web/studies/1.1/metadata",
                "GET /dicom-web/studies/1.1",
                "GET /tools/create-archive?resources=KEPT",
                "GET /tools/create-media?resources=SISTER,KEPT",
                "GET /strongroom/share?study=KEPT",
                "GET /strongroom/studies/KEPT",
                "GET /patients/PATIENT/archive",
                "DELETE /studies/KEPT",
                "DELETE /patients/PATIENT",
                "POST /studies/KEPT/modify",
                "PUT /studies/KEPT/labels/x"
            })
    void noPathGivesIt(String request) {
        String patient = PlayedOrthanc.read(clinics.orthanc.get("/studies/" + kept))
                .path("ParentPatient")
                .asText();
        String[] words = request.replace("KEPT", kept)
                .replace("SISTER", sister)
                .replace("PATIENT", patient)
                .split(" ", -1);
        for (String user : List.of("north-radiologist", "north-technologist", "north-referrer", "north-everything")) {
            assertThat(passes(user, words)).as(user).isFalse();
        }
        assertThat(clinics.events).isNotEmpty().allMatch(event -> event.type() == AuditType.DENIAL);
        clinics.restrictions.become(Set.of());
        assertThat(passes("north-everything", words)).isTrue();
    }

    private boolean passes(String user, String... words) {
        String[] halves = words[1].split("\\?", 2);
        return clinics.gate
                .decide(new HttpFilter.Question(
                        HttpMethod.valueOf(words[0]),
                        halves[0],
                        "10.0.0.9",
                        TwoClinics.arguments(halves.length < 2 ? "" : halves[1]),
                        Map.of(TwoClinics.USER, user)))
                .isAllowed();
    }

    @Test
    void anEmergencyOpensItAndIsRecorded() {
        assertThat(passes("north-radiologist-opened", "GET", "/studies/" + kept + "/archive"))
                .isTrue();
        assertThat(clinics.events).hasSize(1).allMatch(event -> event.type() == AuditType.BREAK_GLASS_USE);
        assertThat(passes("north-technologist-opened", "DELETE", "/studies/" + kept))
                .isFalse();
        assertThat(passes("south-radiologist-opened", "GET", "/studies/" + kept))
                .isFalse();
    }

    /** Also for who sees it. */
    @ParameterizedTest
    @CsvSource({
        "/tools/bulk-delete, '{\"Resources\": [\"KEPT\"]}'",
        "/tools/bulk-delete, '{\"Resources\": [\"SISTER\", \"KEPT\"]}'",
        "/studies/KEPT/modify, '{\"Replace\": {\"StudyDescription\": \"x\"}}'",
        "/studies/KEPT/anonymize, ''",
        "/studies/SISTER/merge, '{\"Resources\": [\"KEPT\"]}'",
        "/studies/KEPT/merge, '{\"Resources\": [\"SISTER\"]}'",
        "/modalities/north-ct/store, '[\"KEPT\"]'",
    })
    void nothingIsDoneWithIt(String uri, String body) {
        for (String user : List.of("north-technologist", "north-radiologist-opened", "north-protection")) {
            assertThatThrownBy(() -> clinics.ask(
                            user,
                            HttpMethod.POST,
                            uri.replace("KEPT", kept).replace("SISTER", sister),
                            body.replace("KEPT", kept).replace("SISTER", sister)))
                    .as(user)
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        }
        assertThat(clinics.orthanc.orders).isEmpty();
    }

    @Test
    void noLinkShowsItWhoeverHasMadeIt() {
        Principal protection = Roles.of(Settings.parse(
                                """
                                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Access": {"Roles": {"x":
                                  {"Permissions": ["study:restricted", "study:view,tags,pixels,reports,download", "share:create"]}}}}}""")
                        .access())
                .principal("x", List.of("north"), List.of("x"), List.of());
        StudiesToShare shares = new StudiesToShare(
                clinics.access,
                new Shown(clinics.orthanc),
                clinics.orthanc,
                clinics.studies,
                (patient, study) -> Optional.empty(),
                new Viewers("/dicom-web", true, () -> true),
                true);
        Principal link = protection.sharing("share:1", new Shared("north", kept), true);
        assertThat(shares.mayShare(protection, kept)).isFalse();
        assertThat(shares.describe(link, kept)).isEmpty();
        assertThat(shares.download(link, kept)).isEmpty();
        assertThat(shares.series(link, kept)).isEmpty();
        assertThat(shares.viewer(link, kept)).isEmpty();
        assertThat(passes("north-radiologist-link", "GET", "/studies/" + kept)).isFalse();
        clinics.restrictions.become(Set.of());
        assertThat(shares.mayShare(protection, kept)).isTrue();
        assertThat(shares.download(link, kept)).isPresent();
        assertThat(passes("north-radiologist-link", "GET", "/studies/" + kept)).isTrue();
    }

    @Test
    void stationsOfATenantNeitherFindNorMoveIt() {
        areWithoutIt(clinics.holdings, "north");
        clinics.restrictions.become(Set.of());
        haveIt(clinics.holdings, "north");
    }

    @Test
    void stationsOfTheOneTenantNeitherFindNorMoveIt() {
        areWithoutIt(clinics.everything, "clinic");
        clinics.restrictions.become(Set.of());
        haveIt(clinics.everything, "clinic");
    }

    private void areWithoutIt(StationHoldings holdings, String tenant) {
        for (Level level : Level.values()) {
            List<String> found = holdings.find(tenant, level, Map.of(), 100);
            assertThat(found).as("%s", level).isNotEmpty().noneMatch(path -> ids().stream()
                    .anyMatch(path::endsWith));
        }
        assertThat(holdings.find(tenant, Level.STUDY, Map.of(STUDY, "1.1"), 100))
                .isEmpty();
        assertThat(holdings.named(tenant, Level.STUDY, "1.1")).isEmpty();
        assertThat(holdings.named(tenant, Level.IMAGE, "1.1.1.1")).isEmpty();
        assertThat(holdings.images(tenant, "/studies/" + kept)).isEmpty();
        assertThat(holdings.describe(tenant, "/studies/" + kept, Level.STUDY, Set.of(STUDY)))
                .isEmpty();
        String patient = holdings.named(tenant, Level.PATIENT, "P1").get(0);
        assertThat(holdings.images(tenant, patient)).containsOnlyKeys(sister);
        assertThat(holdings.describe(tenant, patient, Level.PATIENT, Set.of("0020,1200", "0020,1202", "0020,1204"))
                        .orElseThrow()
                        .values())
                .hasSize(3)
                .allMatch(count -> count.asText().equals("1"));
        clinics.restrictions.become(Set.of(kept, sister));
        assertThat(holdings.named(tenant, Level.PATIENT, "P1")).isEmpty();
        assertThat(holdings.find(tenant, Level.PATIENT, Map.of("0010,0020", "P1"), 100))
                .isEmpty();
        assertThat(holdings.images(tenant, patient)).isEmpty();
    }

    private void haveIt(StationHoldings holdings, String tenant) {
        assertThat(holdings.find(tenant, Level.STUDY, Map.of(STUDY, "1.1"), 100))
                .containsExactly("/studies/" + kept);
        assertThat(holdings.named(tenant, Level.IMAGE, "1.1.1.1")).hasSize(1);
        assertThat(holdings.images(tenant, "/studies/" + kept)).containsOnlyKeys(kept);
    }

    /** As many as are asked for, if there are. */
    @Test
    void aPageOfAStationsIsNotShorterForWhatIsLeftOut() {
        long all = StreamSupport.stream(
                        PlayedOrthanc.read(clinics.orthanc.get("/studies")).spliterator(), false)
                .count();
        for (int most = 1; most < all + 2; most++) {
            assertThat(clinics.everything.find("clinic", Level.STUDY, Map.of(), most))
                    .hasSize((int) Math.min(most, all - 1))
                    .doesNotContain("/studies/" + kept);
        }
    }
}
