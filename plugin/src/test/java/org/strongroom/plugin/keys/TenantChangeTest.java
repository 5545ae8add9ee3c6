package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;

class TenantChangeTest {
    private static final Set<String> TENANTS = Set.of("clinic", "north");
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private final UUID installation = UUID.randomUUID();
    private KeySource source;
    private UUID destroyed;

    @BeforeEach
    void source() throws IOException {
        source = keyFile("root");
    }

    private KeySource keyFile(String name) throws IOException {
        return new KeyFile(Files.write(
                folder.resolve(name), Key32.random(new SecureRandom()).toBytes()));
    }

    /** A Home with two tenants, of each a study and an attachment, of north a key that is destroyed as well, in two segments. */
    private Home home(String name) throws IOException {
        Home home = new Home(folder.resolve(name));
        home.createFolders();
        Keyring.create(home, source, installation, CLOCK).close();
        try (Keyring keyring = Keyring.open(home, source, TENANTS, CLOCK)) {
            keyring.studyKey("clinic", bytes("P clinic"), bytes("1.2.3"));
            keyring.studyKey("north", bytes("P north"), bytes("1.2.3"));
            destroyed =
                    keyring.studyKey("north", bytes("P gone"), bytes("1.2.4")).id();
            keyring.destroy(destroyed);
            keyring.attachmentKey("clinic");
            keyring.attachmentKey("north");
        }
        return home;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<UUID, Key32> keys(Home home) throws IOException {
        try (Keyring keyring = Keyring.read(home, source, CLOCK)) {
            return keys(home, keyring);
        }
    }

    private static Map<UUID, Key32> keys(Home home, Keyring keyring) throws IOException {
        Map<UUID, Key32> keys = new LinkedHashMap<>();
        for (KeyRecord record : records(home)) {
            UUID id = record.label().id();
            if (!keyring.isDestroyed(id)) {
                keys.put(id, keyring.keyOf(id));
            }
        }
        return keys;
    }

    private static List<KeyRecord> records(Home home) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        List<KeyRecord> records = new ArrayList<>();
        for (int number = 1; number <= files.segments(); number++) {
            records.addAll(records(home, number));
        }
        return records;
    }

    private static List<KeyRecord> records(Home home, int segment) throws IOException {
        return KeySegment.decode(Files.readAllBytes(new KeyringFiles(home).segment(segment)))
                .records();
    }

    private static List<KeyRecord> tenantRecords(Home home) throws IOException {
        List<KeyRecord> records = new ArrayList<>();
        for (Path file : files(home.keyring().resolve("tenants"))) {
            records.add(KeyRecord.decode(Files.readAllBytes(file)));
        }
        return records;
    }

