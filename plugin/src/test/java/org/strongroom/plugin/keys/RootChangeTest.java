package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keyservice.KeyService;
import org.strongroom.plugin.keyservice.Wrapped;

class RootChangeTest {
    private static final Set<String> TENANTS = Set.of("clinic", "north");

    @TempDir
    Path folder;

    private final UUID installation = UUID.randomUUID();
    private KeySource before;
    private KeySource after;

    @BeforeEach
    void sources() throws IOException {
        before = keyFile("before");
        after = keyFile("after");
    }

    private KeySource keyFile(String name) throws IOException {
        return new KeyFile(Files.write(
                folder.resolve(name), Key32.random(new SecureRandom()).toBytes()));
    }

    /** A Home with two tenants and a key for a study of each. */
    private Home home(String name) throws IOException {
        Home home = new Home(folder.resolve(name));
        home.createFolders();
        Keyring.create(home, before, installation, Clock.systemUTC()).close();
        try (Keyring keyring = Keyring.open(home, before, TENANTS, Clock.systemUTC())) {
            TENANTS.forEach(tenant -> make(keyring, tenant));
        }
        return home;
    }

    private static StudyKey make(Keyring keyring, String tenant) {
        try {
            return keyring.studyKey(tenant, bytes("P " + tenant), bytes("1.2.3"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, StudyKey> keys(Home home, KeySource source) throws IOException {
        Map<String, StudyKey> keys = new LinkedHashMap<>();
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            TENANTS.forEach(tenant -> keys.put(tenant, make(keyring, tenant)));
        }
        return keys;
    }

    private static final Instant NOW = Instant.parse("2026-11-26T17:00:00Z");

    private static void change(Home home, KeySource from, KeySource to) throws IOException {
        change(home, from, to, RootChange.Steps.UNSEEN);
    }

    private static void change(Home home, KeySource from, KeySource to, RootChange.Steps steps) throws IOException {
        RootChange change =
                new RootChange(home, Installation.read(home.installation()).orElseThrow(), steps);
        assertThat(change.prepare(from, to, NOW)).isEqualTo(TENANTS.size());
        change.decide(event -> {}, "a test");
    }

    private static boolean opens(Home home, KeySource source) {
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            return keyring.home() != null;
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Path> files(Home home) throws IOException {
        try (Stream<Path> all = Files.walk(home.root())) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Everything in Home that this root key opens. */
    private List<Path> openedBy(Home home, Key32 root) throws IOException {
        List<Path> opened = new ArrayList<>();
        for (Path file : files(home)) {
            byte[] content = Files.readAllBytes(file);
            List<byte[][]> tries = new ArrayList<>();
            for (byte[] context :
                    List.of(KeyringFiles.journalKeyContext(installation), KeyringFiles.recoveryContext(installation))) {
                tries.add(new byte[][] {context, content});
            }
            if (file.getParent().endsWith("tenants")) {
                KeyRecord record = KeyRecord.decode(content);
                tries.add(new byte[][] {
                    record.label().wrapContext(),
                    TenantWraps.decode(record.payload()).bySource()
                });
            }
            for (byte[][] one : tries) {
                try {
                    Cobblestone.open(root, one[0], one[1]);
                    opened.add(file);
                } catch (StrongroomException e) {
                    assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
                }
            }
        }
        return opened;
    }

    @Test
    void everyKeyIsThereAndTheOldRootKeyOpensNothing() throws IOException {
        Home home = home("home");
        Key32 old = before.rootKey(RootParameters.read(home.rootParameters()));
        assertThat(openedBy(home, old)).hasSize(4);
        Map<String, StudyKey> keys = keys(home, before);
        Installation known = Installation.read(home.installation()).orElseThrow();

        change(home, before, after);

        assertThat(keys(home, after)).isEqualTo(keys);
        assertThat(opens(home, before)).isFalse();
        assertThat(openedBy(home, old)).isEmpty();
        assertThat(openedBy(home, after.rootKey(RootParameters.read(home.rootParameters()))))
                .hasSize(4);
        assertThat(PendingRecoveryKey.open(home, known, after)).isPresent();
        assertThat(files(home)).noneMatch(file -> file.toString().contains("next"));
    }

    @Test
    void whatTheOldOneOpensIsToldFromWhatTheNewOneDoes() throws IOException {
        Home home = home("home");
        String root = HomeCopy.ROOT.objectName(Files.readAllBytes(home.rootParameters()));
        String journal = HomeCopy.JOURNAL_KEY.objectName(Files.readAllBytes(home.journalKey()));
        KeyBundle old =
                new KeyBundle(installation, List.copyOf(CurrentRoot.of(home).tenants()));
        assertThat(CurrentRoot.of(home).isAnothers(old)).isFalse();

        change(home, before, after);
        assertThat(FormerKeys.read(home.formerKeys()).changed()).isEqualTo(NOW);
        CurrentRoot once = CurrentRoot.of(home);
        assertThat(once.isAnothers(old)).isTrue();
        assertThat(once.isAnothers(journal)).isTrue();
        // What root.json says of key files is the same for all, and stays.
        assertThat(once.isAnothers(root)).isFalse();

        change(home, after, passphrase("correct horse"));
        CurrentRoot twice = CurrentRoot.of(home);
        assertThat(twice.isAnothers(old)).isTrue();
        assertThat(twice.isAnothers(new KeyBundle(installation, List.copyOf(once.tenants()))))
                .isTrue();
        assertThat(List.of(root, journal)).allMatch(twice::isAnothers);
        assertThat(twice.isAnothers(HomeCopy.IDENTITY.objectName(new byte[1]))).isFalse();
    }

    /** The rotten wrap would be copied on, and every good one be deleted in the tiers. */
    @Test
    void aWrapToTheRecoveryKeyThatDoesNotOpenIsNotCopiedOn() throws IOException {
        Home home = home("home");
        Path file;
        try (Stream<Path> tenants = Files.list(home.keyring().resolve("tenants"))) {
            file = tenants.sorted().findFirst().orElseThrow();
        }
        KeyRecord record = KeyRecord.decode(Files.readAllBytes(file));
        TenantWraps wraps = TenantWraps.decode(record.payload());
        byte[] rotten = wraps.toRecovery();
        rotten[40] ^= 1;
        byte[] damaged = new KeyRecord(record.label(), new TenantWraps(wraps.bySource(), rotten).encode()).encode();
        Files.write(file, damaged);

        assertThatThrownBy(() -> change(home, before, after)).hasMessageContaining("the keyring is damaged");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
        assertThat(opens(home, before)).isTrue();
        assertThat(FormerKeys.read(home.formerKeys())).isEqualTo(FormerKeys.NONE);
    }

    @Test
    void whatWasRefusedLeavesNothingThatTheSourceOpens() throws IOException {
        Home home = home("home");
        Path ready = home.keyring().resolve("next.part");
        assertThatThrownBy(() -> change(home, before, after, () -> {
                    assertThat(ready).exists();
                    throw new IOException("no disk");
                }))
                .hasMessage("no disk");
        assertThat(ready).doesNotExist();

        RootChange change =
                new RootChange(home, Installation.read(home.installation()).orElseThrow());
        change.prepare(before, after, NOW);
        assertThat(ready).exists();
        assertThatThrownBy(() -> change.decide(
                        event -> {
                            throw new IllegalStateException("no audit");
                        },
                        "a test"))
                .hasMessage("no audit");
        assertThat(ready).doesNotExist();

        change.prepare(before, after, NOW);
        assertThat(opens(home, before)).isTrue();
        assertThat(ready).doesNotExist();
    }

    @Test
    void aFileThatMayNotBeOverwrittenDoesNotHoldUpWhatWasDecided() throws IOException {
        Home home = home("home");
        RootChange change =
                new RootChange(home, Installation.read(home.installation()).orElseThrow());
        change.prepare(before, after, NOW);
        // Nobody can open this for writing, root neither.
        Files.delete(home.journalKey());
        Files.createSymbolicLink(home.journalKey(), folder);
        change.decide(event -> {}, "a test");
        assertThat(keys(home, after)).hasSize(2);
        assertThat(opens(home, before)).isFalse();
    }

    private KeySource passphrase(String text) throws IOException {
        return new PassphraseFile(Files.writeString(folder.resolve("passphrase " + text), text));
    }

    @Test
    void thePassphraseThatThereIsIsNoOtherOneThoughItsSaltWouldBe() throws IOException {
        Home home = home("home");
        change(home, before, passphrase("first"));
        assertThatThrownBy(() -> change(home, passphrase("first"), passphrase("first")))
                .hasMessageContaining("this is the root key that there is");
        change(home, passphrase("first"), passphrase("second"));
        assertThat(opens(home, passphrase("first"))).isFalse();
        assertThat(opens(home, passphrase("second"))).isTrue();
    }

    @Test
    void aRootKeyThatSomebodyWrapsIsChangedUnderTheSameSource() throws IOException {
        Home home = home("home");
        KeySource service = new WrappedRoot(new PlainService());
        change(home, before, service);
        Key32 old = service.rootKey(RootParameters.read(home.rootParameters()));
        change(home, service, service);
        assertThat(openedBy(home, old)).isEmpty();
        assertThat(opens(home, service)).isTrue();
    }

    /** Wraps by adding nothing. */
    private static final class PlainService implements KeyService {
        @Override
        public String kind() {
            return "plain";
        }

        @Override
        public Wrapped wrap(byte[] secret) {
            return new Wrapped("key", Base64.getEncoder().encodeToString(secret));
        }

        @Override
        public byte[] unwrap(Wrapped wrapped) {
            return Base64.getDecoder().decode(wrapped.text());
        }
    }

    @Test
    void whatWasMadeReadyAndNotDecidedIsForgotten() throws IOException {
        Home home = home("home");
        RootChange change =
                new RootChange(home, Installation.read(home.installation()).orElseThrow());
        change.prepare(before, after, NOW);
        change.discard();
        assertThat(files(home)).noneMatch(file -> file.toString().contains("next"));
        assertThat(change.isOpenedBy(before)).isTrue();
        assertThat(change.isOpenedBy(after)).isFalse();
        assertThat(change.finish()).isFalse();
    }

    @Test
    void killedAfterAnyStepItIsAsBeforeOrDecidedAndGoesOn() throws IOException {
        int steps = 0;
        int decided = 0;
        int pending = 0;
        boolean whole = false;
        while (!whole) {
            Home home = home("home-" + ++steps);
            Map<String, StudyKey> keys = keys(home, before);
            int[] left = {steps};
            try {
                change(home, before, after, () -> {
                    if (--left[0] == 0) {
                        throw new AssertionError("killed");
                    }
                });
                whole = true;
            } catch (AssertionError e) { // nobody tidies up after it
                assertThat(e).hasMessage("killed");
            }
            boolean isDecided = Files.exists(home.keyring().resolve("next")) || whole;
            decided += isDecided ? 1 : 0;
            if (RootChange.isPending(new KeyringFiles(home))) {
                pending++;
                assertThatThrownBy(() -> Keyring.read(home, after, Clock.systemUTC()))
                        .hasMessageContaining("was interrupted");
            }
            boolean done = opens(home, after);
            assertThat(opens(home, before)).as("step " + steps).isNotEqualTo(done);
            assertThat(done || !isDecided).as("step " + steps).isTrue();
            if (!done) {
                change(home, before, after);
            }
            assertThat(keys(home, after)).as("step " + steps).isEqualTo(keys);
            assertThat(files(home)).noneMatch(file -> file.toString().contains("next"));
        }
        assertThat(steps).isGreaterThan(12);
        assertThat(decided).isGreaterThan(5);
        assertThat(pending).isGreaterThan(4);
    }

    @Test
    void aChangeToTheSameKeyAndOneWithAnotherOldKeyAreRefusedAndNothingChanges() throws IOException {
        Home home = home("home");
        assertThatThrownBy(() -> change(home, before, before)).hasMessageContaining("root key that there is");
        assertThatThrownBy(() -> change(home, after, before)).hasMessageContaining("does not open");

        assertThat(opens(home, before)).isTrue();
        assertThat(FormerKeys.read(home.formerKeys())).isEqualTo(FormerKeys.NONE);
    }

    @Test
    void aSourceThatDoesNotGiveItsKeyAgainIsRefusedBeforeAnythingChanges() throws IOException {
        Home home = home("home");
        KeySource fickle = new KeySource() {
            @Override
            public String kind() {
                return "fickle";
            }

            @Override
            public RootParameters newParameters(SecureRandom random) {
                return RootParameters.plain("fickle");
            }

            @Override
            public Key32 rootKey(RootParameters parameters) {
                return Key32.random(new SecureRandom());
            }
        };
        assertThatThrownBy(() -> change(home, before, fickle)).hasMessageContaining("does not give its root key again");

        assertThat(opens(home, before)).isTrue();
    }

    @Test
    void aRecoveryKeyThatWasForgottenMeanwhileDoesNotComeBack() throws IOException {
        Home home = home("home");
        Installation known = Installation.read(home.installation()).orElseThrow();
        assertThatThrownBy(() -> change(home, before, after, () -> {
                    if (Files.exists(home.keyring().resolve("next"))) {
                        throw new IOException("killed");
                    }
                }))
                .hasMessage("killed");
        PendingRecoveryKey.forget(home);

        assertThat(keys(home, after)).hasSize(2);
        assertThat(PendingRecoveryKey.open(home, known, after)).isEqualTo(Optional.empty());
    }

    @Test
    void beginAndEndAreToldAndTheEndIsNotForgotten() throws IOException {
        Home home = home("home");
        RootChange change =
                new RootChange(home, Installation.read(home.installation()).orElseThrow());
        List<AuditEvent> told = new ArrayList<>();
        RootChange.tell(home, told::add, "a test");
        change.prepare(before, after, NOW);
        assertThat(told).isEmpty();
        change.decide(told::add, "a test");
        assertThat(told)
                .extracting(AuditEvent::details)
                .containsExactly(new TreeMap<>(Map.of("root", "keyFile", "step", "begin")));

        // Killed here, whoever opens the keyring next has to tell.
        keys(home, after);
        assertThatThrownBy(() -> RootChange.tell(
                        home,
                        event -> {
                            throw new IllegalStateException("no disk");
                        },
                        "a test"))
                .hasMessage("no disk");
        RootChange.tell(home, told::add, "another");
        RootChange.tell(home, told::add, "another");
        assertThat(told).hasSize(2);
        assertThat(told.get(1).details()).containsEntry("step", "done");
        assertThat(told.get(1).principal()).contains("another");
    }
}
