package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.TenantIds;

/** Each tenant has keys of its own, and whose key a study has tells whose it is. */
class TenantKeysTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-26T00:00:00Z"), ZoneOffset.UTC);
    private static final UUID INSTALLATION = UUID.fromString("6e0c6c9c-6d1c-4a66-8d4c-0a5d9a5b0f11");
    private static final byte[] PATIENT = bytes("P1");
    private static final byte[] STUDY = bytes("1.2.3");

    @TempDir
    Path folder;

    private Home home;
    private KeySource source;

    @BeforeEach
    void makeHome() throws Exception {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        byte[] root = new byte[32];
        root[0] = 1;
        source = new KeyFile(Files.write(folder.resolve("key"), root));
        Keyring.create(home, source, INSTALLATION, CLOCK).close();
    }

    @Test
    void eachKeyIsRecordedOnceAndRatherTwiceThanNever() throws Exception {
        List<AuditEvent> events = new ArrayList<>();
        try (Keyring keyring = open("north")) {
            assertThatThrownBy(() -> TenantKeysTold.tell(home, keyring.tenantKeys(), event -> {
                        events.add(event);
                        throw new IllegalStateException("killed");
                    }))
                    .hasMessage("killed");
            events.clear();
            TenantKeysTold.tell(home, keyring.tenantKeys(), events::add);
            TenantKeysTold.tell(home, keyring.tenantKeys(), events::add);
            assertThat(events)
                    .extracting(event -> event.type() + " " + event.tenant().orElseThrow())
                    .containsExactlyInAnyOrder("KEY clinic", "KEY north");
        }
        try (Keyring keyring = open("north", "south")) {
            TenantKeysTold.tell(home, keyring.tenantKeys(), events::add);
            assertThat(events).hasSize(3);
            assertThat(events.get(2).details())
                    .containsEntry(
                            "tenantKey",
                            keyring.tenantNamed("south").orElseThrow().toString())
                    .containsEntry("epoch", "1");
        }
    }

    @Test
    void oneStudyOfTwoTenantsHasTwoKeysThatAllComeBack() throws Exception {
        StudyKey north;
        StudyKey south;
        try (Keyring keyring = open("north", "south")) {
            north = keyring.studyKey("north", PATIENT, STUDY);
            south = keyring.studyKey("south", PATIENT, STUDY);
            assertThat(north.tenant()).isNotEqualTo(south.tenant());
            assertThat(north.key()).isNotEqualTo(south.key());
            assertThat(keyring.seriesTag(north, bytes("1"))).isNotEqualTo(keyring.seriesTag(south, bytes("1")));
        }
        try (Keyring keyring = open("north", "south")) {
            assertThat(keyring.studyKey("north", PATIENT, STUDY)).isEqualTo(north);
            assertThat(keyring.studyKey("south", PATIENT, STUDY)).isEqualTo(south);
            assertThat(keyring.findStudyKey("clinic", PATIENT, STUDY)).isEmpty();
            assertThat(keyring.names().ofStudy("1.2.3")).containsExactly(north.id(), south.id());
        }
        assertThat(tenantRecords()).hasSize(3); // clinic's as well, and none twice
    }

    /** Also by the commands, which do not know what the settings say of tenants. */
    @Test
    void whoKnowsNoTenantsOpensEverything() throws Exception {
        StudyKey north;
        try (Keyring keyring = open("north")) {
            north = keyring.studyKey("north", PATIENT, STUDY);
        }
        try (Keyring keyring = Keyring.read(home, source, CLOCK)) {
            assertThat(keyring.keyOf(north.id())).isEqualTo(north.key());
            assertThat(keyring.findStudyKey(PATIENT, STUDY)).contains(north.id());
        }
        try (Keyring keyring = open()) {
            assertThat(keyring.studyKey(PATIENT, STUDY)).isEqualTo(north);
            assertThat(keyring.studyKey(PATIENT, bytes("4")).tenant()).isNotEqualTo(north.tenant());
        }
    }

    @Test
    void everyStudyIsToldWithItsTenantTheOldestFirst() throws Exception {
        List<String> told = new ArrayList<>();
        try (Keyring keyring = open("north", "south")) {
            keyring.studyKey("south", PATIENT, STUDY);
            keyring.attachmentKey("south");
            keyring.studyKey("north", PATIENT, STUDY);
            keyring.studyKey(PATIENT, bytes("4"));
            keyring.retire(keyring.studyKey("north", PATIENT, STUDY).id());
            keyring.names()
                    .all((key, tenant, open, patient, study) ->
                            told.add(tenant + (open ? " " : " closed ") + new String(patient, StandardCharsets.US_ASCII)
                                    + " " + new String(study, StandardCharsets.US_ASCII)));
        }
        assertThat(told).containsExactly("south P1 1.2.3", "north closed P1 1.2.3", "clinic P1 4");
    }

    @Test
    void aBundleHoldsAllTenantsAndOneThatIsNotKnownIsStale() throws Exception {
        byte[] before = onlyTenantRecord();
        KeyBundle bundle;
        try (Keyring keyring = open("north")) {
            keyring.studyKey("north", PATIENT, STUDY);
            List<KeyRecord> records = new ArrayList<>();
            for (Path file : tenantRecords()) {
                records.add(KeyRecord.decode(Files.readAllBytes(file)));
            }
            Path segment = home.keyring().resolve("records/00000001.strk");
            records.addAll(KeySegment.decode(Files.readAllBytes(segment)).records());
            bundle = new KeyBundle(INSTALLATION, records);
            keyring.bundles().check(bundle);
        }
        for (Path file : tenantRecords()) {
            if (!Arrays.equals(Files.readAllBytes(file), before)) {
                Files.delete(file);
            }
        }
        try (Keyring keyring = open()) {
            assertFails(FailureKind.STALE, () -> keyring.bundles().check(bundle));
        }
    }

    @Test
    void aDamagedTenantIsNotTakenForAnotherRootKey() throws Exception {
        byte[] clinic = onlyTenantRecord();
        open("north").close();
        for (Path file : tenantRecords()) {
            byte[] content = Files.readAllBytes(file);
            if (!Arrays.equals(content, clinic)) {
                content[100] ^= 1; // in the wrap by the root key
                Files.write(file, content);
                assertThatThrownBy(this::open)
                        .isInstanceOf(StrongroomException.class)
                        .hasMessageContaining(file.toString());
                Files.delete(file);
            }
        }
        open().close();
    }

    @Test
    void whoHasNoKeysIsToldWhichTenantIsWhich() throws Exception {
        try (Keyring keyring = open("north")) {
            TenantIds told = TenantIds.read(home.tenantIds()).orElseThrow();
            assertThat(told.names())
                    .hasSize(2)
                    .containsValue("clinic")
                    .containsEntry(keyring.tenantNamed("north").orElseThrow(), "north");
        }
        open("north", "south").close();
        assertThat(TenantIds.read(home.tenantIds()).orElseThrow().names()).containsValue("south");
    }

    @Test
    void whoOnlyReadsTheKeysWritesNothing() throws Exception {
        open("north").close();
        Files.delete(home.tenantIds());
        Keyring.read(home, source, CLOCK).close();
        assertThat(home.tenantIds()).as("it may be another user").doesNotExist();
        open().close();
        assertThat(TenantIds.read(home.tenantIds()).orElseThrow().names())
                .hasSize(2)
                .containsValues("clinic", "north");
    }

    @Test
    void aTenantsFileThatCannotBeReadIsWrittenAnew() throws Exception {
        open("north").close();
        Files.delete(home.tenantIds());
        Files.createSymbolicLink(home.tenantIds(), Path.of("/proc/self/mem")); // whose beginning not even root reads
        open("north").close();
        assertThat(TenantIds.read(home.tenantIds()).orElseThrow().names())
                .hasSize(2)
                .containsValues("clinic", "north");
    }

    private Keyring open(String... tenants) throws Exception {
        return Keyring.open(home, source, Set.of(tenants), CLOCK);
    }

    private byte[] onlyTenantRecord() throws Exception {
        assertThat(tenantRecords()).hasSize(1);
        return Files.readAllBytes(tenantRecords().get(0));
    }

    private List<Path> tenantRecords() throws Exception {
        try (Stream<Path> files = Files.list(home.keyring().resolve("tenants"))) {
            return files.sorted().toList();
        }
    }

    private static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