    private KeyBundle bundle(Home home, int segment) throws IOException {
        List<KeyRecord> records = tenantRecords(home);
        records.addAll(records(home, segment));
        return new KeyBundle(installation, records);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Tenant tenant(Home home, String name) throws IOException {
        Key32 root = source.rootKey(RootParameters.read(home.rootParameters()));
        return KeyringOpening.tenants(known(home), new KeyringFiles(home), root).named(name);
    }

    private static Installation known(Home home) throws IOException {
        return Installation.read(home.installation()).orElseThrow();
    }

    private TenantChange.Plan change(Home home, String tenant) throws IOException {
        return change(home, tenant, RootChange.Steps.UNSEEN);
    }

    private TenantChange.Plan change(Home home, String tenant, RootChange.Steps steps) throws IOException {
        return new TenantChange(home, known(home), steps)
                .change(source, tenant, CLOCK, event -> {}, "a test", done -> {});
    }

    /** Records anywhere in the keyring that this key of a tenant opens, wherever in a file they begin. */
    private static int openedBy(Tenant tenant, Home home) throws IOException {
        int opened = 0;
        byte[] magic = bytes("STRK");
        for (Path file : files(home.keyring())) {
            byte[] content = Files.readAllBytes(file);
            for (int at = 0; at + 84 < content.length; at++) {
                if (!Arrays.equals(content, at, at + 4, magic, 0, 4)) {
                    continue;
                }
                int length = (content[at + 6] & 0xFF) << 8 | (content[at + 7] & 0xFF);
                try {
                    KeyRecord record = KeyRecord.decode(Arrays.copyOfRange(content, at, at + length));
                    tenant.open(record.label().wrapContext(), record.payload());
                    opened++;
                } catch (StrongroomException e) {
                    assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
                }
            }
        }
        return opened;
    }

    @Test
    void everyKeyIsThereAndTheOldTenantKeyOpensNothing() throws IOException {
        Home home = home("home");
        Map<UUID, Key32> keys = keys(home);
        List<KeyRecord> before = records(home);
        List<KeyRecord> tenantsBefore = tenantRecords(home);
        Tenant old = tenant(home, "north");
        assertThat(keys).hasSize(4);
        assertThat(openedBy(old, home)).isEqualTo(3);

        assertThat(change(home, "north")).isEqualTo(new TenantChange.Plan(old.id(), 1, 3));

        assertThat(keys(home)).isEqualTo(keys);
        assertThat(openedBy(old, home)).isZero();
        assertThat(openedBy(tenant(home, "north"), home)).isEqualTo(3);
        for (KeyRecord record : records(home)) {
            boolean isNorths = record.label().tenant().equals(old.id());
            assertThat(record.label().epoch()).isEqualTo(isNorths ? 2 : 1);
            assertThat(before.contains(record)).isEqualTo(!isNorths);
        }
        assertThat(records(home))
                .extracting(KeyRecord::size)
                .isEqualTo(before.stream().map(KeyRecord::size).toList());
        assertThat(home.keyring().resolve("tenants/" + old.id() + "-1.strk")).doesNotExist();
        assertThat(tenantRecords(home)).hasSize(2).doesNotContain(old.record()).containsAnyElementsOf(tenantsBefore);
        // The recovery key opens the new one.
        Key32 recoveryKey = PendingRecoveryKey.open(home, known(home), source).orElseThrow();
        Tenant now = tenant(home, "north");
        assertThat(Tenant.recover(now.record(), recoveryKey).hasKeysOf(now)).isTrue();
        assertThat(now.hasKeysOf(old)).isFalse();

        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            assertThat(keyring.tenantKeys())
                    .extracting(key -> key.name() + " " + key.epoch())
                    .containsExactlyInAnyOrder("clinic 1", "north 2");
            assertThat(keyring.formerTenantKeys()).isEmpty();
            assertThat(keyring.isDestroyed(destroyed)).isTrue();
            // The study is found again, and what is made now is under the new key.
            StudyKey known = keyring.studyKey("north", bytes("P north"), bytes("1.2.3"));
            assertThat(keys).containsEntry(known.id(), known.key());
            keyring.studyKey("north", bytes("P new"), bytes("1.2.9"));
        }
        assertThat(keys(home)).hasSize(5).containsAllEntriesOf(keys);
        assertThat(openedBy(now, home)).isEqualTo(4);
        assertThat(FormerKeys.read(home.formerTenantKeys())).isNotEqualTo(FormerKeys.NONE);
        assertThat(FormerKeys.latest(home)).isEqualTo(FormerKeys.read(home.formerTenantKeys()));
    }

    @Test
    void theFirstTenantsFormerKeyOpensWhatCannotBeSealedAnewAndNoRecord() throws IOException {
        Home home = home("home");
        Map<UUID, Key32> keys = keys(home);
        Tenant old = tenant(home, "clinic");
        Path sessions = home.login().resolve("sessions.strs");
        Path told = home.retention().resolve("told.strs");
        byte[] text;
        Object tag;
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            text = keyring.state().seal("hold/1", bytes("a hold"));
            tag = keyring.state().snapshotTag(bytes("a chunk"));
            DurableFiles.createDirectories(home.login());
            DurableFiles.createDirectories(home.retention());
            DurableFiles.replace(sessions, keyring.state().seal("sessions", bytes("{}")));
            DurableFiles.replace(told, keyring.state().seal("retention-told", bytes("[]")));
        }
        byte[] unknown = Files.readAllBytes(Files.write(home.login().resolve("rotten.strs"), new byte[200]));

        change(home, "clinic");

