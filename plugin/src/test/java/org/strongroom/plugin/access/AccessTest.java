package org.strongroom.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.RouteSettings;
import org.strongroom.plugin.access.Ownership.Owners;
import org.strongroom.plugin.access.Ownership.Part;
import org.strongroom.plugin.bridge.HttpMethod;

/** What the lines of the table cannot show: referrers, several identifiers in one request, other plugins' routes. */
class AccessTest {
    private static final String STUDY = "10000000-00000000-00000000-00000000-00000002";
    private static final String PATIENT = "10000000-00000000-00000000-00000000-00000001";

    private final TwoTenants clinic = new TwoTenants();

    @Test
    void aReferrerSeesOwnPatientsOnly() {
        Principal other =
                TwoTenants.ROLES.principal("other", List.of("north"), List.of("referrer"), List.of("SOMEBODY^ELSE"));
        assertThat(clinic.decide(TwoTenants.north("referrer"), HttpMethod.GET, "/studies/" + STUDY))
                .isInstanceOf(Decision.Allow.class);
        assertThat(clinic.decide(other, HttpMethod.GET, "/studies/" + STUDY))
                .isEqualTo(new Decision.Deny(Reason.NOT_THEIRS));
    }

    /** Of one tenant, one patient, and what the role permits for patients of their own: nothing else becomes wider. */
    @Test
    void whoHasOpenedAPatientSeesThemAsTheReferringPhysicianWouldAndNobodyElse() {
        UUID mine = new UUID(1, 1);
        Principal referrer =
                TwoTenants.ROLES.principal("other", List.of("north"), List.of("referrer"), List.of("SOMEBODY^ELSE"));
        Principal opened = referrer.opening(Set.of(new Principal.Opened("e", "north", mine)));
        String uri = "/studies/" + STUDY;
        Access north = of(new Part("north", "REFERRER^NORTH", Set.of(mine, new UUID(1, 2)), ""));
        assertThat(north.decide(referrer, HttpMethod.GET, uri, List.of())).isInstanceOf(Decision.Deny.class);
        assertThat(north.decide(opened, HttpMethod.GET, uri, List.of())).isInstanceOf(Decision.Allow.class);
        assertThat(north.decide(opened, HttpMethod.DELETE, uri, List.of()))
                .isEqualTo(new Decision.Deny(Reason.NOT_PERMITTED));
        for (Part other : List.of(
                new Part("south", "REFERRER^NORTH", Set.of(mine), ""),
                new Part("north", "REFERRER^NORTH", Set.of(new UUID(2, 2)), ""),
                new Part("north", "REFERRER^NORTH"))) {
            assertThat(of(other).decide(opened, HttpMethod.GET, uri, List.of()))
                    .as("%s", other)
                    .isEqualTo(new Decision.Deny(Reason.NOT_THEIRS));
        }
        for (String role : List.of("billing", "auditor", "administrator")) {
            Principal one = TwoTenants.ROLES
                    .principal("x", List.of("north"), List.of(role), List.of())
                    .opening(Set.of(new Principal.Opened("e", "north", mine)));
            assertThat(north.decide(one, HttpMethod.GET, uri + "/archive", List.of()))
                    .as(role)
                    .isInstanceOf(Decision.Deny.class);
        }
        assertThat(opened.within(List.of("study:view")).opened()).isEqualTo(opened.opened());
        assertThat(north.decide(opened.within(List.of("study:view")), HttpMethod.GET, uri + "/archive", List.of()))
                .isInstanceOf(Decision.Deny.class);
    }

    /** Studies beside a restricted one are shown, and the patient without it; what is done to the whole patient is not done. */
    @Test
    void ofAPatientWithARestrictedStudyTheOthersAreLeft() {
        Access one = of(part("north", "free"), new Part("north", "", Set.of(), "kept", true));
        Principal technologist = TwoTenants.north("technologist");
        String uri = "/patients/" + PATIENT;
        assertThat(one.decide(technologist, HttpMethod.GET, uri, List.of()))
                .isInstanceOfSatisfying(Decision.Filter.class, filter -> assertThat(filter.treatments())
                        .containsExactly(Treatment.FILTERED));
        for (HttpMethod method : List.of(HttpMethod.DELETE, HttpMethod.PUT)) {
            assertThat(one.decide(technologist, method, method == HttpMethod.PUT ? uri + "/protected" : uri, List.of()))
                    .isEqualTo(new Decision.Deny(Reason.SHARED));
        }
        assertThat(one.decide(technologist, HttpMethod.POST, uri + "/anonymize", List.of()))
                .isEqualTo(new Decision.Deny(Reason.SHARED));
    }

