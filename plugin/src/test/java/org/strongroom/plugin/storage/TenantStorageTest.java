package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.assign.AssignmentText;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.ArrivalContext.Origin;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Sources;
import org.strongroom.plugin.tenancy.StrayKeys;
import org.strongroom.plugin.tenancy.StrayRemoval;
import org.strongroom.plugin.tenancy.StudyTenants;

/** Under whose key an arrival is sealed, and what is recorded of it. */
class TenantStorageTest {
    private static final ArrivalContext NORTH = new ArrivalContext(Origin.DICOM, "NORTH_CT", "");
    private static final ArrivalContext SOUTH = new ArrivalContext(Origin.DICOM, "SOUTH_CT", "");
    private static final ArrivalContext NOBODY = new ArrivalContext(Origin.DICOM, "NOBODYS_CT", "");
    private static final byte[] PATIENT = "P1".getBytes(StandardCharsets.US_ASCII);

    /** An Orthanc that has nothing. */
    private static final OrthancApi EMPTY = new OrthancApi() {
        @Override
        public byte[] get(String uri) {
            if (uri.equals("/system")) {
                return "{}".getBytes(StandardCharsets.US_ASCII);
            }
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
        }

        @Override
        public byte[] post(String uri, byte[] body) {
            return get(uri);
        }

        @Override
        public void put(String uri, byte[] body) {
            throw new AssertionError("nothing is written here");
        }

        @Override
        public void delete(String uri) {
            get(uri);
        }
    };

    /** An Orthanc that has one instance, and nothing above it. */
    private static final class Indexed implements OrthancApi {
        static final String INSTANCE = "0a0a0a0a-0a0a0a0a-0a0a0a0a-0a0a0a0a-0a0a0a0a";

        final List<String> deleted = new CopyOnWriteArrayList<>();
        private final UUID attachment;

        Indexed(UUID attachment) {
            this.attachment = attachment;
        }

        @Override
        public byte[] get(String uri) {
            return uri.equals("/instances/" + INSTANCE + "/attachments/dicom/info")
                    ? ("{\"Uuid\": \"" + attachment + "\"}").getBytes(StandardCharsets.US_ASCII)
                    : EMPTY.get(uri);
        }

        @Override
        public byte[] post(String uri, byte[] body) {
            return EMPTY.post(uri, body);
        }

        @Override
        public void put(String uri, byte[] body) {
            throw new AssertionError("nothing is written here");
        }

        @Override
        public void delete(String uri) {
            deleted.add(uri);
        }
    }

    private final List<UUID> kept = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private StorageFixture open;
    private StudyTenants studies;
    private Arrivals arrivals;

    private final class StorageKeys implements StrayKeys {
        @Override
        public Optional<String> tenant(UUID attachment) throws IOException {
            return open.storage.plainReads().tenantOf(attachment);
        }

        @Override
        public void keep(UUID attachment) throws IOException {
            kept.add(open.storage.plainReads().keyOf(attachment).orElseThrow());
        }

        @Override
        public void close(byte[] patientId, byte[] studyInstanceUid) {}
    }

    @BeforeEach
    void open() throws IOException {
        open("quarantine");
    }

