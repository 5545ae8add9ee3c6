package org.strongroom.plugin.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.Identity;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.ArrivalContext.Origin;

class ArrivalsTest {
    private static final String TENANTS =
            """
            {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"},
              "Tenants": {
                "north": {"Sources": {"AETs": ["NORTH_CT"], "Users": ["both-for-north"],
                  "Addresses": ["10.1.0.0/16", "10.9.0.0/16"], "Tags": ["InstitutionName=North*", "StationName=X"]}},
                "south": {"Sources": {"AETs": ["SOUTH_CT", "Low_mr"],
                  "Addresses": ["10.2.0.7", "10.9.1.0/24"], "Tags": ["InstitutionName=South*"]}}},
              "Access": {"UnknownSources": "%s", "Users": {
                "both-for-north": {"Tenants": ["south", "north"], "Roles": ["technologist"]}}}}}
            """;

    private static final String MODALITIES =
            """
            {"n": {"AET": "FAR_CT", "Host": "10.1.4.4"}, "s": {"AET": "s_ct", "Host": "10.2.0.7"},
             "b": {"AET": "BOTH_CT", "Host": "10.9.1.1"}, "d": {"AET": "NAMED_CT", "Host": "ct.south.example"},
             "o": {"AET": "SOUTH_CT", "Host": "10.1.4.5"}, "e": {"AET": "ELSE_CT", "Host": "10.3.0.1"}}
            """;

    private final List<AuditEvent> events = new ArrayList<>();
    private final StudyTenants studies = new StudyTenants();
    private final Settings settings = Settings.parse(TENANTS.formatted("quarantine"));
    /** Whose the next study of any patient is that a job makes. */
    private final AtomicReference<Optional<String>> expected = new AtomicReference<>(Optional.empty());

    private final Arrivals arrivals = arrivals(settings);

    @ParameterizedTest
    @CsvSource({
        "DICOM, NORTH_CT, '', north",
        "DICOM, SOUTH_CT, '', south",
        "DICOM, NOBODYS_CT, '', quarantine",
        "DICOM, north_ct, '', north",
        "REST, '', 'south jane', south",
        "PLUGIN, '', 'south jane', south",
        "REST, '', 'south jane 10.0.0.7', south",
        "REST, '', ' jane', quarantine",
        "REST, '', ' ', quarantine",
        "REST, '', 'nobodys jane', quarantine",
        "REST, '', 'south', quarantine",
        "REST, '', '', quarantine",
        "UNKNOWN, '', '', quarantine",
        "WEBDAV, '', '', quarantine",
        "LUA, '', '', quarantine",
    })
    void whatNobodyHasIsTheSenders(Origin origin, String aet, String token, String tenant) throws Exception {
        assertThat(tenantOf(arrivals, new ArrivalContext(origin, aet, token), identity()))
                .isEqualTo(tenant);
    }

    /** A job works on what is there; everybody else has said who they are, or is not known. */
    @ParameterizedTest
    @CsvSource({
        "REST, '', '', north",
        "PLUGIN, '', '', north",
        "UNKNOWN, '', '', north",
        "REST, '', 'north jane', north",
        "REST, '', 'south jane', quarantine",
        "REST, '', ' jane', quarantine",
        "DICOM, NORTH_CT, '', north",
        "DICOM, SOUTH_CT, '', quarantine",
        "DICOM, NOBODYS_CT, '', quarantine",
        "WEBDAV, '', '', quarantine",
        "LUA, '', '', quarantine",
    })
    void whatGoesIntoNorthsStudyIsNorthsOrInQuarantine(Origin origin, String aet, String token, String tenant)
            throws Exception {
        tenantOf(arrivals, new ArrivalContext(Origin.DICOM, "NORTH_CT", ""), identity());
        assertThat(tenantOf(arrivals, new ArrivalContext(origin, aet, token), identity()))
                .isEqualTo(tenant);
    }

    /** As a stray it would be taken out of its owner's study, and the image that was there with it. */
    @ParameterizedTest
    @ValueSource(strings = {" admin", "south jane"})
    void whatOrthancWritesAnewForAnotherIsRefused(String token) throws Exception {
        Optional<Identity> study = identity();
        tenantOf(arrivals, new ArrivalContext(Origin.DICOM, "NORTH_CT", ""), study);
        assertThatThrownBy(() -> tenantOf(arrivals, new ArrivalContext(Origin.UNKNOWN, "", token), study))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        assertThat(tenantOf(arrivals, new ArrivalContext(Origin.UNKNOWN, "", "north joe"), study))
                .isEqualTo("north");
    }