    /** Somebody else's emergency, of another tenant or patient, excepts nobody; nor does a role in another tenant. */
    @Test
    void nobodyElseIsExceptedFromARestriction() {
        Access restricted = of(new Part("north", "REFERRER^NORTH", Set.of(new UUID(1, 1)), "kept", true));
        String uri = "/studies/" + STUDY;
        Principal souths =
                TwoTenants.ROLES.principal("x", List.of("south"), List.of("protection"), List.of("REFERRER^NORTH"));
        for (Principal person : List.of(
                souths,
                TwoTenants.north("radiologist").opening(Set.of(new Principal.Opened("e", "south", new UUID(1, 1)))),
                TwoTenants.north("radiologist").opening(Set.of(new Principal.Opened("e", "north", new UUID(1, 2)))),
                TwoTenants.north("auditor").opening(Set.of(new Principal.Opened("e", "north", new UUID(1, 1)))))) {
            assertThat(restricted.decide(person, HttpMethod.GET, uri, List.of()))
                    .as("%s", person)
                    .isInstanceOf(Decision.Deny.class);
        }
        assertThat(restricted.decide(TwoTenants.north("protection"), HttpMethod.GET, uri, List.of()))
                .isInstanceOf(Decision.Allow.class);
    }

    private static Access of(Part... parts) {
        return access(List.of(), new Owners(List.of(parts), false));
    }

    private static Part part(String tenant, String study) {
        return new Part(tenant, "REFERRER^NORTH", Set.of(), study);
    }

    /** TwoTenants.link is one to north's study "norths". */
    @ParameterizedTest
    @CsvSource({
        "/studies/{study}, Filter, Deny, Deny",
        "/instances/{study}/preview, Allow, Deny, Deny",
        "/dicom-web/studies/1.2/metadata, Allow, Deny, Deny",
        "/patients/{study}, Filter, Filter, Deny",
        "/patients/{study}/archive, Filter, Filter, Deny",
        "/patients/{study}/labels, Deny, Deny, Deny",
        "/patients/{study}/attachments, Deny, Deny, Deny",
        "/patients/{study}/metadata, Deny, Deny, Deny",
        "/patients/{study}/protected, Deny, Deny, Deny",
    })
    void aLinkShowsItsStudyAndNothingElseOfThePatient(String path, String only, String also, String other) {
        Principal link = TwoTenants.link("radiologist", true);
        Part meant = part("north", "norths");
        Part another = part("north", "another");
        String uri = path.replace("{study}", STUDY);
        for (Map.Entry<Access, String> asked : List.of(
                Map.entry(of(meant), only),
                Map.entry(of(meant, another), path.startsWith("/patients/") ? also : "Deny"),
                Map.entry(of(another), other),
                Map.entry(of(part("north", "")), other),
                Map.entry(of(part("south", "norths")), other))) {
            assertThat(asked.getKey()
                            .decide(link, HttpMethod.GET, uri, List.of())
                            .getClass()
                            .getSimpleName())
                    .as(uri)
                    .isEqualTo(asked.getValue());
        }
    }

