package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyLabel;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.settings.Rate;

/** What a destroyed key sealed goes, the key goes, and nothing else does. */
class ErasureTest {
    private static final UUID GONE = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final UUID ERASURE = UUID.randomUUID();

    @TempDir
    Path folder;

    private Clinic clinic;
    private TestJournal journal;
    private List<UUID> gone;
    private List<UUID> other;

    @BeforeEach
    void twoStudies() throws Exception {
        clinic = new Clinic(folder, "near", "far").open();
        journal = new TestJournal(clinic.home, clinic.installation);
        gone = clinic.spool.study(GONE, 1_000, 1_000);
        other = clinic.spool.study(OTHER, 1_000);
        clinic.ship();
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private void remove(List<UUID> files) throws Exception {
        for (UUID file : files) {
            journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
        }
    }

    private void destroy() throws Exception {
        journal.destroyed(ERASURE, GONE, clinic.clock.instant());
        clinic.spool.destroy(GONE);
        clinic.rooms.refresh();
    }

    /** Everything that the rounds would do. */
    private void work() throws Exception {
        clinic.ship();
        clinic.rooms.localErasure.step();
    }

    private static boolean holdsKey(Store store) throws IOException {
        for (String bundle : store.objects("keys/")) {
            for (KeyRecord record : KeyBundle.decode(store.object(bundle)).records()) {
                if (record.label().id().equals(GONE) && record.label().kind() == KeyKind.STUDY) {
                    return true;
                }
            }
        }
        return false;
    }

    private void requireNothingLeft() throws Exception {
        for (Store store : clinic.stores) {
            assertThat(holdsKey(store)).as(store.name).isFalse();
            assertThat(store.objects("packs/")).as(store.name).hasSize(1);
        }
        for (UUID file : gone) {
            assertThat(clinic.home.cached(file)).doesNotExist();
            assertThat(clinic.home.spooled(file)).doesNotExist();
            assertThat(clinic.home.cachedHead(file)).doesNotExist();
            assertThat(clinic.rooms.files.find(file)).isEmpty();
        }
        assertThat(clinic.rooms.remains(GONE).tiers()).isEmpty();
        assertThat(clinic.rooms.remains(GONE).here()).isZero();
        assertThat(clinic.read(other.get(0))).isEqualTo(clinic.spool.bytes(other.get(0)));
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    @Test
    void pack_files_and_key_are_gone_at_once_and_everything_else_is_there() throws Exception {
        assertThat(holdsKey(clinic.store(0))).isTrue();
        assertThat(clinic.rooms.remains(GONE).living()).isEqualTo(2);
        remove(gone);
        clinic.rooms.refresh();
        assertThat(clinic.rooms.remains(GONE).living()).isZero();
        assertThat(clinic.rooms.remains(GONE).here()).isEqualTo(2);
        assertThat(clinic.rooms.remains(GONE).tiers()).containsOnlyKeys("near", "far");
        destroy();
        assertThat(clinic.rooms.remains(GONE).tiers()).containsOnlyKeys("near", "far");
        work();
        requireNothingLeft();
        List<String> bundles = clinic.store(0).objects("keys/");
        List<UUID> later = clinic.spool.study(UUID.randomUUID(), 1_000);
        work();
        assertThat(clinic.store(0).objects("packs/"))
                .as("what comes later is shipped")
                .hasSize(2);
        assertThat(clinic.store(0).objects("keys/")).as("with its key").hasSizeGreaterThan(bundles.size());
        assertThat(clinic.read(later.get(0))).isEqualTo(clinic.spool.bytes(later.get(0)));
    }

    @Test
    void it_waits_for_the_timetable_and_has_its_place_in_the_order() throws Exception {
        remove(gone);
        destroy();
        clinic.uplink.limit(Rate.OFF, Instant.now().plusSeconds(600));
        clinic.clock.advance(Duration.ofHours(2));
        clinic.stores.forEach(store -> store.objects("installation/").forEach(store.memory::delete));
        clinic.stores.forEach(store -> store.puts.clear());
        work();
        assertThat(clinic.rooms.remains(GONE).tiers()).containsOnlyKeys("near", "far");
        for (Store store : clinic.stores) {
            assertThat(store.puts).as("nor is Home copied").isEmpty();
            assertThat(holdsKey(store)).isTrue();
        }
        clinic.uplink.back();
        work();
        requireNothingLeft();
        for (Store store : clinic.stores) {
            assertThat(store.puts)
                    .anyMatch(put -> put.startsWith("NEW installation/"))
                    .noneMatch(put -> put.startsWith("CLINICAL"));
        }
    }

    @Test
    void a_tier_that_is_away_is_pending_and_finishes_later() throws Exception {
        remove(gone);
        clinic.store(1).away = true;
        destroy();
        work();
        assertThat(clinic.rooms.remains(GONE).tiers()).containsOnlyKeys("far");
        assertThat(clinic.store(0).objects("packs/")).hasSize(1);
        assertThat(holdsKey(clinic.store(1))).isTrue();
        clinic.reopen();
        clinic.rooms.refresh();
        assertThat(clinic.rooms.remains(GONE).tiers()).containsOnlyKeys("far");
        clinic.store(1).away = false;
        work();
        requireNothingLeft();
    }

    /** In a bucket with versions a delete marker hides it: no list shows the key, and whoever removes the marker has it. */
    @Test
    void a_bundle_that_somebody_hid_is_gone_as_well() throws Exception {
        Store near = clinic.store(0);
        near.versions = new Versions(near, Duration.ofDays(40), clinic.clock);
        String bundle = near.objects("keys/").get(0);
        byte[] held = near.object(bundle);
        near.versions.hide(bundle);
        near.versions.mayReveal = false;
        remove(gone);
        clinic.rooms.refresh();
        destroy();
        work();
        assertThat(clinic.rooms.remains(GONE).tiers().get("near"))
                .as("while nobody may look")
                .contains("hidden");
        near.versions.mayReveal = true;
        clinic.clock.advance(Duration.ofDays(1));
        work();
        work();
        assertThat(near.versions.hidden).isEmpty();
        assertThat(near.objects("keys/"))
                .allSatisfy(name -> assertThat(near.object(name)).isNotEqualTo(held));
        requireNothingLeft();
    }

    /** In a storage account with soft delete whoever brings it back has the key, or what it opens. */
    @Test
    void what_the_store_keeps_after_it_was_deleted_is_not_gone() throws Exception {
        Store near = clinic.store(0);
        near.versions = new Versions(near, Duration.ofSeconds(1), clinic.clock);
        near.versions.keepsDeleted = Duration.ofDays(7);
        remove(gone);
        clinic.rooms.refresh();
        destroy();
        near.failing.put("lingering", FailureKind.REFUSED);
        work();
        assertThat(clinic.rooms.remains(GONE).tiers().get("near"))
                .as("what nobody may ask for is not gone either")
                .isEqualTo("the store does not say what it keeps of deleted packs: this one call fails;"
                        + " this one call fails");
        assertThat(holdsKey(near)).isFalse();
        near.failing.clear();
        Instant end = clinic.clock.instant().plus(Duration.ofDays(7));
        clinic.clock.advance(Duration.ofDays(6));
        work();
        assertThat(near.objects("packs/")).hasSize(1);
        assertThat(clinic.rooms.remains(GONE).tiers().get("near"))
                .matches("the store keeps 1 of a pack's objects that are deleted or have newer versions, until (\\S+);"
                        + " the store keeps 1 of key bundles that are deleted or have newer versions, until (\\S+)")
                .satisfies(told -> assertThat(
                                Pattern.compile("until ([^; ]+)").matcher(told).results())
                        .extracting(until -> Instant.parse(until.group(1)))
                        .allSatisfy(until -> assertThat(until).isBetween(end.minusSeconds(60), end)));
        long asked = near.count("lingering packs/");
        assertThat(asked).isPositive();
        clinic.clock.advance(Duration.ofMinutes(20));
        work();
        assertThat(near.count("lingering packs/"))
                .as("before the time that is known")
                .isEqualTo(asked);
        clinic.clock.advance(Duration.ofDays(1).plusMinutes(1));
        work();
        requireNothingLeft();
    }

    /** It is told until when, and is gone with the last lock, not ten minutes later. */
    @Test
    void what_is_locked_goes_when_the_lock_ends() throws Exception {
        Store near = clinic.store(0);
        near.versions = new Versions(near, Duration.ofSeconds(1), clinic.clock);
        Instant first = clinic.clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(60);
        Instant last = first.plusSeconds(40);
        near.objects("keys/").forEach(name -> near.versions.locks.put(name, first));
        near.objects("packs/").forEach(name -> near.versions.locks.put(name, last));
        remove(gone);
        clinic.rooms.refresh();
        destroy();
        work();
        assertThat(clinic.rooms.remains(GONE).tiers().get("near"))
                .isEqualTo("a pack is locked until " + last + "; a key bundle with the key is locked until " + first);
        clinic.clock.advance(Duration.ofSeconds(70));
        work();
        assertThat(clinic.rooms.remains(GONE).tiers().get("near")).isEqualTo("a pack is locked until " + last);
        clinic.clock.advance(Duration.ofSeconds(40));
        work();
        requireNothingLeft();
    }

    @Test
    void what_cannot_be_deleted_is_told_until_it_can() throws Exception {
        remove(gone);
        clinic.store(1).keeps = true;
        destroy();
        work();
        assertThat(clinic.rooms.remains(GONE).tiers().get("far"))
                .contains("a pack cannot be deleted now", "a key bundle with the key cannot be deleted");
        int bundles = clinic.store(1).objects("keys/").size();
        for (int hours = 0; hours < 3; hours++) {
            clinic.clock.advance(Duration.ofHours(1));
            work();
        }
        assertThat(clinic.store(1).objects("keys/")).as("none is written again").hasSize(bundles);
        clinic.store(1).keeps = false;
        clinic.clock.advance(Duration.ofMinutes(11));
        work();
        requireNothingLeft();
    }

    @Test
    void nothing_of_a_study_that_orthanc_has_again_is_deleted() throws Exception {
        remove(gone.subList(0, 1));
        destroy();
        work();
        for (Store store : clinic.stores) {
            assertThat(store.objects("packs/")).hasSize(2);
        }
        assertThat(clinic.home.cached(gone.get(1))).exists();
        assertThat(clinic.rooms.remains(GONE).tiers().get("near")).contains("Orthanc has images of it");
    }

    @Test
    void a_kill_between_two_steps_leaves_nothing_behind() throws Exception {
        remove(gone);
        destroy();
        clinic.store(0).deadlyPut = "keys/";
        assertThatThrownBy(this::work).isInstanceOf(Store.Killed.class);
        clinic.reopen();
        work();
        requireNothingLeft();
        assertThat(clinic.store(0).objects("keys/"))
                .as("what the killed one wrote is one of ours")
                .isNotEmpty();
    }

    @Test
    void a_ledger_made_anew_finishes_it() throws Exception {
        remove(gone);
        clinic.store(1).away = true;
        destroy();
        work();
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.store(1).away = false;
        clinic.open();
        for (int round = 0; round < 3; round++) {
            work();
        }
        requireNothingLeft();
    }

    @Test
    void a_bundle_with_keys_that_the_keyring_lost_is_not_deleted() throws Exception {
        remove(gone);
        String bundle = clinic.store(0).objects("keys/").get(0);
        KeyBundle before = KeyBundle.decode(clinic.store(0).object(bundle));
        assertThat(before.records()).hasSizeGreaterThan(2);
        Path segment = clinic.home.keyring().resolve("records").resolve("00000001.strk");
        int size = before.records().get(1).size();
        destroy();
        byte[] shorter = Arrays.copyOf(Files.readAllBytes(segment), size); // without the other study's key
        Files.write(segment, shorter);
        work();
        assertThat(clinic.store(0).objects("keys/")).contains(bundle);
        assertThat(clinic.rooms.remains(GONE).tiers().get("near")).contains("holds keys that the keyring lacks");
    }

    @Test
    void a_segment_that_the_disk_does_not_give_holds_up_nothing_else() throws Exception {
        remove(gone);
        destroy();
        Path segment = clinic.home.keyring().resolve("records").resolve("00000001.strk");
        Path kept = Files.move(segment, segment.resolveSibling("kept"));
        Files.createDirectory(segment);
        work();
        assertThat(clinic.rooms.remains(GONE).tiers().get("near"))
                .contains("a segment of Home's keyring cannot be read");
        Files.delete(segment);
        Files.move(kept, segment);
        clinic.clock.advance(Duration.ofMinutes(11));
        work();
        requireNothingLeft();
    }

    /** As that of a segment that a recovery left empty, because nothing that the tiers held needed it. */
    @Test
    void a_key_without_a_record_is_gone_where_no_bundle_holds_it() throws Exception {
        remove(gone);
        UUID unknown = UUID.randomUUID();
        journal.destroyed(ERASURE, unknown, clinic.clock.instant());
        destroy();
        clinic.spool.study(UUID.randomUUID(), 1_000);
        work();
        assertThat(clinic.store(0).objects("packs/"))
                .as("the other one, and what came")
                .hasSize(2);
        assertThat(holdsKey(clinic.store(0))).isFalse();
        assertThat(clinic.rooms.remains(unknown).tiers()).isEmpty();
    }

    /** Behind a bundle that does not hold it, in a segment that the keyring has not. */
    private String strayBundle(UUID key) throws IOException {
        KeyBundle bundle = KeyBundle.decode(
                clinic.store(0).object(clinic.store(0).objects("keys/").get(0)));
        KeyRecord study = bundle.records().get(1);
        KeyLabel like = study.label();
        KeyLabel label = new KeyLabel(
                KeyKind.STUDY, clinic.installation, like.tenant(), key, 1, like.ownerTag(), 1, study.payload().length);
        List<KeyRecord> records = List.of(bundle.records().get(0), new KeyRecord(label, study.payload()));
        String name = "keys/00000007-1-0123456789abcdef";
        clinic.store(0).memory.put(name, new KeyBundle(clinic.installation, records).encode());
        return name;
    }

    @Test
    void a_key_without_a_record_is_not_gone_where_a_bundle_holds_it_or_may() throws Exception {
        Store near = clinic.store(0);
        UUID unknown = UUID.randomUUID();
        String name = strayBundle(unknown);
        byte[] whole = near.object(name);
        journal.destroyed(ERASURE, unknown, clinic.clock.instant());
        work();
        assertThat(clinic.rooms.remains(unknown).tiers()).containsOnlyKeys("near");
        assertThat(clinic.rooms.remains(unknown).tiers().get("near")).contains(name + " holds the key");
        assertThat(near.objects("keys/")).contains(name);

        near.damage(name, 60);
        clinic.clock.advance(Duration.ofDays(1));
        work();
        assertThat(clinic.rooms.remains(unknown).tiers().get("near")).contains("is damaged, and may hold the key");

        near.replace(name, whole);
        near.deadObject = name;
        UUID late = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
        clinic.clock.advance(Duration.ofDays(1));
        work();
        assertThat(clinic.rooms.remains(unknown).tiers().get("near")).contains(name + " cannot be read");
        assertThat(clinic.home.spooled(late)).as("is shipped all the same").doesNotExist();

        near.deadObject = null;
        near.memory.delete(name);
        long listed = near.count("list keys/");
        clinic.clock.advance(Duration.ofMinutes(11));
        work();
        assertThat(near.count("list keys/")).isGreaterThan(listed);
        assertThat(clinic.rooms.remains(unknown).tiers()).isEmpty();
    }

    /** Every bundle of the tier is read for it: not as long as something else is there anyway, which may be for years. */
    @Test
    void bundles_are_searched_for_a_key_without_a_record_when_its_packs_are_gone() throws Exception {
        Store near = clinic.store(0);
        near.versions = new Versions(near, Duration.ofSeconds(1), clinic.clock);
        Instant last = clinic.clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(60);
        near.objects("packs/").forEach(name -> near.versions.locks.put(name, last));
        remove(gone);
        clinic.rooms.refresh();
        destroy();
        Path segment = clinic.home.keyring().resolve("records").resolve("00000001.strk");
        ByteArrayOutputStream others = new ByteArrayOutputStream();
        KeySegment.decode(Files.readAllBytes(segment)).records().stream()
                .filter(record -> !record.label().id().equals(GONE))
                .forEach(record -> others.writeBytes(record.encode()));
        Files.write(segment, others.toByteArray());
        clinic.close();
        Files.delete(clinic.home.ledger()); // which remembers where the record was
        clinic.open();
        long searched = near.count("hidden keys/");
        for (int round = 0; round < 3; round++) {
            work();
        }
        assertThat(clinic.rooms.remains(GONE).tiers().get("near"))
                .isEqualTo("a pack is locked until " + last + "; whether a key bundle has it is looked at then");
        assertThat(near.count("hidden keys/")).isEqualTo(searched);
        clinic.clock.advance(Duration.ofSeconds(70));
        work();
        assertThat(clinic.rooms.remains(GONE).tiers().get("near")).contains("holds the key");
        assertThat(near.count("hidden keys/")).isGreaterThan(searched);
    }

    @Test
    void a_key_without_a_record_is_not_gone_while_it_is_hidden_or_kept() throws Exception {
        Store near = clinic.store(0);
        UUID unknown = UUID.randomUUID();
        String name = strayBundle(unknown);
        near.versions = new Versions(near, Duration.ofSeconds(1), clinic.clock);
        near.versions.keepsDeleted = Duration.ofDays(7);
        near.versions.hide(name);
        near.versions.mayReveal = false;
        journal.destroyed(ERASURE, unknown, clinic.clock.instant());
        work();
        assertThat(clinic.rooms.remains(unknown).tiers().get("near")).contains("hidden");

        near.versions.mayReveal = true;
        clinic.clock.advance(Duration.ofDays(1));
        work();
        assertThat(near.versions.hidden).isEmpty();
        assertThat(clinic.rooms.remains(unknown).tiers().get("near")).contains(name + " holds the key");

        near.tier().delete(name);
        clinic.clock.advance(Duration.ofDays(1));
        work();
        assertThat(clinic.rooms.remains(unknown).tiers().get("near")).contains("the store keeps 1 of key bundles");
        clinic.clock.advance(Duration.ofDays(7));
        near.failing.put("lingering", FailureKind.REFUSED);
        work();
        assertThat(clinic.rooms.remains(unknown).tiers().get("near")).contains("does not say what it keeps");
        near.failing.clear();
        clinic.clock.advance(Duration.ofDays(1));
        work();
        assertThat(clinic.rooms.remains(unknown).tiers()).isEmpty();
    }

    @Test
    void what_orthanc_removed_is_not_told_by_an_older_journal() throws Exception {
        remove(gone);
        clinic.rooms.refresh();
        String newer = "journal/head-99-0000000000000001";
        clinic.store(1).memory.put(newer, new byte[1]);
        assertThatThrownBy(() -> clinic.rooms.remains(GONE))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        destroy();
        assertThat(clinic.rooms.remains(GONE).tiers())
                .as("what is destroyed is told all the same")
                .containsOnlyKeys("near", "far");
        clinic.store(1).memory.delete(newer);
        clinic.clock.advance(Duration.ofHours(1));
        assertThat(clinic.rooms.remains(OTHER).living()).isEqualTo(1);
    }

    @Test
    void a_bundle_with_another_record_of_a_key_is_not_deleted() throws Exception {
        remove(gone);
        String bundle = clinic.store(0).objects("keys/").get(0);
        destroy();
        Path segment = clinic.home.keyring().resolve("records").resolve("00000001.strk");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1; // of the other study's key
        Files.write(segment, bytes);
        work();
        assertThat(clinic.store(0).objects("keys/")).containsExactly(bundle);
        assertThat(clinic.rooms.remains(GONE).tiers().get("near")).contains("a record differs");
    }

    @Test
    void what_was_never_shipped_is_gone_too() throws Exception {
        List<UUID> late = clinic.spool.study(UUID.randomUUID(), 1_000);
        clinic.rooms.refresh();
        UUID key = clinic.rooms.files.find(late.get(0)).orElseThrow().header().key();
        remove(late);
        journal.destroyed(ERASURE, key, clinic.clock.instant());
        clinic.spool.destroy(key);
        clinic.rooms.refresh();
        work();
        assertThat(clinic.home.spooled(late.get(0))).doesNotExist();
        assertThat(clinic.rooms.remains(key).tiers()).isEmpty();
        assertThat(clinic.rooms.remains(key).here()).isZero();
        assertThat(clinic.store(0).objects("packs/")).hasSize(2);
    }
}