    /** Orthanc takes no image without a study: it reads one that Strongroom does not, perhaps another tenant's. */
    @Test
    void whatNamesNoStudyIsInQuarantineWhoeverSendsIt() {
        ArrivalContext north = new ArrivalContext(Origin.DICOM, "NORTH_CT", "");
        assertThat(tenantOf(arrivals, north, Optional.empty())).isEqualTo("quarantine");
        assertThat(tenantOf(arrivals, ArrivalContext.UNKNOWN, Optional.empty())).isEqualTo("quarantine");
        assertThat(events).hasSize(2);
        Arrivals strict = arrivals(Settings.parse(TENANTS.formatted("refuse")));
        assertThat(tenantOf(strict, north, Optional.empty()))
                .as("of a known sender nothing is refused")
                .isEqualTo("quarantine");
    }

    /** From wherever they come: there are more addresses than people. */
    @Test
    void somebodyWithoutATenantIsOneAlert() throws Exception {
        for (String address : List.of("10.0.0.7", "10.0.0.8")) {
            String token = new Sender("", "jane doe", address).token();
            tenantOf(arrivals, new ArrivalContext(Origin.REST, "", token), identity());
        }
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.principal()).contains("jane doe");
            assertThat(event.address()).contains("10.0.0.7");
        });
    }

    @ParameterizedTest
    @CsvSource({"north, jane, 10.0.0.7", "north, jane, ''", "'', '', ::1", "'', '', ''", "north, jane doe, ''"})
    void aSenderIsReadAsItWasWritten(String tenant, String user, String address) {
        Sender sender = new Sender(tenant, user, address);
        assertThat(Sender.parse(sender.token())).contains(sender);
    }

    @Test
    void anUnknownSourceIsOneAlert() throws Exception {
        ArrivalContext unknown = new ArrivalContext(Origin.DICOM, "NOBODYS_CT", "");
        tenantOf(arrivals, unknown, identity());
        tenantOf(arrivals, unknown, identity());
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.ALERT);
            assertThat(event.tenant()).contains("quarantine");
            assertThat(event.aet()).contains("NOBODYS_CT");
        });
        tenantOf(arrivals, new ArrivalContext(Origin.DICOM, "OTHER_CT", ""), identity());
        assertThat(events).hasSize(2);
    }

    @Test
    void anUnknownSourceIsRefusedIfTheSettingsSaySo() throws Exception {
        Arrivals strict = arrivals(Settings.parse(TENANTS.formatted("refuse")));
        Optional<Identity> study = identity();
        assertThatThrownBy(() -> tenantOf(strict, new ArrivalContext(Origin.DICOM, "NOBODYS_CT", ""), study))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        assertThat(tenantOf(strict, new ArrivalContext(Origin.DICOM, "SOUTH_CT", ""), study))
                .isEqualTo("south");
        // Of a known sender nothing is refused: its second sending might never come.
        assertThat(tenantOf(strict, new ArrivalContext(Origin.DICOM, "NORTH_CT", ""), study))
                .isEqualTo("quarantine");
    }

    @ParameterizedTest
    @CsvSource({"'', clinic", "\"north\": {}, north", "\"north\": {\"Sources\": {\"AETs\": [\"CT\"]}}, north"})
    void whereThereIsOneTenantEverythingIsTheirs(String tenants, String tenant) throws Exception {
        Settings one = Settings.parse(
                "{\"Strongroom\": {\"Home\": \"/h\", \"RootKey\": {\"KeyFile\": \"/c\"}, \"Tenants\": {%s}, \"Access\": {\"Users\": {\"jane\": {\"Tenants\": [\"%s\"]}}}}}"
                        .formatted(tenants, tenant));
        Arrivals clinic = arrivals(one);
        assertThat(tenantOf(clinic, new ArrivalContext(Origin.DICOM, "ANY", ""), identity()))
                .isEqualTo(tenant);
        assertThat(tenantOf(clinic, ArrivalContext.UNKNOWN, identity())).isEqualTo(tenant);
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jane, technologist, north south, north",
        "jane, technologist, south north, south",
        "both-for-north, technologist, south north, north",
        "both-for-north, technologist, south, south",
        "jane, billing, north, ''",
        "jane, technologist, '', ''",
    })
    void anUploadIsTheFirstOfTheUsersTenantsOrTheOneThatTheSettingsSay(
            String name, String role, String tenants, String expected) {
        Principal principal = Roles.of(settings.access())
                .principal(
                        name,
                        tenants.isEmpty() ? List.of() : List.of(tenants.split(" ", -1)),
                        List.of(role),
                        List.of());
        assertThat(arrivals.tenantOf(principal).orElse("")).isEqualTo(expected);
        String token =
                Sender.of(principal, arrivals.tenantOf(principal), "10.0.0.7").token();
        assertThat(Sender.parse(token)).contains(new Sender(expected, name, "10.0.0.7"));
    }

    /** A title goes before an address, an address before what the image says; what fits two is nobody's. */
    @ParameterizedTest
    @CsvSource({
        "FAR_CT, '', '', north",
        "FAR_CT, South Hospital, '', north",
        "far_ct, '', '', north",
        "S_CT, '', '', south",
        "SOUTH_CT, North, '', south",
        "south_ct, North, '', south",
        "LOW_MR, North, '', south",
        "BOTH_CT, North, '', quarantine",
        "NAMED_CT, '', '', quarantine",
        "NAMED_CT, south hospital, '', south",
        "ELSE_CT, North Hospital, '', north",
        "ELSE_CT, The North, X, north",
        "ELSE_CT, South, X, quarantine",
        "ELSE_CT, '', '', quarantine",
        "NOBODYS_CT, North, '', north",
    })
    void whereNoTitleDecidesAddressAndTagsDo(String aet, String institution, String station, String tenant)
            throws Exception {
        Map<String, String> tags = Map.of("InstitutionName", institution, "StationName", station);
        assertThat(arrivals.tenantOf(
                        UUID.randomUUID(), new ArrivalContext(Origin.DICOM, aet, ""), identity(), Set::of, tags::get))
                .isEqualTo(tenant);
    }

    /** Its studies stay what they were: what Orthanc's jobs write anew of them must not be taken for somebody's who sends into them. */
    @Test
    void whereOneTenantIsLeftWhatWasAnothersStaysTheirs() throws Exception {
        Arrivals ofOne = arrivals(
                Settings.parse(
                        """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"},
                  "Tenants": {"north": {"Sources": {"AETs": ["NORTH_CT"]}}}}}"""));
        ArrivalContext job = new ArrivalContext(Origin.REST, "", "");
        ArrivalContext anybody = new ArrivalContext(Origin.DICOM, "NOBODYS_CT", "");
        assertThat(tenantOf(ofOne, job, Optional.empty())).isEqualTo("north");
        tenantOf(arrivals, new ArrivalContext(Origin.DICOM, "SOUTH_CT", ""), identity());
        assertThat(tenantOf(ofOne, job, identity())).isEqualTo("south");
        assertThat(tenantOf(ofOne, anybody, identity())).isEqualTo("quarantine");
        byte[] own = SyntheticDicom.ct().patient("P1").study("1.2.4").toBytes();
        assertThat(tenantOf(ofOne, anybody, DicomHeader.read(ByteSource.of(own)).flatMap(DicomHeader::identity)))
                .isEqualTo("north");
    }

    /** Whoever uploads has said who they are. */
    @Test
    void tagsAreOnlyAskedOfWhatAModalitySends() throws Exception {
        assertThat(arrivals.tenantOf(
                        UUID.randomUUID(),
                        new ArrivalContext(Origin.REST, "", " jane"),
                        identity(),
                        Set::of,
                        keyword -> "North"))
                .isEqualTo("quarantine");
    }

    private Arrivals arrivals(Settings settings) {
        try {
            return new Arrivals(
                    settings,
                    Sources.of(settings.tenants(), new ObjectMapper().readTree(MODALITIES)),
                    studies,
                    patients -> expected.get(),
                    events::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tenantOf(Arrivals arrivals, ArrivalContext source, Optional<Identity> study) {
        return arrivals.tenantOf(UUID.randomUUID(), source, study, Set::of, keyword -> "");
    }

    private static Optional<Identity> identity() throws IOException {
        return DicomHeader.read(ByteSource.of(image())).flatMap(DicomHeader::identity);
    }

    private static byte[] image() {
        return SyntheticDicom.ct().patient("P1").study("1.2.3").toBytes();
    }

    @ParameterizedTest
    @CsvSource({"REST, north", "PLUGIN, north", "WEBDAV, quarantine", "LUA, quarantine"})
    void aNewStudyOfAJobIsTheTenantsWhoseJobItIs(Origin origin, String tenant) throws Exception {
        expected.set(Optional.of("north"));
        assertThat(tenantOf(arrivals, new ArrivalContext(origin, "", ""), identity()))
                .isEqualTo(tenant);
    }

    @Test
    void whatAJobPutsIntoAStudyThatIsThereIsItsOwners() throws Exception {
        expected.set(Optional.of("north"));
        tenantOf(arrivals, new ArrivalContext(Origin.DICOM, "SOUTH_CT", ""), identity());
        assertThat(tenantOf(arrivals, new ArrivalContext(Origin.REST, "", ""), identity()))
                .isEqualTo("south");
    }
}