    /** For what its maker may see, now, and of that for seeing only. */
    @Test
    void aLinkGoesNoFurtherThanWhoHasMadeIt() {
        Access north = of(part("north", "norths"));
        Shared study = new Shared("north", "norths");
        String preview = "/instances/" + STUDY + "/preview";
        String archive = "/studies/" + STUDY + "/archive";
        for (String role : List.of("billing", "auditor", "administrator", "no-pixels")) {
            Principal link = TwoTenants.north(role).sharing("share:1", study, true);
            assertThat(north.decide(link, HttpMethod.GET, preview, List.of()))
                    .as(role)
                    .isInstanceOf(Decision.Deny.class);
        }
        Principal other =
                TwoTenants.ROLES.principal("other", List.of("north"), List.of("referrer"), List.of("SOMEBODY^ELSE"));
        assertThat(north.decide(other.sharing("share:1", study, true), HttpMethod.GET, preview, List.of()))
                .as("of no patient of their own")
                .isEqualTo(new Decision.Deny(Reason.NOT_THEIRS));
        assertThat(north.decide(TwoTenants.link("referrer", true), HttpMethod.GET, archive, List.of()))
                .as("with the patient's tags of this study")
                .isInstanceOfSatisfying(Decision.Filter.class, found -> assertThat(found.treatments())
                        .containsExactly(Treatment.OWN));
        assertThat(north.decide(TwoTenants.link("referrer", false), HttpMethod.GET, archive, List.of()))
                .isEqualTo(new Decision.Deny(Reason.NOT_PERMITTED));
        Principal everything = TwoTenants.link("everything", true);
        assertThat(everything.tenants()).containsExactly("north");
        for (String permission : List.of("share:create", "access:manage", "system:view", "audit:read", "job:own")) {
            assertThat(everything.may(permission)).as(permission).isFalse();
        }
        assertThat(everything.reach("study:import", "north")).isEqualTo(Reach.NOTHING);
        assertThat(everything.reach("study:view", "north")).isEqualTo(Reach.OWN_PATIENTS);
        assertThat(everything.reach("study:view", "south")).isEqualTo(Reach.NOTHING);
    }

    /** What the settings open to everybody who has logged in was opened to staff. */
    @ParameterizedTest
    @CsvSource({
        "/viewer/page.html, Deny",
        "/logo.png, Allow",
        "/all, Deny",
        "/x/10000000-00000000-00000000-00000000-00000002, Allow",
        "/x/20000000-00000000-00000000-00000000-00000002, Deny",
        "/strongroom/account, Deny",
        "/strongroom/share, Deny",
        "/stone-webviewer/index.html, Allow",
    })
    void aLinkOpensNoRouteOfOtherPluginsThatNamesNoStudy(String path, String expected) {
        List<RouteSettings> others = List.of(
                new RouteSettings("/viewer/**", List.of(), "open"),
                new RouteSettings("/logo.png", List.of(), "public"),
                new RouteSettings("/x/{study}", List.of(), "open"),
                new RouteSettings("/all", List.of("GET"), "study:view"));
        Access access = new Access(RouteTable.of(DicomWebRoots.DEFAULTS, others), TwoTenants.TENANTS, clinic);
        assertThat(access.decide(TwoTenants.link("radiologist", true), HttpMethod.GET, path, List.of())
                        .getClass()
                        .getSimpleName())
                .isEqualTo(expected);
    }

    @Test
    void ofAPatientWithTwoPhysiciansAReferrerGetsAFilteredAnswer() {
        Access access = access(
                List.of(),
                new Owners(List.of(new Part("north", "REFERRER^NORTH"), new Part("north", "SOMEBODY^ELSE")), false));
        Principal referrer = TwoTenants.north("referrer");
        assertThat(access.decide(referrer, HttpMethod.GET, "/patients/" + PATIENT, List.of()))
                .matches(decision -> decision instanceof Decision.Filter filter
                        && filter.treatments().equals(Set.of(Treatment.FILTERED)));
        assertThat(access.decide(referrer, HttpMethod.GET, "/patients/" + PATIENT + "/labels", List.of()))
                .isEqualTo(new Decision.Deny(Reason.SHARED));
        assertThat(access.decide(TwoTenants.north("radiologist"), HttpMethod.GET, "/patients/" + PATIENT, List.of()))
                .isInstanceOf(Decision.Allow.class);
    }

