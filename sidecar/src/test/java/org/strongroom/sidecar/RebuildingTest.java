package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.Place;

class RebuildingTest {
    private static final UUID KEY = UUID.randomUUID();

    @TempDir
    Path folder;

    /** Three studies: one evicted, one in the cache, one in the spool, and one file that Orthanc removed. */
    private static Clinic filled(Path folder) throws Exception {
        Clinic clinic = new Clinic(folder, "near", "far").open();
        clinic.spool.study(KEY, 3_000, 3_000);
        clinic.ship();
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        List<UUID> second = clinic.spool.study(UUID.randomUUID(), 4_000, 4_000, 4_000);
        clinic.ship();
        new TestJournal(clinic.home, clinic.installation)
                .append(JournalType.TOMBSTONE, second.get(0), clinic.clock.instant());
        clinic.rooms.journal.read();
        clinic.spool.study(UUID.randomUUID(), 5_000);
        clinic.rooms.intake.scan();
        assertThat(clinic.in(Place.HEAD)).isEqualTo(2);
        return clinic;
    }

    /** The same with its sidecar ended, and the ledger lost. */
    private static Clinic withoutLedger(Path folder) throws Exception {
        Clinic clinic = filled(folder);
        clinic.close();
        Files.delete(clinic.home.ledger());
        return clinic;
    }

    private static void assertComplete(Clinic clinic) throws Exception {
        for (Map.Entry<UUID, byte[]> file : clinic.spool.stored().entrySet()) {
            assertThat(clinic.read(file.getKey())).isEqualTo(file.getValue());
        }
    }

    @Test
    void a_lost_ledger_is_filled_again_and_nothing_is_shipped_twice() throws Exception {
        Clinic clinic = withoutLedger(folder);
        clinic.open();
        clinic.ship();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
        assertThat(clinic.store(0).objects("packs/")).hasSize(3);
        assertThat(clinic.in(Place.HEAD)).isEqualTo(2);
        assertThat(clinic.in(Place.CACHE)).isEqualTo(3);
        assertThat(clinic.totals().removed().get(Place.CACHE).files()).isEqualTo(1);
        assertThat(clinic.totals().tiers().get("far").objects()).isEqualTo(3);
        assertComplete(clinic);
        clinic.close();
    }

    private static long found(Clinic clinic, String tier, int packs) {
        return LongStream.rangeClosed(1, packs)
                .filter(pack ->
                        clinic.rooms.copies.find(pack, tier).orElseThrow().state() != CopyState.QUEUED)
                .count();
    }

