package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.control.TrimRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.sidecar.archive.ArchiveRules;
import org.strongroom.sidecar.marker.Placement;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.tier.MemoryArchive;

/** A bucket with versions and locks, and somebody who means ill. */
class LockTest {
    private static final Duration PERIOD = Duration.ofDays(40);

    @TempDir
    Path folder;

    private TestJournal journal;

    private Clinic locked(String... stores) throws Exception {
        Clinic clinic = new Clinic(folder, stores);
        Store first = clinic.store(0);
        first.versions = new Versions(first, PERIOD, clinic.clock);
        journal = new TestJournal(clinic.home, clinic.installation);
        return clinic.open();
    }

    private static List<UUID> shipped(Clinic clinic) throws Exception {
        List<UUID> files = clinic.spool.study(UUID.randomUUID(), 60_000, 60_000);
        clinic.ship();
        clinic.lock();
        return files;
    }

    /** What a store does not mind is seen at the start, not on a bad day. */
    @Test
    void aStoreIsAskedOnceWhetherItMindsConditionsWithTheMarkerAsItIs() throws Exception {
        try (Clinic clinic = new Clinic(folder.resolve("plain"), "near").open()) {
            clinic.lock();
            clinic.clock.advance(Duration.ofDays(2));
            clinic.lock();
            assertThat(clinic.store(0).examined).isEqualTo(List.of(Optional.of(TierMarker.OBJECT), Optional.empty()));
            assertThat(clinic.rooms.abilities("near")).isEmpty();
        }
        try (Clinic clinic = locked("far")) {
            clinic.lock();
            assertThat(clinic.store(0).examined)
                    .as("with a lock an object of its own is tried")
                    .isEqualTo(List.of(Optional.empty()));
        }
    }

    private static String pack(Clinic clinic) {
        return clinic.store(0).objects("packs/").get(0);
    }

    private static Duration left(Clinic clinic, String object) {
        return Duration.between(
                clinic.clock.instant(), clinic.store(0).versions.locks.getOrDefault(object, Instant.EPOCH));
    }

    private void remove(Clinic clinic, List<UUID> files) throws Exception {
        for (UUID file : files) {
            journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
        }
        clinic.rooms.journal.read();
    }

    @Test
    void the_lock_of_what_is_not_wanted_in_a_tier_runs_out() throws Exception {
        Clinic clinic = locked("near", "far");
        UUID tenant = UUID.randomUUID();
        clinic.spool.sealFor(tenant);
        shipped(clinic);
        String pack = pack(clinic);
        clinic.close();
        clinic.placements = Map.of(tenant, new Placement("north", Optional.of(Set.of("far")), 1));
        try (clinic) {
            clinic.open();
            clinic.clock.advance(PERIOD.minusDays(1));
            clinic.lock();
            assertThat(left(clinic, pack)).isLessThan(Duration.ofDays(2));
            TrimRequest all = new TrimRequest(null, false);
            assertThat(clinic.rooms.trim.run("near", all).kept()).containsOnlyKeys("the tier keeps it locked");
            clinic.clock.advance(Duration.ofDays(2));
            assertThat(clinic.rooms.trim.run("near", all).packs()).isEqualTo(1);
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
        }
    }

    private static List<String> problems(Clinic clinic) {
        return clinic.rooms.problems.standing().stream().map(Problem::message).toList();
    }

    private static void evictAll(Clinic clinic) throws Exception {
        assertThat(clinic.rooms
                        .evictor
                        .evict(new EvictRequest(true, null, false))
                        .kept())
                .isEmpty();
    }