    /** DICOMweb plugins differ in which of the identifiers they look at. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dicom-web/studies/2.2.3/series/1.2.3.4/instances/1.2.3.4.5/frames/1",
                "/dicom-web/studies/1.2.3/series/2.2.3.4/instances/1.2.3.4.5/frames/1",
                "/dicom-web/studies/1.2.3/series/1.2.3.4/instances/2.2.3.4.5/frames/1",
                "/wado?studyUID=2.2.3&seriesUID=1.2.3.4&objectUID=1.2.3.4.5",
                "/wado?studyUID=1.2.3&seriesUID=2.2.3.4&objectUID=1.2.3.4.5",
                "/wado?studyUID=1.2.3&objectUID=2.2.3.4.5",
                "/wado?objectUID=2.2.3.4.5",
            })
    void everyIdentifierOfARequestMustBeTheirs(String uri) {
        assertThat(clinic.decide(TwoTenants.north("radiologist"), HttpMethod.GET, uri))
                .isEqualTo(new Decision.Deny(Reason.NOT_THEIRS));
    }

    /** Orthanc may have one StudyInstanceUID for two patients; nobody knows which of them a plugin takes. */
    @Test
    void aUidThatIsAnothersAsWellIsRefused() {
        Access access = access(List.of(), new Owners(List.of(new Part("north", ""), new Part("south", "")), false));
        assertThat(access.decide(
                        TwoTenants.north("radiologist"), HttpMethod.GET, "/dicom-web/studies/1.2/metadata", List.of()))
                .isEqualTo(new Decision.Deny(Reason.SHARED));
    }

    /** Their studies are gone, and not what Orthanc keeps of the patient: tags, labels, metadata. */
    @ParameterizedTest
    @CsvSource({
        "GET, '', Filter",
        "GET, /archive, Filter",
        "GET, /labels, Deny",
        "GET, /metadata, Deny",
        "PUT, /labels/x, Deny",
        "DELETE, '', Deny",
    })
    void whatIsLeftOfAPatientWhoWasAnothersAsWellIsNotShown(HttpMethod method, String below, String decision) {
        Access access = access(List.of(), new Owners(List.of(new Part("north", "")), true));
        String patient = "/patients/" + STUDY + below;
        assertThat(access.decide(TwoTenants.north("technologist"), method, patient, List.of())
                        .getClass()
                        .getSimpleName())
                .isEqualTo(decision);
        assertThat(access.decide(TwoTenants.north("technologist"), method, "/studies/" + STUDY + below, List.of()))
                .isNotInstanceOf(Decision.Deny.class);
    }

    /** What they send there is their own; what the station answers may be the other tenant's. */
    @Test
    void aStationOfTwoTenantsIsAskedByWhoWorksForBoth() {
        Access access = access(List.of(), new Owners(List.of(new Part("north", ""), new Part("south", "")), false));
        Principal north = TwoTenants.north("everything");
        Principal both =
                TwoTenants.ROLES.principal("both", List.of("north", "south"), List.of("everything"), List.of());
        for (String asks : List.of("find", "find-study", "query", "move", "get")) {
            String uri = "/modalities/PACS/" + asks;
            assertThat(access.decide(north, HttpMethod.POST, uri, List.of()))
                    .as(asks)
                    .isEqualTo(new Decision.Deny(Reason.SHARED));
            assertThat(access.decide(both, HttpMethod.POST, uri, List.of()))
                    .as(asks)
                    .isNotInstanceOf(Decision.Deny.class);
        }
        assertThat(access.decide(north, HttpMethod.POST, "/modalities/PACS/store", List.of()))
                .isNotInstanceOf(Decision.Deny.class);
    }