    /** As long as it may be what Home lacks, the ledger is not whole. */
    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"UNAVAILABLE", "REFUSED"})
    void one_pack_that_a_tier_does_not_give_holds_up_no_other_one_and_the_rebuild_is_not_done(FailureKind kind)
            throws Exception {
        Clinic clinic = withoutLedger(folder);
        Store near = clinic.store(0);
        List<String> packs = near.objects("packs/");
        near.failing.put("get " + packs.get(0), kind);
        clinic.open();
        clinic.plan();
        clinic.plan();
        assertThat(clinic.rooms.rebuild.isRunning()).isTrue();
        assertThat(found(clinic, "near", packs.size()))
                .as("the others are known")
                .isEqualTo(packs.size() - 1);
        assertThat(found(clinic, "far", packs.size()))
                .as("and those of the other tier")
                .isEqualTo(packs.size());
        assertThat(clinic.rooms.problems.byName())
                .hasEntrySatisfying("rebuild/unread/near", problem -> assertThat(problem.message())
                        .contains(packs.get(0)))
                .hasEntrySatisfying("rebuilding", problem -> assertThat(problem.message())
                        .startsWith("the ledger is being rebuilt and tier near has not been read to its end"));

        near.calls.clear();
        clinic.reopen();
        clinic.plan();
        assertThat(clinic.rooms.rebuild.isRunning()).isTrue();
        assertThat(near.calls).as("it goes on where it was").noneMatch(call -> call.startsWith("list packs/"));
        assertThat(near.calls.stream().filter(call -> call.startsWith("get packs/")))
                .containsOnly("get " + packs.get(0));

        near.failing.clear();
        clinic.clock.advance(Duration.ofMinutes(2));
        clinic.ship();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKeys("rebuild/unread/near", "rebuilding");
        assertThat(near.objects("packs/")).hasSize(3);
        assertComplete(clinic);
        clinic.close();
    }

    @Test
    void a_rebuild_that_ends_before_it_has_begun_goes_on_with_the_cache() throws Exception {
        Clinic clinic = withoutLedger(folder);
        clinic.open();
        clinic.close();
        clinic.open();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
        assertThat(clinic.in(Place.CACHE)).isEqualTo(3);
        assertComplete(clinic);
        clinic.close();
    }

    @Test
    void a_clock_that_is_ahead_when_the_ledger_is_lost_is_tried_for_a_day() throws Exception {
        Clinic clinic = withoutLedger(folder);
        Instant before = clinic.clock.instant();
        try (DirectoryStream<Path> journal = Files.newDirectoryStream(clinic.home.journal())) {
            for (Path file : journal) {
                Files.setLastModifiedTime(file, FileTime.from(before));
            }
        }
        clinic.clock.advance(Duration.ofDays(400));
        clinic.open();
        assertThat(clinic.rooms.purgeClock.tick()).isEqualTo(before);
        assertThat(clinic.rooms.problems.standing())
                .anySatisfy(problem -> assertThat(problem.message()).contains("nothing is purged"));
        clinic.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"overwritten", "never filled", "cut to a page"})
    void a_damaged_ledger_is_kept_aside_and_filled_again(String how) throws Exception {
        Clinic clinic = filled(folder);
        clinic.close();
        byte[] bytes = Files.readAllBytes(clinic.home.ledger());
        if (how.equals("overwritten")) {
            Arrays.fill(bytes, 5_000, bytes.length - 5_000, (byte) 0x5a);
        }
        int length = how.equals("never filled") ? 0 : how.equals("cut to a page") ? 4096 : bytes.length;
        Files.write(clinic.home.ledger(), Arrays.copyOf(bytes, length));
        clinic.open();
        assertThat(clinic.rooms.rebuild.isRunning()).isTrue();
        try (var files = Files.list(clinic.home.root())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("ledger.db.damaged-"));
        }
        clinic.ship();
        clinic.ship();
        assertComplete(clinic);
        clinic.close();
    }

    @Test
    void nothing_is_packed_and_nothing_is_denied_until_every_tier_was_read() throws Exception {
        Clinic clinic = withoutLedger(folder);
        clinic.store(1).away = true;
        clinic.open();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isTrue();
        assertThat(clinic.store(0).objects("packs/")).hasSize(2);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> clinic.rooms.reads.size(UUID.randomUUID()))
                .hasMessageContaining("rebuilt");
        clinic.store(1).away = false;
        clinic.ship();
        assertThat(clinic.store(0).objects("packs/")).hasSize(3);
        clinic.close();
    }

    @Test
    void what_no_tier_has_after_all_is_shipped_again() throws Exception {
        Clinic clinic = new Clinic(folder, "near").open();
        clinic.spool.study(KEY, 3_000, 3_000);
        clinic.ship();
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.store(0).memory.delete(clinic.store(0).objects("packs/").get(0));
        clinic.open();
        clinic.ship();
        assertThat(clinic.store(0).objects("packs/")).hasSize(1);
        assertThat(clinic.in(Place.CACHE)).isEqualTo(2);
        assertComplete(clinic);
        clinic.close();
    }

    @Test
    void objects_that_are_no_packs_of_ours_are_left_alone() throws Exception {
        Clinic clinic = withoutLedger(folder);
        clinic.store(0).memory.put("packs/" + "00".repeat(16), new byte[500]);
        clinic.open();
        clinic.ship();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
        assertThat(clinic.store(0).objects("packs/")).hasSize(4);
        assertThat(clinic.rooms.problems.standing())
                .anySatisfy(problem -> assertThat(problem.message()).contains("1 objects under packs/"));
        clinic.close();
    }

    @Test
    void a_tier_that_joins_later_gets_every_pack_even_of_evicted_studies() throws Exception {
        Clinic clinic = new Clinic(folder, "near").open();
        clinic.spool.study(KEY, 3_000, 3_000);
        clinic.ship();
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        clinic.close();
        clinic.stores.add(new Store("late"));
        clinic.open();
        clinic.rooms.tiers.get("late").mark();
        clinic.ship();
        String pack = clinic.store(0).objects("packs/").get(0);
        assertThat(clinic.store(1).object(pack)).isEqualTo(clinic.store(0).object(pack));
        assertThat(clinic.totals().tiers().get("late").objects()).isEqualTo(1);
        clinic.close();
    }

    @Test
    void strangers_in_the_spool_are_reported_and_kept() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            Path shard = clinic.home.spooled(file).getParent();
            Path note = Files.writeString(shard.resolve("notes.txt"), "x");
            UUID cut = UUID.fromString(file.toString().substring(0, 2) + "000000-0000-4000-8000-000000000000");
            Files.write(clinic.home.spooled(cut), new byte[60]);
            clinic.ship();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
            assertThat(note).exists();
            assertThat(clinic.home.spooled(cut)).exists();
            assertThat(clinic.rooms.problems.standing()).anySatisfy(problem -> {
                assertThat(problem.kind()).isEqualTo(FailureKind.CORRUPT);
                assertThat(problem.message()).startsWith("2 files in the spool").doesNotContain("notes");
            });
        }
    }

    @Test
    void what_a_kill_left_half_written_goes_and_what_is_being_written_stays() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        Path mirror = folder.resolve("mirror");
        clinic.with(mirror);
        clinic.open();
        try (clinic) {
            List<Path> left = new ArrayList<>();
            for (Path area : List.of(clinic.home.spool(), clinic.home.cache(), mirror)) {
                Path shard = Files.createDirectories(area.resolve("0a"));
                left.add(Files.write(shard.resolve("." + UUID.randomUUID() + ".1.tmp"), new byte[3]));
            }
            Path writing = Files.write(clinic.home.cache().resolve("0a/.y.2.tmp"), new byte[3]);
            clinic.rooms.leftovers.look();
            clinic.clock.isWrongBy(Duration.ofDays(40));
            clinic.rooms.leftovers.look();
            assertThat(left).allMatch(Files::exists);
            clinic.clock.advance(Duration.ofHours(1));
            Files.write(writing, new byte[4]);
            clinic.rooms.leftovers.look();
            assertThat(left).noneMatch(Files::exists);
            assertThat(writing).exists();
            Path later = Files.write(mirror.resolve("0a/.z.3.tmp"), new byte[3]);
            for (int hour = 0; hour < 25; hour++) {
                clinic.clock.advance(Duration.ofHours(1));
                clinic.rooms.leftovers.look();
            }
            assertThat(later).doesNotExist();
            assertThat(writing).doesNotExist();
        }
    }

    @Test
    void a_file_that_comes_twice_is_one_file_and_another_under_its_name_is_a_stranger() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            clinic.ship();
            clinic.spool.put(file, clinic.spool.bytes(file));
            clinic.rooms.intake.scan();
            assertThat(clinic.totals().kept().values().stream()
                            .mapToLong(sum -> sum.files())
                            .sum())
                    .isEqualTo(1);
            clinic.rooms.settler.settleAll();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
            byte[] longer = java.util.Arrays.copyOf(clinic.spool.bytes(file), clinic.spool.bytes(file).length + 1);
            UUID other = clinic.spool.study(KEY, 1_000).get(0);
            clinic.ship();
            Files.createDirectories(clinic.home.spooled(other).getParent());
            byte[] changed = java.util.Arrays.copyOf(clinic.spool.bytes(other), longer.length);
            Files.write(clinic.home.spooled(other), changed);
            clinic.rooms.intake.scan();
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).startsWith("1 files in the spool"));
        }
    }

    @Test
    void what_vanished_from_the_spool_is_said() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_000);
            clinic.plan();
            Files.delete(clinic.home.spooled(files.get(0)));
            clinic.ship();
            clinic.ship();
            assertThat(clinic.totals().lost()).isEqualTo(1);
            assertThat(clinic.totals().backlog().files()).isEqualTo(1);
            assertThat(clinic.totals().backlog().bytes()).isEqualTo(clinic.spool.bytes(files.get(0)).length);
            assertThat(clinic.totals().oldest()).isNotNull();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
        }
    }
}
