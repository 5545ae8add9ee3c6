package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyLabel;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.HomeCopy;

/** After the root key was changed no tier holds what the old one opens, and every tier what the new one does. */
class FormerRootsTest {
    @TempDir
    Path folder;

    private Clinic clinic;
    private final List<UUID> keys = new ArrayList<>();

    @BeforeEach
    void shipped() throws Exception {
        clinic = new Clinic(folder, "near", "far").open();
        for (int study = 0; study < 3; study++) {
            // Each study is shipped alone: the tiers hold several bundles of one segment.
            store();
            clinic.ship();
        }
    }

    private void store() throws IOException {
        UUID key = UUID.randomUUID();
        keys.add(key);
        clinic.spool.study(key, 5_000, 6_000);
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private static byte[] object(Store store, String name) throws IOException {
        try (InputStream in =
                store.memory.get(name, 0, store.memory.head(name).orElseThrow().size())) {
            return in.readAllBytes();
        }
    }

    private static List<String> names(Store store, String prefix) {
        List<String> names = new ArrayList<>();
        store.memory.list(prefix, object -> names.add(object.name()));
        return names;
    }

    /** Everything that former root keys open. */
    private List<String> former(Store store) throws IOException {
        return former(clinic, store);
    }

    private static List<String> former(Clinic clinic, Store store) throws IOException {
        CurrentRoot now = CurrentRoot.of(clinic.home);
        List<String> found = new ArrayList<>(names(store, "installation/"));
        found.removeIf(name -> !now.isAnothers(name));
        for (String name : names(store, "keys/")) {
            if (now.isAnothers(KeyBundle.decode(object(store, name)))) {
                found.add(name);
            }
        }
        return found;
    }

    /** Ids of keys in bundles. */
    private static Set<UUID> held(Store store) throws IOException {
        Set<UUID> held = new HashSet<>();
        for (String name : names(store, "keys/")) {
            KeyBundle.decode(object(store, name)).records().stream()
                    .filter(record -> record.label().kind() == KeyKind.STUDY)
                    .forEach(record -> held.add(record.label().id()));
        }
        return held;
    }

    private void later() throws Exception {
        clinic.clock.advance(Duration.ofHours(2));
        clinic.ship();
    }

    @Test
    void everyTierGetsNewBundlesAndLosesWhatTheOldRootKeyOpens() throws Exception {
        assertThat(names(clinic.store(0), "keys/")).hasSizeGreaterThan(1);
        clinic.spool.changeRoot();
        assertThat(former(clinic.store(0))).hasSizeGreaterThan(3);

        later();

        for (Store store : clinic.stores) {
            assertThat(former(store)).isEmpty();
            assertThat(held(store)).containsExactlyInAnyOrderElementsOf(keys);
            assertThat(names(store, "installation/")).hasSize(4);
        }
        assertThat(clinic.rooms.problems.standing()).isEmpty();

        store();
        clinic.ship();
        assertThat(held(clinic.store(1))).containsExactlyInAnyOrderElementsOf(keys);
    }

    /** Bundles under a former key of the tenant. */
    private List<String> ofFormerTenantKey(Store store) throws IOException {
        CurrentRoot now = CurrentRoot.of(clinic.home);
        List<String> found = names(store, "keys/");
        List<String> former = new ArrayList<>();
        for (String name : found) {
            if (now.isOfFormerTenantKey(KeyBundle.decode(object(store, name)))) {
                former.add(name);
            }
        }
        return former;
    }

    @Test
    void everyTierLosesWhatAFormerKeyOfATenantOpens() throws Exception {
        for (boolean stays : List.of(false, true)) {
            Path own = Files.createDirectories(folder.resolve("own-" + stays));
            clinic.close();
            clinic = new Clinic(own, "near", "far").open();
            keys.clear();
            store();
            clinic.ship();
            store();
            clinic.ship();
            clinic.spool.changeTenant(stays);
            assertThat(ofFormerTenantKey(clinic.store(0))).hasSize(2);

            later();

            for (Store store : clinic.stores) {
                assertThat(ofFormerTenantKey(store)).isEmpty();
                assertThat(held(store)).containsExactlyInAnyOrderElementsOf(keys);
                // They are no other root key's.
                assertThat(names(store, "installation/")).hasSize(4);
            }
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    /** What is under a former root key is not touched by it: it may be another machine's. */
    @Test
    void aTenantsChangeTakesNothingOfAnotherRootKey() throws Exception {
        clinic.spool.changeRoot();
        Files.delete(clinic.home.formerKeys());
        List<String> copies = new ArrayList<>(names(clinic.store(0), "installation/"));
        clinic.spool.changeTenant(false);
        later();
        assertThat(names(clinic.store(0), "installation/")).containsAll(copies);
        assertThat(ofFormerTenantKey(clinic.store(0))).isEmpty();
    }

    @Test
    void aBundleStaysIfNobodySaysThatTheKeyringHasItsKeysOrTheRecordOfNowIsAnother() throws Exception {
        clinic.spool.changeTenant(false);
        Path pairs = clinic.home.keyring().resolve("rewrapped/00000001.pairs");
        byte[] whole = Files.readAllBytes(pairs);
        Files.write(pairs, new byte[64]);
        List<String> before = ofFormerTenantKey(clinic.store(0));
        later();
        assertThat(names(clinic.store(0), "keys/")).containsAll(before);
        assertThat(clinic.rooms.problems.standing())
                .extracting(Problem::message)
                .anyMatch(text -> text.contains("objects that a former key may open"));

        Files.write(pairs, whole);
        Path segment = clinic.home.keyring().resolve("records/00000001.strk");
        byte[] good = Files.readAllBytes(segment);
        byte[] rotten = good.clone();
        rotten[rotten.length - 1] ^= 1;
        Files.write(segment, rotten);
        later();
        assertThat(names(clinic.store(0), "keys/"))
                .as("bundles with the record that rotted here")
                .containsAnyElementsOf(before);

        Files.write(segment, good);
        later();
        assertThat(ofFormerTenantKey(clinic.store(0))).isEmpty();
        assertThat(held(clinic.store(0))).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void aBundleStaysIfTheNewestKeyOfATenantRottedHereThoughTheFormerOneIsHereToo() throws Exception {
        clinic.spool.changeTenant(true);
        List<String> before = ofFormerTenantKey(clinic.store(0));
        Path newest;
        try (Stream<Path> tenants = Files.list(clinic.home.keyring().resolve("tenants"))) {
            newest = tenants.filter(file -> file.toString().endsWith("-2.strk"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] good = Files.readAllBytes(newest);
        byte[] rotten = good.clone();
        rotten[rotten.length - 1] ^= 1; // of the wrap to the recovery key: no start notices it
        Files.write(newest, rotten);
        later();
        assertThat(names(clinic.store(0), "keys/"))
                .as("the kit opens only these")
                .containsAll(before);
        Files.write(newest, good);
        later();
        assertThat(ofFormerTenantKey(clinic.store(0))).isEmpty();
    }

    @Test
    void aTierThatIsAwayIsRidOfItWhenItIsBackAlsoAfterTheNextChangeAndWithAnotherLedger() throws Exception {
        clinic.store(1).away = true;
        clinic.spool.changeRoot();
        later();
        assertThat(former(clinic.store(0))).isEmpty();
        assertThat(former(clinic.store(1))).isNotEmpty();

        clinic.spool.changeRoot();
        clinic.store(1).away = false;
        clinic.reopen();
        later();
        for (Store store : clinic.stores) {
            assertThat(former(store)).isEmpty();
            assertThat(held(store)).containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    @Test
    void aBundleWithAKeyThatHomeDoesNotHaveStaysAndIsTold() throws Exception {
        Store store = clinic.store(0);
        byte[] kept = object(store, names(store, "keys/").get(0));
        KeyBundle bundle = KeyBundle.decode(kept);
        KeyRecord tenant = bundle.records().get(0);
        KeyRecord study = bundle.records().get(1);
        UUID lost = UUID.randomUUID();
        KeyRecord unknown = record(KeyKind.STUDY, study, lost, study.label().ownerTag());
        store.memory.put(
                "keys/00000001-1-0123456789abcdef",
                new KeyBundle(clinic.installation, List.of(tenant, unknown)).encode());
        clinic.spool.changeRoot();

        later();

        assertThat(held(store)).contains(lost);
        // The former root key's copies are what opens it; all else is gone.
        assertThat(former(store)).hasSize(3).contains("keys/00000001-1-0123456789abcdef");
        assertThat(clinic.rooms.problems.standing())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("still holds 3 objects that a former key may open");
    }

    private KeyRecord record(KeyKind kind, KeyRecord like, UUID id, Tag16 owner) {
        byte[] payload = like.payload();
        UUID tenant = like.label().tenant();
        return new KeyRecord(new KeyLabel(kind, clinic.installation, tenant, id, 1, owner, 1, payload.length), payload);
    }

    /** The last that hold a key, and what opens them. */
    @Test
    void whatMustStayIsLockedForLonger() throws Exception {
        try (Clinic bucket = new Clinic(folder.resolve("bucket"), "near")) {
            Store store = bucket.store(0);
            store.versions = new Versions(store, Duration.ofDays(40), bucket.clock);
            bucket.open();
            bucket.spool.study(UUID.randomUUID(), 5_000);
            bucket.ship();
            KeyBundle bundle =
                    KeyBundle.decode(object(store, names(store, "keys/").get(0)));
            KeyRecord study = bundle.records().get(1);
            KeyLabel label = new KeyLabel(
                    KeyKind.STUDY,
                    bucket.installation,
                    study.label().tenant(),
                    UUID.randomUUID(),
                    1,
                    study.label().ownerTag(),
                    1,
                    study.payload().length);
            String last = "keys/00000001-1-0123456789abcdef";
            List<KeyRecord> records = List.of(bundle.records().get(0), new KeyRecord(label, study.payload()));
            store.memory.put(last, new KeyBundle(bucket.installation, records).encode());
            bucket.lock();
            bucket.spool.changeRoot();
            bucket.ship();
            assertThat(former(bucket, store)).contains(last);
            assertThat(bucket.rooms.problems.standing()).hasSize(1);

            bucket.clock.advance(Duration.ofDays(35));
            bucket.lock();

            List<String> needed = new ArrayList<>(former(bucket, store));
            needed.removeIf(name -> name.startsWith("keys/") && !name.equals(last));
            assertThat(needed).hasSize(3);
            assertThat(store.versions.locks)
                    .extractingByKeys(needed.toArray(String[]::new))
                    .allSatisfy(until ->
                            assertThat(until).isAfter(bucket.clock.instant().plus(Duration.ofDays(30))));
        }
    }

    /** Home came back from a backup of before the key was destroyed: which of the two is right only a person knows. */
    @Test
    void aBundleThatSaysThatAKeyIsDestroyedWhichHomeHasStaysAndIsTold() throws Exception {
        Store store = clinic.store(0);
        KeyBundle bundle = KeyBundle.decode(object(store, names(store, "keys/").get(0)));
        KeyRecord tenant = bundle.records().get(0);
        KeyRecord study = bundle.records().get(1);
        KeyRecord gone = record(KeyKind.DESTROYED, study, study.label().id(), Tag16.NONE);
        String name = "keys/00000001-1-0123456789abcdef";
        store.memory.put(name, new KeyBundle(clinic.installation, List.of(tenant, gone)).encode());
        clinic.spool.changeRoot();

        later();

        assertThat(former(store)).hasSize(3).contains(name);
        assertThat(clinic.rooms.problems.standing()).hasSize(1);
    }

    /** As a recovery leaves it that found no bundle of it: the next one is to see that too. */
    @Test
    void aSegmentWithoutKeysGetsNoBundle() throws Exception {
        Files.createFile(clinic.home.keyring().resolve("records/00000002.strk"));
        clinic.spool.changeRoot();

        later();

        for (Store store : clinic.stores) {
            assertThat(former(store)).isEmpty();
            assertThat(held(store)).containsExactlyInAnyOrderElementsOf(keys);
            assertThat(names(store, "keys/00000002")).isEmpty();
        }
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    /** It may be the last that has the tenant's key. */
    @Test
    void aBundleWithoutKeysOfStudiesIsReplacedByOneUnderTheKeysOfNow() throws Exception {
        Store store = clinic.store(0);
        Files.createFile(clinic.home.keyring().resolve("records/00000002.strk"));
        KeyRecord tenant = KeyBundle.decode(object(store, names(store, "keys/").get(0)))
                .records()
                .get(0);
        String old = "keys/00000002-0-0123456789abcdef";
        store.memory.put(old, new KeyBundle(clinic.installation, List.of(tenant)).encode());
        clinic.spool.changeRoot();

        later();

        assertThat(former(store)).isEmpty();
        assertThat(names(store, "keys/00000002")).hasSize(1).doesNotContain(old);
    }

    /** The copies would go that its bundles need. */
    @Test
    void aSegmentOfHomeThatCannotBeReadIsStillToBeDone() throws Exception {
        Path segment = clinic.home.keyring().resolve("records/00000001.strk");
        clinic.spool.changeRoot();
        clinic.clock.advance(Duration.ofHours(2));
        Path kept = Files.move(segment, segment.resolveSibling("kept"));
        Files.createDirectory(segment);
        clinic.ship();
        for (Store store : clinic.stores) {
            assertThat(former(store)).as("as it was").hasSizeGreaterThan(3);
        }
        Files.delete(segment);
        Files.move(kept, segment);

        later();

        for (Store store : clinic.stores) {
            assertThat(former(store)).isEmpty();
        }
    }

    @Test
    void aBundleThatIsGoneSinceItWasListedKeepsNothing() throws Exception {
        Store store = clinic.store(0);
        Path first = clinic.home.keyring().resolve("records/00000001.strk");
        Files.copy(first, first.resolveSibling("00000002.strk"));
        String gone = "keys/00000002-3-0123456789abcdef";
        store.memory.put(gone, object(store, names(store, "keys/").get(0)));
        clinic.spool.changeRoot();
        store.firstDelete = () -> store.memory.delete(gone);

        later();

        assertThat(store.firstDelete).as("happened").isNull();
        assertThat(former(store)).isEmpty();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    /** A Home that was recovered beside this one, or this one beside that: they have one marker. */
    @Test
    void nothingIsDeletedInATierThatAnotherHomeWritesTo() throws Exception {
        Store store = clinic.store(0);
        String head = "journal/head-1-0123456789abcdef";
        store.memory.put(head, new JournalHead(1, 1, Sha256.of(new byte[1])).encode(new byte[64]));
        clinic.spool.changeRoot();
        List<String> old = former(store);

        later();

        assertThat(former(store)).containsExactlyInAnyOrderElementsOf(old);
        assertThat(former(clinic.store(1))).isEmpty();
        assertThat(clinic.rooms.problems.standing())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("tier near has seen a journal with an entry 1 that the one here does not have");

        store.memory.delete(head);
        later();
        assertThat(former(store)).isEmpty();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    private Path tenant() throws IOException {
        try (Stream<Path> files = Files.list(clinic.home.keyring().resolve("tenants"))) {
            return files.findFirst().orElseThrow();
        }
    }

    /** The wrap in Home rotted: those in the tiers are the last that the recovery key opens. */
    @Test
    void aBundleWithAnotherWrapToTheRecoveryKeyStaysAndIsTold() throws Exception {
        Map<Store, List<String>> good = new HashMap<>();
        clinic.stores.forEach(store -> good.put(store, names(store, "keys/")));
        KeyRecord record = KeyRecord.decode(Files.readAllBytes(tenant()));
        TenantWraps wraps = TenantWraps.decode(record.payload());
        byte[] rotten = wraps.toRecovery();
        rotten[3] ^= 1;
        Files.write(
                tenant(), new KeyRecord(record.label(), new TenantWraps(wraps.bySource(), rotten).encode()).encode());
        clinic.spool.changeRoot();

        later();
        later();

        for (Store store : clinic.stores) {
            assertThat(names(store, "keys/")).hasSize(good.get(store).size() + 1);
            assertThat(former(store))
                    .as("with the copies that its source needs")
                    .containsAll(good.get(store))
                    .hasSize(good.get(store).size() + 2);
        }
        assertThat(clinic.rooms.problems.standing()).hasSize(2);
    }

    /** Nothing is believed that an earlier pass saw. */
    @Test
    void anOldBundleGoesOnlyAfterANewOneOfItsSegmentWasReadInTheSamePass() throws Exception {
        Store store = clinic.store(0);
        Map<String, byte[]> old = new HashMap<>();
        for (String name : names(store, "keys/")) {
            old.put(name, object(store, name));
        }
        clinic.spool.changeRoot();
        later();
        assertThat(former(store)).isEmpty();

        // A tier as it was before, of the same marker: somebody brought a snapshot of it back.
        names(store, "keys/").forEach(store.memory::delete);
        for (Map.Entry<String, byte[]> one : old.entrySet()) {
            store.memory.put(one.getKey(), one.getValue());
        }
        store.refusedPut = "keys/";
        clinic.clock.advance(Duration.ofDays(2));
        clinic.ship();
        assertThat(names(store, "keys/")).containsExactlyInAnyOrderElementsOf(old.keySet());

        store.refusedPut = null;
        later();
        assertThat(former(store)).isEmpty();
        assertThat(held(store)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void theCopiesStayWhileWhatTakesTheirPlaceIsNotThere() throws Exception {
        Store store = clinic.store(0);
        List<String> old = names(store, "installation/");
        clinic.spool.changeRoot();
        String lost = HomeCopy.ROOT.objectName(Files.readAllBytes(clinic.home.rootParameters()));
        store.firstDelete = () -> store.memory.delete(lost);
        clinic.ship();
        assertThat(store.firstDelete).as("happened").isNull();
        assertThat(names(store, "installation/")).containsAll(old).doesNotContain(lost);

        later();
        assertThat(former(store)).isEmpty();
        assertThat(names(store, "installation/")).contains(lost).hasSize(4);
    }

    @Test
    void oneBundleThatCannotBeGotStaysWithTheCopiesAndHoldsUpNoOtherSegment() throws Exception {
        Store store = clinic.store(0);
        int others = 9; // more than one step takes
        for (int number = 2; number < 2 + others; number++) {
            Path first = clinic.home.keyring().resolve("records/00000001.strk");
            Files.copy(first, first.resolveSibling(String.format(Locale.ROOT, "%08d.strk", number)));
            store.memory.put(
                    String.format(Locale.ROOT, "keys/%08d-3-0123456789abcdef", number),
                    object(store, names(store, "keys/").get(0)));
        }
        store.deadObject = "keys/00000002-3-0123456789abcdef";
        clinic.spool.changeRoot();
        later();
        assertThat(former(store))
                .as("the copies are needed by its source")
                .hasSize(3)
                .contains(store.deadObject);
        assertThat(names(store, "keys/00000010")).hasSize(1);
        assertThat(clinic.rooms.problems.standing()).hasSize(1);

        store.deadObject = null;
        later();
        assertThat(former(store)).isEmpty();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    @Test
    void withoutARecordedChangeNothingIsDeleted() throws Exception {
        clinic.spool.changeRoot();
        Files.delete(clinic.home.formerKeys());
        List<String> old = former(clinic.store(0));
        clinic.clock.advance(Duration.ofDays(2));
        clinic.ship();
        assertThat(former(clinic.store(0))).containsExactlyElementsOf(old).hasSizeGreaterThan(2);
    }

    @Test
    void aTierThatKeepsEverythingIsToldAndTriedAgain() throws Exception {
        clinic.store(0).keeps = true;
        clinic.spool.changeRoot();
        later();
        assertThat(former(clinic.store(0))).isNotEmpty();
        assertThat(former(clinic.store(1))).isEmpty();
        assertThat(clinic.rooms.problems.standing())
                .extracting(Problem::cure)
                .singleElement()
                .asString()
                .contains("Let the tier's credentials delete");

        clinic.store(0).keeps = false;
        later();
        assertThat(former(clinic.store(0))).isEmpty();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    @Test
    void whatIsLockedIsNamedWithTheDateIsNotLockedForLongerAndGoesThen() throws Exception {
        try (Clinic bucket = new Clinic(folder.resolve("bucket"), "near")) {
            Store store = bucket.store(0);
            store.versions = new Versions(store, Duration.ofDays(40), bucket.clock);
            bucket.open();
            bucket.spool.study(UUID.randomUUID(), 5_000);
            bucket.ship();
            bucket.lock();
            bucket.spool.changeRoot();
            List<String> old = former(bucket, store);
            assertThat(old).hasSize(3);
            Map<String, Instant> locks = new HashMap<>(store.versions.locks);
            locks.keySet().retainAll(old);
            assertThat(locks).hasSize(3);

            bucket.ship();
            Instant last = Collections.max(locks.values());
            assertThat(bucket.rooms.problems.standing())
                    .extracting(Problem::message)
                    .containsExactly(
                            "tier near still holds 3 objects that a former key may open (3 of them locked until " + last
                                    + ")");
            bucket.clock.advance(Duration.ofDays(35));
            bucket.lock();
            assertThat(store.versions.locks).containsAllEntriesOf(locks);
            assertThat(former(bucket, store)).hasSize(3);

            bucket.clock.advance(Duration.ofDays(6));
            bucket.ship();
            assertThat(former(bucket, store)).isEmpty();
            assertThat(bucket.rooms.problems.standing()).isEmpty();
        }
    }
}