        assertThat(openedBy(old, home)).isZero();
        assertThat(keys(home)).isEqualTo(keys);
        for (Path file : List.of(sessions, told)) {
            String name = file.equals(told) ? "retention-told" : "sessions";
            byte[] context = KeyringFiles.stateContext(name, installation);
            byte[] sealed = Files.readAllBytes(file);
            assertThatThrownBy(() -> old.open(context, sealed)).isInstanceOf(StrongroomException.class);
        }
        assertThat(home.login().resolve("rotten.strs")).hasBinaryContent(unknown);
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            assertThat(keyring.state().open("hold/1", text)).isEqualTo(bytes("a hold"));
            assertThat(keyring.state().open("sessions", Files.readAllBytes(sessions)))
                    .isEqualTo(bytes("{}"));
            assertThat(keyring.state().open("retention-told", Files.readAllBytes(told)))
                    .isEqualTo(bytes("[]"));
            assertThatThrownBy(() -> keyring.state().open("hold/2", text)).isInstanceOf(StrongroomException.class);
            byte[] now = keyring.state().seal("hold/1", bytes("another"));
            assertThatThrownBy(() -> old.open(KeyringFiles.stateContext("hold/1", installation), now))
                    .isInstanceOf(StrongroomException.class);
            // A chunk of before is not taken for one of now, or it would be in every snapshot to come.
            assertThat(keyring.state().snapshotTag(bytes("a chunk"))).isNotEqualTo(tag);
            assertThat(keyring.formerTenantKeys()).hasSize(1).first().satisfies(former -> {
                assertThat(former.key()).isEqualTo(new TenantKey("clinic", old.id(), 1));
                assertThat(former.records()).isZero();
                assertThat(former.states()).isTrue();
            });
        }
        change(home, "clinic");
        try (Keyring keyring = Keyring.read(home, source, CLOCK)) {
            assertThat(keyring.state().open("hold/1", text)).isEqualTo(bytes("a hold"));
            assertThat(keyring.formerTenantKeys()).hasSize(2);
        }
        assertThat(keys(home)).isEqualTo(keys);
    }

    @Test
    void whatLooksUnfinishedRefusesAChangeAndKeepsTheFormerKey() throws IOException {
        Home home = home("home");
        Path segment = new KeyringFiles(home).segment(1);
        byte[] good = Files.readAllBytes(segment);
        byte[] rotten = good.clone();
        List<KeyRecord> all = records(home, 1);
        int last = good.length - all.get(all.size() - 1).size();
        rotten[last + 6] |= 0x10; // its length: nobody can tell it from a record that was being written
        Files.write(segment, rotten);
        assertThatThrownBy(() -> change(home, "north")).hasMessageContaining("the keyring is damaged");
        Files.write(segment, good);
        Tenant old = tenant(home, "north");
        RootChange.Steps rot = new RootChange.Steps() {
            private int steps;

            @Override
            public void done() throws IOException {
                if (++steps == 4) { // decided
                    Files.write(segment, rotten);
                }
            }
        };
        change(home, "north", rot);
        assertThat(home.keyring().resolve("tenants/" + old.id() + "-1.strk")).exists();
    }

    @Test
    void aKeyThatTheDiskDoesNotGiveBackIsGivenUp() throws IOException {
        Home home = home("home");
        Map<UUID, Key32> keys = keys(home);
        Tenant old = tenant(home, "north");
        Path written = home.keyring().resolve("tenants/" + old.id() + "-2.strk");
        RootChange.Steps rot = () -> {
            if (Files.exists(written)) {
                byte[] bytes = Files.readAllBytes(written);
                bytes[bytes.length / 4] ^= 1;
                Files.write(written, bytes);
            }
        };
        assertThatThrownBy(() -> change(home, "north", rot)).isInstanceOf(StrongroomException.class);
        assertThat(written).doesNotExist();
        assertThat(keys(home)).isEqualTo(keys);
        change(home, "north");
        assertThat(keys(home)).isEqualTo(keys);
    }

    @Test
    void killedAfterAnyStepEverythingOpensAndItGoesOn() throws IOException {
        for (String name : TENANTS) {
            int steps = 0;
            int mixed = 0;
            boolean whole = false;
            while (!whole) {
                Home home = home(name + "-" + ++steps);
                Map<UUID, Key32> keys = keys(home);
                Tenant old = tenant(home, name);
                int[] left = {steps};
                List<AuditEvent> told = new ArrayList<>();
                try {
                    new TenantChange(home, known(home), () -> {
                                if (--left[0] == 0) {
                                    throw new AssertionError("killed");
                                }
                            })
                            .change(source, name, CLOCK, told::add, "a test", done -> {});
                    whole = true;
                } catch (AssertionError e) { // nobody tidies up after it
                    assertThat(e).hasMessage("killed");
                }
                boolean decided = tenant(home, name).epoch() == 2;
                assertThat(decided || !whole).isTrue();
                mixed += openedBy(old, home) > 0 && openedBy(tenant(home, name), home) > 0 && decided ? 1 : 0;
                String as = name + ", step " + steps;
                assertThat(keys(home)).as(as).isEqualTo(keys); // who reads beside it changes nothing
                try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
                    assertThat(keys(home, keyring)).as(as).isEqualTo(keys);
                    TenantChange.tell(home, keyring, told::add, "a test");
                    TenantChange.tell(home, keyring, told::add, "a test");
                }
                assertThat(openedBy(old, home))
                        .as(as)
                        .isEqualTo(decided ? 0 : old.name().equals("north") ? 3 : 2);
                assertThat(told.stream()
                                .filter(event -> "done".equals(event.details().get("step"))))
                        .as(as)
                        .hasSize(decided ? 1 : 0);
                assertThat(files(home.keyring()))
                        .noneMatch(file -> DurableFiles.isTemporary(file) || file.endsWith("tenant-change"));
                if (!decided) {
                    change(home, name);
                    assertThat(keys(home)).as(as).isEqualTo(keys);
                    assertThat(openedBy(old, home)).as(as).isZero();
                }
            }
            assertThat(steps).as(name).isGreaterThan(6);
            assertThat(mixed).as(name).isPositive();
        }
    }

    @Test
    void beginAndEndAreToldWithTheTenant() throws IOException {
        Home home = home("home");
        List<AuditEvent> told = new ArrayList<>();
        assertThatThrownBy(() -> new TenantChange(home, known(home))
                        .change(
                                source,
                                "north",
                                CLOCK,
                                event -> {
                                    throw new IllegalStateException("no audit");
                                },
                                "a test",
                                done -> {}))
                .hasMessage("no audit");
        assertThat(tenant(home, "north").epoch()).isEqualTo(1);
        assertThat(new TenantChange(home, known(home)).isBegun()).isFalse();

        new TenantChange(home, known(home)).change(source, "north", CLOCK, told::add, "a test", done -> {});
        assertThat(new TenantChange(home, known(home)).isBegun()).isTrue();
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            assertThat(TenantChange.tell(home, keyring, told::add, "a test")).isPresent();
            assertThat(TenantChange.tell(home, keyring, told::add, "a test")).isEmpty();
        }
        UUID north = tenant(home, "north").id();
        assertThat(told)
                .extracting(AuditEvent::details)
                .containsExactly(
                        new TreeMap<>(Map.of("tenantKey", north.toString(), "epoch", "2", "step", "begin")),
                        new TreeMap<>(Map.of("tenantKey", north.toString(), "epoch", "2", "step", "done")));
        assertThat(told).allSatisfy(event -> assertThat(event.tenant()).contains("north"));
    }

    /** The bytes of the record of north's study, and where they are. */
    private static int flip(Home home, UUID tenant) throws IOException {
        Path file = new KeyringFiles(home).segment(1);
        byte[] content = Files.readAllBytes(file);
        int offset = 0;
        for (KeyRecord record : records(home, 1)) {
            offset += record.size();
            if (record.label().tenant().equals(tenant)) {
                content[offset - 1] ^= 1;
                Files.write(file, content);
                return offset - 1;
            }
        }
        throw new AssertionError("no record of the tenant");
    }

    private static void flipBack(Home home, int at) throws IOException {
        Path file = new KeyringFiles(home).segment(1);
        byte[] content = Files.readAllBytes(file);
        content[at] ^= 1;
        Files.write(file, content);
    }

    @Test
    void aRecordThatDoesNotOpenRefusesAChangeAndKeepsAFormerKeyThatIsThere() throws IOException {
        Home home = home("home");
        Map<UUID, Key32> keys = keys(home);
        Tenant old = tenant(home, "north");
        int at = flip(home, old.id());
        for (TenantAction action : List.<TenantAction>of(
                () -> change(home, "north"), () -> new TenantChange(home, known(home)).rehearse(source, "north"))) {
            assertThatThrownBy(action::run)
                    .hasMessageContaining("the keyring is damaged")
                    .satisfies(
                            e -> assertThat(((StrongroomException) e).context()).containsKeys("offset", "key"));
        }
        assertThat(tenant(home, "north").epoch()).isEqualTo(1);
        flipBack(home, at);

        // It rots between the decision and the next start.
        int[] steps = {4};
        assertThatThrownBy(() -> change(home, "north", () -> {
                    if (--steps[0] == 0) {
                        throw new IOException("killed");
                    }
                }))
                .hasMessage("killed");
        assertThat(tenant(home, "north").epoch()).isEqualTo(2);
        at = flip(home, old.id());
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            assertThat(keyring.formerTenantKeys()).hasSize(1).first().satisfies(former -> {
                assertThat(former.records()).isEqualTo(1);
                assertThat(former.states()).isFalse();
            });
            List<AuditEvent> told = new ArrayList<>();
            TenantChange.tell(home, keyring, told::add, "a test");
            assertThat(told.get(0).details()).containsEntry("left", "1");
        }
        assertThat(openedBy(tenant(home, "north"), home)).isEqualTo(2);

        flipBack(home, at);
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            assertThat(keys(home, keyring)).isEqualTo(keys);
            assertThat(keyring.formerTenantKeys()).isEmpty();
        }
        assertThat(openedBy(old, home)).isZero();
    }

    @FunctionalInterface
    private interface TenantAction {
        void run() throws IOException;
    }

    @Test
    void aTenantThatIsNotThereAndAnotherRootKeyAreRefused() throws IOException {
        Home home = home("home");
        assertThatThrownBy(() -> change(home, "south")).hasMessageContaining("no such tenant");
        source = keyFile("another");
        assertThatThrownBy(() -> change(home, "north")).hasMessageContaining("does not open");
    }

    @Test
    void aRehearsalChangesNothing() throws IOException {
        Home home = home("home");
        List<Path> files = files(home.root());
        List<KeyRecord> records = records(home);
        assertThat(new TenantChange(home, known(home)).rehearse(source, "north").records())
                .isEqualTo(3);
        assertThat(files(home.root())).isEqualTo(files);
        assertThat(records(home)).isEqualTo(records);
    }

    @Test
    void whatWasCutOffAndMayBeARecordKeepsTheFormerKey() throws IOException {
        Home home = home("home");
        Tenant old = tenant(home, "north");
        KeyRecord record = records(home, 1).stream()
                .filter(one -> one.label().tenant().equals(old.id()))
                .findFirst()
                .orElseThrow();
        byte[] torn = Arrays.copyOf(record.encode(), record.size() - 1);
        Path cut = Files.write(new KeyringFiles(home).cutOff(1, 7, torn.length), torn);
        change(home, "north");
        assertThat(tenantRecords(home)).contains(old.record());
        // An erasure of its key takes that with it, and then nothing needs the former key.
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            keyring.destroy(record.label().id());
        }
        assertThat(cut).doesNotExist();
        Keyring.open(home, source, CLOCK).close();
        assertThat(tenantRecords(home)).doesNotContain(old.record());
    }

    @Test
    void whoReadsBesideItIsToldToTryAgain() throws IOException {
        Home home = home("home");
        try (Keyring reader = Keyring.read(home, source, CLOCK)) {
            UUID key = reader.findStudyKey("north", bytes("P north"), bytes("1.2.3"))
                    .orElseThrow();
            change(home, "north");
            assertThatThrownBy(() -> reader.keyOf(key))
                    .hasMessageContaining("newer than these")
                    .satisfies(e -> assertThat(((StrongroomException) e).kind()).isEqualTo(FailureKind.UNAVAILABLE));
        }
        assertThat(keys(home)).hasSize(4);
    }

    @Test
    void bundlesOfBeforeAreToldFromThoseOfNow() throws IOException {
        for (String name : TENANTS) {
            Home home = home(name);
            KeyBundle before = bundle(home, 1);
            assertThat(CurrentRoot.of(home).isFormers(before)).isFalse();
            change(home, name);
            change(home, name);
            CurrentRoot now = CurrentRoot.of(home);
            assertThat(now.isFormers(before)).isTrue();
            assertThat(now.isOfFormerTenantKey(before)).isTrue();
            assertThat(now.isFormers(bundle(home, 1))).isFalse();
            try (Keyring keyring = Keyring.read(home, source, CLOCK)) {
                keyring.bundles().check(bundle(home, 1));
                keyring.bundles().checkOfAnyRoot(before); // genuine, and no ground for a receipt
                assertThatThrownBy(() -> keyring.bundles().check(before))
                        .satisfies(e ->
                                assertThat(((StrongroomException) e).kind()).isEqualTo(FailureKind.STALE));
                // Another wrap with the same label was never here.
                List<KeyRecord> forged = new ArrayList<>(before.records());
                UUID id = tenant(home, name).id();
                int at = 2;
                while (!forged.get(at).label().tenant().equals(id)) {
                    at++;
                }
                byte[] other = forged.get(at).encode();
                other[other.length - 1] ^= 1;
                forged.set(at, KeyRecord.decode(other));
                assertThatThrownBy(() -> keyring.bundles().checkOfAnyRoot(new KeyBundle(installation, forged)))
                        .isInstanceOf(StrongroomException.class);
            }
        }
    }

    @Test
    void recoveryTakesBundlesOfBeforeBetweenAndAfter() throws IOException {
        for (String name : TENANTS) {
            Home home = home(name);
            Map<UUID, Key32> keys = keys(home);
            Key32 recoveryKey =
                    PendingRecoveryKey.open(home, known(home), source).orElseThrow();
            int segments = new KeyringFiles(home).segments();
            assertThat(segments).isEqualTo(2);
            List<List<KeyBundle>> times = new ArrayList<>();
            times.add(List.of(bundle(home, 1), bundle(home, 2)));
            int[] steps = {5}; // after the first segment
            assertThatThrownBy(() -> change(home, name, () -> {
                        if (--steps[0] == 0) {
                            throw new IOException("killed");
                        }
                    }))
                    .hasMessage("killed");
            times.add(List.of(bundle(home, 1), bundle(home, 2)));
            byte[] text;
            try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
                text = keyring.state().seal("hold/1", bytes("a hold"));
            }
            times.add(List.of(bundle(home, 1), bundle(home, 2)));
            assertThat(times.get(1).get(0).records().get(0))
                    .isEqualTo(times.get(0).get(0).records().get(0));

            for (int first = 0; first < 3; first++) {
                for (int second = 0; second < 3; second++) {
                    String as = name + " " + first + " " + second;
                    Home made = new Home(folder.resolve("made " + as));
                    made.createFolders();
                    KeyringRecovery recovery = new KeyringRecovery(known(home), recoveryKey, new SecureRandom());
                    recovery.segment(1, times.get(first).get(0).encode());
                    recovery.segment(2, times.get(second).get(1).encode());
                    recovery.journalKey(Files.readAllBytes(home.journalRecoveryKey()));
                    recovery.write(made, source).write(made.installation());
                    assertThat(keys(made)).as(as).isEqualTo(keys);
                    try (Keyring keyring = Keyring.open(made, source, CLOCK)) {
                        assertThat(keys(made, keyring)).as(as).isEqualTo(keys);
                        assertThat(keyring.isDestroyed(destroyed)).isTrue();
                        if (first + second > 0) {
                            assertThat(keyring.state().open("hold/1", text))
                                    .as(as)
                                    .isEqualTo(bytes("a hold"));
                        }
                        assertThat(keyring.formerTenantKeys()).noneMatch(former -> former.records() > 0);
                    }
                    assertThat(made.formerTenantKeys()).doesNotExist();
                }
            }
            // Of two of one segment the newer one, whichever comes first.
            for (List<Integer> order : List.of(List.of(0, 2), List.of(2, 0))) {
                Home made = new Home(folder.resolve("both " + name + order));
                made.createFolders();
                KeyringRecovery recovery = new KeyringRecovery(known(home), recoveryKey, new SecureRandom());
                for (int time : order) {
                    recovery.segment(1, times.get(time).get(0).encode());
                    recovery.segment(2, times.get(time).get(1).encode());
                }
                recovery.write(made, source).write(made.installation());
                assertThat(records(made)).isEqualTo(records(home));
                assertThat(keys(made)).isEqualTo(keys);
            }
        }
    }

    @Test
    void theRootKeyCanBeChangedWhileATenantHasTwoKeysAndTheOtherWayRound() throws IOException {
        Home home = home("home");
        Map<UUID, Key32> keys = keys(home);
        byte[] text;
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            text = keyring.state().seal("hold/1", bytes("a hold"));
        }
        change(home, "clinic");
        KeyBundle between = bundle(home, 1);
        KeySource other = keyFile("other");
        RootChange root = new RootChange(home, known(home));
        root.prepare(source, other, CLOCK.instant());
        root.decide(event -> {}, "a test");
        source = other;
        assertThat(keys(home)).isEqualTo(keys);
        change(home, "clinic");
        change(home, "north");
        assertThat(keys(home)).isEqualTo(keys);
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            assertThat(keyring.state().open("hold/1", text)).isEqualTo(bytes("a hold"));
            keyring.bundles().checkOfAnyRoot(between);
            assertThat(keyring.formerTenantKeys()).hasSize(2);
        }
    }
}