    @Test
    void aStudyInQuarantineIsOfThoseWhoBelongThere() {
        Access access = access(List.of(), Owners.of("quarantine", ""));
        Principal sorting =
                TwoTenants.ROLES.principal("sorting", List.of("quarantine"), List.of("radiologist"), List.of());
        assertThat(access.decide(sorting, HttpMethod.GET, "/studies/" + STUDY, List.of()))
                .isInstanceOf(Decision.Allow.class);
        assertThat(access.decide(TwoTenants.north("radiologist"), HttpMethod.GET, "/studies/" + STUDY, List.of()))
                .isInstanceOf(Decision.Deny.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/viewer/page.html, radiologist, Allow",
        "/viewer/page.html, auditor, Allow",
        "/viewer/deep/page.html, auditor, Allow",
        "/viewer/page.html, nobody, Deny",
        "/logo.png, nobody, Allow",
        "/x/10000000-00000000-00000000-00000000-00000002, radiologist, Allow",
        "/x/20000000-00000000-00000000-00000000-00000002, radiologist, Deny",
        "/x/10000000-00000000-00000000-00000000-00000002, auditor, Deny",
        "/all, radiologist, Allow",
        "/all, referrer, Deny",
        "/all, auditor, Deny",
        "/elsewhere, radiologist, Deny",
        "/tools/execute-script, administrator, Deny",
        "/tools/log-level, nobody, Deny",
    })
    void otherPluginsRoutesAreWhatTheSettingsSay(String path, String who, String expected) {
        List<RouteSettings> others = List.of(
                new RouteSettings("/viewer/**", List.of(), "open"),
                new RouteSettings("/logo.png", List.of(), "public"),
                new RouteSettings("/x/{study}", List.of(), "open"),
                new RouteSettings("/all", List.of("GET"), "study:view"),
                new RouteSettings("/tools/execute-script", List.of("GET"), "public"),
                new RouteSettings("/tools/{name}", List.of("GET"), "public"));
        Access access = new Access(RouteTable.of(DicomWebRoots.DEFAULTS, others), TwoTenants.TENANTS, clinic);
        Principal principal = who.equals("nobody") ? Principal.NOBODY : TwoTenants.north(who);
        assertThat(access.decide(principal, HttpMethod.GET, path, List.of())
                        .getClass()
                        .getSimpleName())
                .isEqualTo(expected);
    }

    @Test
    void dicomWebIsWhereItsSettingsSay() {
        Access access = new Access(
                RouteTable.of(new DicomWebRoots("pacs/dicom/", "/wado-uri"), List.of()), TwoTenants.TENANTS, clinic);
        Principal radiologist = TwoTenants.north("radiologist");
        assertThat(access.decide(radiologist, HttpMethod.GET, "/pacs/dicom/studies/1.2/rendered", List.of()))
                .isInstanceOf(Decision.Allow.class);
        assertThat(access.decide(radiologist, HttpMethod.GET, "/dicom-web/studies/1.2/rendered", List.of()))
                .isEqualTo(new Decision.Deny(Reason.UNKNOWN_ROUTE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "", "//", "/{study}", "/a/../b", "/a b", "/**"})
    void aRootThatHidesOrthancsRoutesIsRefused(String root) {
        assertThatThrownBy(() -> new DicomWebRoots(root, "/wado")).isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> new DicomWebRoots("/dicom-web", root)).isInstanceOf(StrongroomException.class);
    }

    @Test
    void twoLinesForOneRequestAreRefused() {
        RouteSettings twice = new RouteSettings("/x/{study}", List.of(), "open");
        assertThatThrownBy(() -> RouteTable.of(DicomWebRoots.DEFAULTS, List.of(twice, twice)))
                .hasMessageContaining("twice");
    }

    /** Whose an image is that is stored says the image, where DICOMweb stores it; nobody says it of another plugin's route. */
    @Test
    void onlyWhereImagesAreStoredAStudyOfThePathDoesNotMatter() {
        List<RouteSettings> others = List.of(new RouteSettings("/x/{study}", List.of("POST"), "study:import"));
        Access access = new Access(RouteTable.of(DicomWebRoots.DEFAULTS, others), TwoTenants.TENANTS, clinic);
        Principal north = TwoTenants.north("technologist");
        String souths = STUDY.replaceFirst("1", "2");
        assertThat(access.decide(north, HttpMethod.POST, "/x/" + STUDY, List.of()))
                .isInstanceOf(Decision.Allow.class);
        assertThat(access.decide(north, HttpMethod.POST, "/x/" + souths, List.of()))
                .isEqualTo(new Decision.Deny(Reason.NOT_THEIRS));
        assertThat(access.decide(north, HttpMethod.POST, "/dicom-web/studies/2.1", List.of()))
                .isInstanceOf(Decision.Filter.class);
    }

    private static Access access(List<RouteSettings> others, Owners always) {
        return new Access(RouteTable.of(DicomWebRoots.DEFAULTS, others), TwoTenants.TENANTS, new Ownership() {
            @Override
            public Owners owners(Resource resource) {
                return always;
            }

            @Override
            public Optional<Resource> find(String id) {
                return Optional.empty();
            }

            @Override
            public Optional<String> starter(Resource resource) {
                return Optional.empty();
            }
        });
    }
}