    private void open(String unknown) throws IOException {
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Access": {"UnknownSources": "%s"}, "Tenants": {
                  "north": {"Sources": {"AETs": ["NORTH_CT"], "Tags": ["InstitutionName=North*"]}},
                  "south": {"Sources": {"AETs": ["SOUTH_CT"]}}}}}"""
                        .formatted(unknown));
        open = new StorageFixture(folder, AccessControl.tenants(settings), fixture -> {
            studies = StudyTenants.of(fixture.keyring);
            arrivals = new Arrivals(
                    settings,
                    Sources.of(settings.tenants(), new ObjectMapper().createObjectNode()),
                    studies,
                    patients -> Optional.empty(),
                    fixture.audit::record);
            return Optional.of(arrivals);
        });
    }

    private void openOne(String tenant) throws IOException {
        open.close();
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Tenants": {"%s": {"Sources": {"AETs": ["CT"]}}}}}"""
                        .formatted(tenant));
        open = new StorageFixture(folder, AccessControl.tenants(settings), fixture -> {
            fixture.keyring.owners().areAll(tenant);
            studies = StudyTenants.of(fixture.keyring);
            arrivals = new Arrivals(
                    settings,
                    Sources.of(settings.tenants(), new ObjectMapper().createObjectNode()),
                    studies,
                    patients -> Optional.empty(),
                    fixture.audit::record);
            return Optional.of(arrivals);
        });
    }

    /** A second key would make the study two tenants' as soon as there are several. */
    @Test
    void aStudyGoesOnWithItsKeyWhereTheOneTenantGotAnotherName() throws Exception {
        openOne("clinic");
        UUID first = store(NOBODY, "1.9");
        openOne("praxis");
        UUID second = store(NOBODY, "1.9");
        assertThat(key("praxis", "1.9")).isEmpty();
        assertThat(open.storage.plainReads().keyOf(second)).isEqualTo(key("clinic", "1.9"));
        assertThat(open.storage.plainReads().keyOf(first)).isEqualTo(key("clinic", "1.9"));
        assertThat(arrival(second).tenant()).contains("praxis");
        store(NOBODY, "1.10");
        assertThat(key("praxis", "1.10")).isPresent();
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    @Test
    void eachTenantsStudyHasItsKeyAndSaysSoInTheLog() throws Exception {
        UUID north = store(NORTH, "1.1");
        UUID south = store(SOUTH, "1.2");
        assertThat(key("north", "1.1")).isPresent();
        assertThat(key("south", "1.1")).isEmpty();
        assertThat(key("south", "1.2")).isPresent();
        assertThat(arrival(north).tenant()).contains("north");
        assertThat(arrival(north).details())
                .containsEntry("key", key("north", "1.1").orElseThrow().toString());
        assertThat(arrival(south).tenant()).contains("south");
        assertThat(open.storage.plainReads().plain(north, 1 << 20).size())
                .isEqualTo(image("1.1").size());
    }

    @Test
    void ofAModalityOfNoTenantTheImageTells() throws Exception {
        UUID uuid = UUID.randomUUID();
        byte[] image = SyntheticDicom.ct()
                .patient("P1")
                .study("1.7")
                .institution("North Hospital".getBytes(StandardCharsets.US_ASCII))
                .toBytes();
        open.storage.create(new Attachment(uuid, Attachment.DICOM), NOBODY, ByteSource.of(image), () -> true);
        assertThat(arrival(uuid).tenant()).contains("north");
        assertThat(key("north", "1.7")).isPresent();
        assertThat(events(AuditType.ALERT)).isEmpty();
    }

    @Test
    void whatNobodySendsOrSouthIntoNorthsStudyIsInQuarantineAndReadable() throws Exception {
        store(NORTH, "1.1");
        UUID into = store(SOUTH, "1.1");
        UUID unknown = store(NOBODY, "1.3");
        assertThat(key("quarantine", "1.1")).isPresent();
        assertThat(key("quarantine", "1.3")).isPresent();
        assertThat(key("south", "1.1")).isEmpty();
        assertThat(arrival(into).tenant()).contains("quarantine");
        assertThat(open.storage.plainReads().plain(into, 1 << 20).size()).isPositive();
        assertThat(open.storage.plainReads().plain(unknown, 1 << 20).size()).isPositive();
        assertThat(events(AuditType.ALERT)).hasSize(2);
    }

    /** The sender was not known; what it sends on is nobody's again until the settings name it. */
    @Test
    void whatIsGivenToNorthWhileMoreOfItArrivesIsNorthsAndReadable() throws Exception {
        UUID first = store(NOBODY, "1.3");
        UUID key = key("quarantine", "1.3").orElseThrow();
        Assignments assignments = new Assignments(open.keyring);
        AssignmentText text = new AssignmentText("Dr. Roe", "new CT", "quarantine", "north");
        UUID second = UUID.randomUUID();
        open.storage.create(new Attachment(second, Attachment.DICOM), NOBODY, image("1.3"), () -> {
            try {
                assignments.carryOut(
                        Assignments.order(open.keyring, text, List.of(key)),
                        Set.of("north", "south"),
                        studies,
                        open.journal,
                        open.holds,
                        open.audit);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        });
        for (UUID given : List.of(first, second)) {
            assertThat(open.storage.plainReads().tenantOf(given)).contains("north");
            assertThat(open.storage.plainReads().plain(given, 1 << 20).size())
                    .isEqualTo(image("1.3").size());
        }
        UUID third = store(NORTH, "1.3");
        assertThat(open.storage.plainReads().keyOf(third)).isEqualTo(key("north", "1.3"));
        assertThat(studies.ofStudy(OrthancId.ofStudy(PATIENT, "1.3".getBytes(StandardCharsets.US_ASCII))
                        .iterator()
                        .next()))
                .containsExactly("north");
        UUID stray = store(NOBODY, "1.3");
        assertThat(open.storage.plainReads().tenantOf(stray)).contains("quarantine");
        assertThat(open.storage.plainReads().keyOf(stray)).isNotEqualTo(Optional.of(key));
        assertThat(events(AuditType.ASSIGNMENT)).singleElement().satisfies(event -> assertThat(event.details())
                .containsEntry("from", "quarantine")
                .containsEntry("key", key.toString()));
    }

    /** Orthanc has what it was given until it says that it has not: only then may north's users see their study. */
    @Test
    void whatOrthancRemovedOrNeverHadIsNoLongerInTheWay() throws Exception {
        store(NORTH, "1.1");
        UUID into = store(SOUTH, "1.1");
        try (StrayRemoval removal = arrivals.removeStrays(EMPTY, new StorageKeys())) {
            assertThat(removal).isNotNull();
            assertThat(owners()).containsExactly("north", "quarantine");
            open.storage.remove(new Attachment(into, Attachment.DICOM));
            awaitNorths();
            Attachment refused = new Attachment(UUID.randomUUID(), Attachment.DICOM);
            assertThatThrownBy(() -> open.storage.create(refused, SOUTH, image("1.1"), () -> {
                        assertThat(owners()).containsExactly("north", "quarantine");
                        return false;
                    }))
                    .isInstanceOf(StrongroomException.class);
            awaitNorths();
        }
    }

    /** Orthanc's name for an instance says whose it takes it for; the attachment's key, whose it is sealed for. */
    @Test
    void whatOrthancReadsInAnotherWayThanItWasSealedIsTakenOutAndKept() throws Exception {
        UUID same = store(NORTH, "1.1");
        UUID other = store(NORTH, "1.2");
        UUID again = store(ArrivalContext.UNKNOWN, "1.2");
        Indexed orthanc = new Indexed(other);
        try (StrayRemoval removal = arrivals.removeStrays(orthanc, new StorageKeys())) {
            assertThat(removal).isNotNull();
            String name = OrthancId.ofInstance(DicomHeader.read(image("1.1")).orElseThrow())
                    .iterator()
                    .next();
            open.storage.stored(new Attachment(same, Attachment.DICOM), name);
            open.storage.stored(new Attachment(again, Attachment.DICOM), Indexed.INSTANCE);
            open.storage.stored(new Attachment(other, Attachment.DICOM), Indexed.INSTANCE);
            await().atMost(Duration.ofMinutes(1)).until(() -> !orthanc.deleted.isEmpty());
        }
        assertThat(orthanc.deleted).containsExactly("/instances/" + Indexed.INSTANCE);
        assertThat(kept).containsExactly(key("north", "1.2").orElseThrow());
    }

    @Test
    void whatNamesNoStudyIsQuarantinesWhoeverSendsIt() throws Exception {
        UUID unread = UUID.randomUUID();
        open.storage.create(
                new Attachment(unread, Attachment.DICOM), NORTH, ByteSource.of(new byte[] {1, 2, 3}), () -> true);
        assertThat(open.storage.plainReads().tenantOf(unread)).contains("quarantine");
        Indexed orthanc = new Indexed(unread);
        try (StrayRemoval removal = arrivals.removeStrays(orthanc, new StorageKeys())) {
            assertThat(removal).isNotNull();
            open.storage.stored(new Attachment(unread, Attachment.DICOM), Indexed.INSTANCE);
            await().atMost(Duration.ofMinutes(1)).until(() -> !orthanc.deleted.isEmpty());
        }
    }

    private List<String> owners() {
        byte[] study = "1.1".getBytes(StandardCharsets.US_ASCII);
        return studies.ofStudy(OrthancId.ofStudy(PATIENT, study).iterator().next());
    }

    private void awaitNorths() {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(owners()).containsExactly("north"));
    }

    @Test
    void whoseAnAttachmentIsSaysItsKey() throws Exception {
        UUID north = store(NORTH, "1.1");
        UUID into = store(SOUTH, "1.1");
        assertThat(open.storage.plainReads().tenantOf(north)).contains("north");
        assertThat(open.storage.plainReads().tenantOf(into)).contains("quarantine");
        Path clear = open.orthanc.resolve(north.toString().substring(0, 2));
        UUID old = new UUID(north.getMostSignificantBits(), 0);
        Files.createDirectories(clear.resolve(north.toString().substring(2, 4)));
        Files.writeString(clear.resolve(north.toString().substring(2, 4)).resolve(old.toString()), "in clear");
        assertThat(open.storage.plainReads().tenantOf(old)).isEmpty();
        assertThatThrownBy(() -> open.storage.plainReads().tenantOf(UUID.randomUUID()))
                .isInstanceOf(StrongroomException.class);
    }

    @Test
    void anUnknownSourceThatIsRefusedLeavesNothing() throws Exception {
        open.close();
        open("refuse");
        UUID uuid = UUID.randomUUID();
        assertThatThrownBy(() -> create(uuid, NOBODY, "1.1"))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        assertThat(open.home.spooled(uuid)).doesNotExist();
        assertThat(key("quarantine", "1.1")).isEmpty();
        PendingReader pending = new PendingReader(open.home.pendingAudit());
        AuditEvent event = null;
        for (Optional<Pending> next = pending.next(); next.isPresent(); next = pending.next()) {
            event = next.get().entry().orElseThrow().event();
        }
        assertThat(event.type()).isEqualTo(AuditType.ARRIVAL);
        assertThat(event.outcome()).isEqualTo(AuditOutcome.REFUSED);
        assertThat(event.aet()).contains(NOBODY.remoteAet());
        assertThat(event.details()).containsEntry("attachment", uuid.toString());
    }

    /** Orthanc does not say of which study it is; who made it alone does not hold the key of everybody's. */
    @Test
    void whatAUserAttachesIsSealedUnderAKeyOfTheUsersTenant() throws Exception {
        for (String tenant : List.of("north", "south")) {
            UUID attached = attach(new ArrivalContext(Origin.UNKNOWN, "", tenant + " jane"));
            assertThat(open.storage.plainReads().tenantOf(attached)).contains(tenant);
        }
        for (String nobodys : List.of("", " jane", "elsewhere jane")) {
            UUID attached = attach(new ArrivalContext(Origin.UNKNOWN, "", nobodys));
            assertThat(open.storage.plainReads().tenantOf(attached)).contains("clinic"); // the first there was
        }
    }

    private UUID attach(ArrivalContext source) {
        UUID uuid = UUID.randomUUID();
        open.storage.create(new Attachment(uuid, 4711), source, ByteSource.of(new byte[] {1, 2, 3}), () -> true);
        return uuid;
    }

    private UUID store(ArrivalContext source, String study) {
        UUID uuid = UUID.randomUUID();
        create(uuid, source, study);
        return uuid;
    }

    private void create(UUID uuid, ArrivalContext source, String study) {
        open.storage.create(new Attachment(uuid, Attachment.DICOM), source, image(study), () -> true);
    }

    private static ByteSource image(String study) {
        return ByteSource.of(SyntheticDicom.ct()
                .patient("P1")
                .study(study)
                .series(study + ".1")
                .toBytes());
    }

    private Optional<UUID> key(String tenant, String study) {
        return open.keyring.findStudyKey(tenant, PATIENT, study.getBytes(StandardCharsets.US_ASCII));
    }

    private AuditEvent arrival(UUID attachment) throws IOException {
        return events(AuditType.ARRIVAL).stream()
                .filter(event -> attachment.toString().equals(event.details().get("attachment")))
                .findFirst()
                .orElseThrow();
    }

    private List<AuditEvent> events(AuditType type) throws IOException {
        List<AuditEvent> events = new ArrayList<>();
        PendingReader reader = new PendingReader(open.home.pendingAudit());
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            next.get()
                    .entry()
                    .map(entry -> entry.event())
                    .filter(event -> event.type() == type)
                    .ifPresent(events::add);
        }
        return events;
    }
}