    @Test
    void a_lock_is_renewed_while_something_is_wanted_and_what_was_purged_waits_for_its_end() throws Exception {
        try (Clinic clinic = locked("near", "far")) {
            List<UUID> files = shipped(clinic);
            String pack = pack(clinic);
            assertThat(left(clinic, pack)).isGreaterThan(PERIOD.minusHours(1));
            for (int month = 0; month < 4; month++) {
                clinic.clock.advance(Duration.ofDays(19));
                clinic.lock();
                assertThat(left(clinic, pack)).isGreaterThan(PERIOD.dividedBy(2));
            }
            remove(clinic, files.subList(0, 1));
            clinic.clock.advance(Duration.ofDays(25));
            clinic.lock();
            assertThat(left(clinic, pack)).as("one is left").isGreaterThan(PERIOD.minusHours(1));

            remove(clinic, files.subList(1, 2));
            clinic.clock.advance(Duration.ofDays(30).plusHours(1));
            clinic.lock();
            assertThat(left(clinic, pack)).isLessThan(Duration.ofDays(10));
            clinic.reopen();
            clinic.rooms.journal.read();
            for (int pass = 0; pass < 3; pass++) {
                clinic.purge();
            }
            assertThat(problems(clinic))
                    .containsExactly("1 packs to be purged are locked in tier near until "
                            + clinic.store(0).versions.locks.get(pack).truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
                            + " at the latest");
            assertThat(clinic.store(0).objects("packs/")).containsExactly(pack);
            assertThat(clinic.store(1).objects("packs/")).isEmpty();
            assertThat(clinic.store(0).count("delete packs/"))
                    .as("it was known")
                    .isZero();

            clinic.clock.advance(Duration.ofDays(10));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
            assertThat(problems(clinic)).isEmpty();
        }
    }

    @Test
    void a_lock_that_the_ledger_does_not_know_is_found_by_the_purge() throws Exception {
        try (Clinic clinic = locked("near")) {
            List<UUID> files = shipped(clinic);
            String pack = pack(clinic);
            remove(clinic, files);
            clinic.clock.advance(Duration.ofDays(31));
            clinic.store(0).versions.locks.put(pack, clinic.clock.instant().plus(Duration.ofDays(20)));
            clinic.clock.advance(Duration.ofDays(10)); // what the ledger knew of has ended
            clinic.purge();
            clinic.purge();
            assertThat(clinic.store(0).count("delete packs/")).isEqualTo(1);
            assertThat(problems(clinic)).singleElement().asString().contains("1 packs to be purged are locked");
            clinic.clock.advance(Duration.ofDays(11));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
        }
    }

    @Test
    void what_opens_the_packs_is_locked_as_well() throws Exception {
        try (Clinic clinic = locked("near")) {
            remove(clinic, List.of(UUID.randomUUID())); // so that there is a journal
            shipped(clinic);
            Store store = clinic.store(0);
            for (String prefix : List.of("tier.id", "keys/", "installation/", "journal/")) {
                assertThat(store.objects(prefix)).as(prefix).isNotEmpty().allSatisfy(name -> assertThat(
                                left(clinic, name))
                        .isPositive());
            }
            String journal = store.objects("journal/").get(0);
            String bundle = store.objects("keys/").get(0);
            store.versions.hide(journal);
            store.memory.delete(bundle);
            clinic.clock.advance(Duration.ofDays(1));
            clinic.lock();
            assertThat(store.objects("journal/")).contains(journal);
            shipped(clinic);
            assertThat(store.objects("keys/")).isNotEmpty().doesNotContain(bundle);
        }
    }

    @Test
    void the_heads_of_archived_packs_are_locked_as_long_as_the_packs() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        Store store = clinic.store(0);
        store.versions = new Versions(store, PERIOD, clinic.clock);
        store.archive = new MemoryArchive(store.memory, clinic.clock);
        journal = new TestJournal(clinic.home, clinic.installation);
        clinic.with(new ArchiveRules("COLDEST", Duration.ZERO, Duration.ofDays(2), true));
        try (clinic) {
            clinic.open();
            List<UUID> files = shipped(clinic);
            clinic.clock.advance(Duration.ofDays(1));
            clinic.archive();
            String heads = store.objects("heads/").get(0);
            for (int month = 0; month < 3; month++) {
                clinic.clock.advance(PERIOD.dividedBy(2).plusHours(1));
                clinic.lock();
                assertThat(left(clinic, heads)).isGreaterThan(PERIOD.dividedBy(2));
            }
            store.memory.delete(heads);
            clinic.clock.advance(PERIOD.dividedBy(2).plusHours(1));
            clinic.lock();
            assertThat(left(clinic, pack(clinic)))
                    .as("they are made anew by the scrub")
                    .isGreaterThan(PERIOD.dividedBy(2));

            remove(clinic, files);
            clinic.clock.advance(PERIOD.plusDays(1));
            clinic.purge();
            assertThat(store.objects("packs/")).isEmpty();
            assertThat(store.objects("heads/")).isEmpty();
        }
    }

    @Test
    void copies_of_the_journal_that_are_locked_go_when_their_locks_have_ended() throws Exception {
        try (Clinic clinic = locked("near")) {
            remove(clinic, List.of(UUID.randomUUID()));
            shipped(clinic);
            Store store = clinic.store(0);
            List<String> first = store.objects("journal/");
            remove(clinic, List.of(UUID.randomUUID()));
            clinic.clock.advance(Duration.ofMinutes(10));
            clinic.ship();
            assertThat(store.objects("journal/"))
                    .as("locked")
                    .containsAll(first)
                    .hasSizeGreaterThan(first.size());
            clinic.reopen();
            clinic.clock.advance(PERIOD);
            clinic.ship();
            assertThat(store.objects("journal/")).isNotEmpty().doesNotContainAnyElementsOf(first);
        }
    }

    @Test
    void packs_behind_delete_markers_are_seen_again_and_told() throws Exception {
        try (Clinic clinic = locked("near")) {
            List<UUID> files = shipped(clinic);
            evictAll(clinic);
            clinic.store(0).versions.hide(pack(clinic));
            clinic.store(0).calls.clear();
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            assertThat(problems(clinic))
                    .containsExactly("1 packs were hidden by delete markers in tier near; they are seen again");
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
            assertThat(clinic.store(0).count("begin ")).isZero();
            assertThat(clinic.store(0).count("get packs/"))
                    .as("it is read at once")
                    .isPositive();
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            assertThat(problems(clinic)).isEmpty();
        }
    }

    @Test
    void a_reader_who_misses_a_hidden_pack_has_it_revealed() throws Exception {
        try (Clinic clinic = locked("near")) {
            List<UUID> files = shipped(clinic);
            clinic.scrub(); // the day's count is done
            evictAll(clinic);
            clinic.store(0).versions.hide(pack(clinic));
            assertThatThrownBy(() -> clinic.read(files.get(0))).isInstanceOf(StrongroomException.class);
            clinic.rooms.tierRooms.forEach(tier -> tier.scrubber.tryAgain());
            clinic.scrub();
            assertThat(problems(clinic)).anyMatch(text -> text.startsWith("1 packs were hidden by delete markers"));
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
        }
    }

    @Test
    void what_may_not_be_revealed_is_sent_again() throws Exception {
        try (Clinic clinic = locked("near")) {
            shipped(clinic);
            String pack = pack(clinic);
            clinic.store(0).versions.mayReveal = false;
            clinic.store(0).versions.hide(pack);
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            clinic.ship();
            assertThat(clinic.store(0).objects("packs/")).containsExactly(pack);
            assertThat(problems(clinic))
                    .contains("1 packs were hidden by delete markers in tier near; 1 of them stay hidden, and are sent"
                            + " again");
        }
    }

    @Test
    void an_only_copy_that_was_overwritten_comes_from_the_version_below() throws Exception {
        try (Clinic clinic = locked("near")) {
            List<UUID> files = shipped(clinic);
            evictAll(clinic);
            clinic.store(0).versions.overwrite(pack(clinic), new byte[100]);
            assertThatThrownBy(() -> clinic.read(files.get(0))).isInstanceOf(StrongroomException.class);
            clinic.rooms.tierRooms.forEach(tier -> tier.scrubber.tryAgain());
            clinic.scrub();
            clinic.ship();
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
            assertThat(clinic.totals().tiers().get("near").queued()).isZero();
            assertThat(clinic.store(0).count("begin ")).as("sent once").isEqualTo(1);
        }
    }

    @Test
    void a_hidden_marker_is_no_foreign_tier() throws Exception {
        try (Clinic clinic = locked("near")) {
            clinic.store(0).versions.hide("tier.id");
            clinic.rooms.tiers.get("near").requireOurs();
            clinic.store(0).versions.mayReveal = false;
            clinic.store(0).versions.hide("tier.id");
            assertThatThrownBy(() -> clinic.rooms.tiers.get("near").requireOurs())
                    .hasMessageContaining("somebody deleted the tier's marker");
        }
    }

    @Test
    void what_the_store_cannot_do_is_told_until_it_can() throws Exception {
        try (Clinic clinic = locked("near")) {
            clinic.store(0).versions.missing =
                    List.of(StrongroomException.of(FailureKind.REFUSED, "the bucket has no object lock"));
            clinic.lock();
            assertThat(problems(clinic)).containsExactly("the bucket has no object lock");
            assertThat(clinic.rooms.abilities("near")).containsEntry("object lock", "enforced");
            clinic.store(0).versions.missing = List.of();
            clinic.clock.advance(Duration.ofMinutes(10));
            clinic.lock();
            assertThat(problems(clinic)).isEmpty();
        }
    }

    @Test
    void locks_are_renewed_although_something_else_is_missing_but_not_where_none_holds() throws Exception {
        try (Clinic clinic = locked("near")) {
            shipped(clinic);
            String pack = pack(clinic);
            clinic.store(0).versions.missing =
                    List.of(StrongroomException.of(FailureKind.REFUSED, "versions may not be listed"));
            clinic.clock.advance(Duration.ofDays(21));
            clinic.lock();
            assertThat(left(clinic, pack)).isGreaterThan(PERIOD.minusHours(1));
            assertThat(problems(clinic)).containsExactly("versions may not be listed");

            clinic.store(0).versions.enforced = false;
            clinic.clock.advance(Duration.ofDays(21));
            clinic.lock();
            assertThat(left(clinic, pack)).isLessThan(PERIOD.minusDays(20));
        }
    }

    @Test
    void one_pack_whose_lock_cannot_be_renewed_holds_up_no_other() throws Exception {
        try (Clinic clinic = locked("near")) {
            shipped(clinic);
            String first = pack(clinic);
            shipped(clinic);
            String second = clinic.store(0).objects("packs/").stream()
                    .filter(name -> !name.equals(first))
                    .findFirst()
                    .orElseThrow();
            clinic.store(0).versions.stubborn = first;
            clinic.clock.advance(Duration.ofDays(21));
            clinic.lock();
            assertThat(left(clinic, second)).isGreaterThan(PERIOD.minusHours(1));
            assertThat(problems(clinic)).containsExactly("no right to lock this");

            clinic.store(0).versions.stubborn = "";
            clinic.clock.advance(Duration.ofMinutes(10));
            clinic.lock();
            assertThat(left(clinic, first)).isGreaterThan(PERIOD.minusHours(1));
            clinic.lock();
            assertThat(problems(clinic)).isEmpty();
        }
    }

    /** Left alone until a year that the clock showed for a moment its lock would end meanwhile. */
    @Test
    void a_lock_that_could_not_be_renewed_by_a_clock_that_was_ahead_is_tried_again_soon() throws Exception {
        try (Clinic clinic = locked("near")) {
            shipped(clinic);
            String pack = pack(clinic);
            clinic.clock.advance(Duration.ofDays(21));
            clinic.store(0).versions.stubborn = pack;
            clinic.clock.isWrongBy(Duration.ofDays(5 * 365));
            clinic.lock();
            assertThat(problems(clinic)).containsExactly("no right to lock this");
            clinic.clock.isWrongBy(Duration.ZERO);
            clinic.store(0).versions.stubborn = "";
            clinic.lock();
            assertThat(left(clinic, pack)).isGreaterThan(PERIOD.minusHours(1));
        }
    }

    /** Of the audit log's right edge only the newest is wanted, and of its checkpoints: they are written with locks, which run out. */
    @Test
    void anchors_of_the_audit_log_stay_locked() throws Exception {
        try (Clinic clinic = locked("near")) {
            for (int i = 0; i < 2; i++) {
                try (PendingLog pending =
                        PendingLog.open(clinic.home.pendingAudit(), "test", clinic.clock, clinic.clock.running())) {
                    for (int event = 0; event < 300; event++) {
                        pending.write(AuditEvent.of(AuditType.VIEW));
                    }
                }
                clinic.rooms.audit.flush();
                clinic.clock.advance(Duration.ofMinutes(10));
                clinic.rooms.tierRooms.get(0).anchor.step();
            }
            List<String> checkpoints = clinic.store(0).objects("audit/").stream()
                    .filter(name -> name.contains("/checkpoints/"))
                    .toList();
            assertThat(checkpoints).hasSize(2);
            for (int month = 0; month < 4; month++) {
                clinic.lock();
                assertThat(clinic.store(0).objects("audit/"))
                        .allSatisfy(name -> assertThat(left(clinic, name).compareTo(PERIOD.dividedBy(2)) > 0)
                                .as(name)
                                .isEqualTo(!name.contains(".p/") && !name.equals(checkpoints.get(0))));
                clinic.clock.advance(Duration.ofDays(19));
            }
        }
    }
}
