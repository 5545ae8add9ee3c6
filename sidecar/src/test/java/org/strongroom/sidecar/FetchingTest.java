package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.EvictResult;
import org.strongroom.core.control.Kept;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.sidecar.evict.CacheRules;
import org.strongroom.sidecar.fetch.FetchRules;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.Place;

class FetchingTest {
    private static final UUID KEY = UUID.randomUUID();
    private static final EvictRequest ALL = new EvictRequest(true, null, false);

    @TempDir
    Path folder;

    private static void evictAll(Clinic clinic) throws Exception {
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        assertThat(clinic.in(Place.CACHE)).isZero();
        clinic.stores.forEach(store -> store.calls.clear());
    }

    @Test
    void heads_stay_bodies_go_and_come_back_bit_for_bit() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 50_000, 0, 300, 200_000);
            clinic.ship();
            EvictResult dry = clinic.rooms.evictor.evict(new EvictRequest(true, null, true));
            assertThat(clinic.in(Place.CACHE)).isEqualTo(4);
            EvictResult done = clinic.rooms.evictor.evict(ALL);
            assertThat(done).isEqualTo(dry);
            assertThat(done.instances()).isEqualTo(4);
            clinic.store(0).calls.clear();
            for (UUID file : files) {
                byte[] whole = clinic.spool.bytes(file);
                assertThat(clinic.home.cached(file)).doesNotExist();
                byte[] head = Files.readAllBytes(clinic.home.cachedHead(file));
                assertThat(whole).startsWith(head);
                assertThat(clinic.read(file, 3, head.length - 3)).isEqualTo(slice(whole, 3, head.length - 3));
            }
            assertThat(clinic.store(0).count("get packs")).isZero();
            for (UUID file : files) {
                assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
                assertThat(Files.readAllBytes(clinic.home.cached(file))).isEqualTo(clinic.spool.bytes(file));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.in(Place.CACHE) == 4);
            for (UUID file : files) {
                await().atMost(Duration.ofMinutes(1)).until(() -> !Files.exists(clinic.home.cachedHead(file)));
            }
        }
    }

    /** Who frees space because of that does the wrong thing, and whoever asks another tier waits for nothing. */
    @Test
    void a_cache_that_cannot_be_written_is_not_called_full_and_no_fault_of_the_tier() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/sys/kernel")), "a folder in which nobody makes files");
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            UUID file = clinic.spool.study(KEY, 300_000).get(0);
            clinic.ship();
            evictAll(clinic);
            Path shard = clinic.home.cached(file).getParent();
            Files.delete(clinic.home.cachedHead(file));
            Files.delete(shard);
            Files.createSymbolicLink(shard, Path.of("/sys/kernel"));
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
            assertThat(clinic.stores.stream().filter(store -> store.count("get packs") > 0))
                    .as("asked")
                    .hasSize(1);
            assertThatThrownBy(() -> clinic.read(file, 0, 300_000, true))
                    .isInstanceOfSatisfying(StrongroomException.class, e -> {
                        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                        assertThat(e.text()).isEqualTo("the cache cannot be written");
                        assertThat(e.cure()).contains("kernel log");
                    });
        }
    }

    /** Revoked credentials: a viewer that is answered "forbidden" asks its user to log in. */
    @Test
    void what_a_tier_refuses_to_give_is_not_refused_to_the_reader() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            UUID small = clinic.spool.study(KEY, 300_000).get(0);
            UUID big = clinic.spool.study(UUID.randomUUID(), 20_000_000).get(0);
            clinic.ship();
            evictAll(clinic);
            clinic.stores.forEach(store -> store.failing.put("get packs/", FailureKind.REFUSED));
            for (UUID file : List.of(small, big)) {
                assertThatThrownBy(() -> clinic.read(file, 200_000, 1_000, false))
                        .isInstanceOfSatisfying(StrongroomException.class, e -> {
                            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                            assertThat(e.context()).containsEntry("reason", "this one call fails");
                        });
            }
            clinic.stores.forEach(store -> store.failing.clear());
            assertThat(clinic.read(small)).isEqualTo(clinic.spool.bytes(small));
            assertThat(clinic.read(big)).isEqualTo(clinic.spool.bytes(big));
        }
    }

    private static byte[] slice(byte[] bytes, int from, int length) {
        return java.util.Arrays.copyOfRange(bytes, from, from + length);
    }

    @Test
    void a_series_comes_ahead_in_few_large_requests() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            int[] sizes = new int[200];
            java.util.Arrays.fill(sizes, 100_000);
            List<UUID> files = clinic.spool.study(KEY, sizes);
            clinic.ship();
            evictAll(clinic);
            clinic.read(files.get(17));
            await().atMost(Duration.ofSeconds(30)).until(() -> clinic.in(Place.CACHE) == 200);
            assertThat(clinic.store(0).count("get packs")).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void readers_in_any_order_share_the_large_requests() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            int[] sizes = new int[240];
            java.util.Arrays.fill(sizes, 200_000);
            List<UUID> files = new ArrayList<>(clinic.spool.study(KEY, sizes));
            clinic.ship();
            evictAll(clinic);
            Collections.shuffle(files, new Random(seed));
            ExecutorService readers = Executors.newFixedThreadPool(4);
            List<Future<byte[]>> reads = new ArrayList<>();
            files.forEach(file -> reads.add(readers.submit(() -> clinic.read(file))));
            for (int i = 0; i < reads.size(); i++) {
                assertThat(reads.get(i).get()).isEqualTo(clinic.spool.bytes(files.get(i)));
            }
            assertThat(clinic.store(0).count("get packs")).isLessThanOrEqualTo(60);
            readers.shutdown();
        }
    }

    /** Eight series of a study, with what is read at once for each, where no pause ends by itself. */
    private Clinic withSeries(List<List<UUID>> series) throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.time = () -> Duration.ZERO;
        clinic.open();
        for (int i = 0; i < 8; i++) {
            Tag16 tag = new Tag16(new byte[] {(byte) i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
            List<UUID> files = new ArrayList<>();
            for (int order = 0; order < 20; order++) {
                files.add(clinic.spool.store(KEY, tag, order, 200_000));
            }
            series.add(files);
        }
        clinic.ship();
        evictAll(clinic);
        return clinic;
    }

    private static void assertGiven(Clinic clinic, Map<UUID, Future<byte[]>> reads) throws Exception {
        for (Map.Entry<UUID, Future<byte[]>> read : reads.entrySet()) {
            assertThat(read.getValue().get(1, TimeUnit.MINUTES)).isEqualTo(clinic.spool.bytes(read.getKey()));
        }
    }

    @Test
    void readers_of_several_series_do_not_wait_for_what_is_read_ahead() throws Exception {
        List<List<UUID>> series = new ArrayList<>();
        try (Clinic clinic = withSeries(series)) {
            List<UUID> files = new ArrayList<>();
            series.subList(0, 3).forEach(files::addAll);
            Collections.shuffle(files);
            ExecutorService readers = Executors.newFixedThreadPool(4);
            Map<UUID, Future<byte[]>> reads = new LinkedHashMap<>();
            files.forEach(file -> reads.put(file, readers.submit(() -> clinic.read(file))));
            assertGiven(clinic, reads);
            readers.shutdown();
        }
    }

    @Test
    void a_series_that_waits_for_a_thread_gets_that_of_one_which_is_read_ahead() throws Exception {
        List<List<UUID>> series = new ArrayList<>();
        try (Clinic clinic = withSeries(series)) {
            clinic.store(0).hold = new CountDownLatch(1);
            ExecutorService readers = Executors.newFixedThreadPool(series.size());
            Map<UUID, Future<byte[]>> reads = new LinkedHashMap<>();
            for (List<UUID> files : series) {
                reads.put(files.get(0), readers.submit(() -> clinic.read(files.get(0))));
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> clinic.store(0).count("get packs") == 6);
            clinic.store(0).hold.countDown();
            assertGiven(clinic, reads);
            readers.shutdown();
        }
    }

    @Test
    void the_metadata_of_a_series_is_one_request_even_without_heads() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new CacheRules(10, 1, false, false)).with(new FetchRules(Duration.ofSeconds(20), 8, false));
        clinic.open();
        try (clinic) {
            int[] sizes = new int[300];
            java.util.Arrays.fill(sizes, 2_000);
            List<UUID> files = clinic.spool.study(KEY, sizes);
            clinic.ship();
            clinic.rooms.evictor.keepLevel(0);
            assertThat(clinic.in(Place.ABSENT)).isEqualTo(300);
            clinic.store(0).calls.clear();
            for (UUID file : files) {
                assertThat(clinic.read(file, 0, 300)).isEqualTo(slice(clinic.spool.bytes(file), 0, 300));
            }
            assertThat(clinic.store(0).count("get packs")).isLessThanOrEqualTo(3);
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.in(Place.HEAD) == 300);
        }
    }

    @Test
    void many_readers_of_one_file_share_one_fetch() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 500_000).get(0);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).hold = new CountDownLatch(1);
            ExecutorService readers = Executors.newFixedThreadPool(6);
            List<Future<byte[]>> reads = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                reads.add(readers.submit(() -> clinic.read(file)));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.store(0).count("get packs") > 0);
            clinic.store(0).hold.countDown();
            for (Future<byte[]> read : reads) {
                assertThat(read.get()).isEqualTo(clinic.spool.bytes(file));
            }
            assertThat(clinic.store(0).count("get packs")).isEqualTo(1);
            readers.shutdown();
        }
    }

    @Test
    void a_deadline_ends_the_wait_and_not_the_fetch() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 50_000).get(0);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).hold = new CountDownLatch(1);
            assertFails(FailureKind.UNAVAILABLE, () -> clinic.rooms
                    .reads
                    .open(file, 0, 40_000, Optional.of(Duration.ofMillis(50)), false)
                    .close());
            clinic.store(0).hold.countDown();
            await().atMost(Duration.ofSeconds(20)).until(() -> clinic.in(Place.CACHE) == 1);
        }
    }

    private static void assertFails(FailureKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    @Test
    void too_many_waiting_readers_are_sent_away() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new FetchRules(Duration.ofSeconds(20), 1, true));
        clinic.open();
        try (clinic) {
            UUID file = clinic.spool.study(KEY, 50_000).get(0);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).hold = new CountDownLatch(1);
            ExecutorService other = Executors.newSingleThreadExecutor();
            Future<byte[]> first = other.submit(() -> clinic.read(file));
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.store(0).count("get packs") > 0);
            assertFails(FailureKind.UNAVAILABLE, () -> clinic.read(file));
            clinic.store(0).hold.countDown();
            assertThat(first.get()).isEqualTo(clinic.spool.bytes(file));
            other.shutdown();
        }
    }

    @Test
    void wrong_bytes_in_one_tier_are_noticed_and_the_other_is_asked() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            List<UUID> files = clinic.spool.study(KEY, 60_000, 60_000, 60_000);
            clinic.ship();
            evictAll(clinic);
            FileRow second = clinic.rooms.files.find(files.get(1)).orElseThrow();
            MemberRow member = clinic.rooms.packs.holding(second.id()).get(0);
            String pack = clinic.store(0).objects("packs/").get(0);
            clinic.store(0).damage(pack, member.member().bodyOffset() + 777);
            for (UUID file : files) {
                assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
            }
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("tier near is damaged"));
            // The damaged copy is no receipt any more: local bytes stay.
            await().atMost(Duration.ofMinutes(1)).until(() -> clinic.in(Place.CACHE) == 3);
            assertThat(clinic.rooms.evictor.evict(ALL).kept()).containsExactly(new Kept("not received everywhere", 3));
            // It is deleted and made again of what is whole here.
            clinic.clock.advance(Duration.ofMinutes(11));
            clinic.ship();
            assertThat(clinic.store(0).calls).contains("delete " + pack, "begin " + pack);
            assertThat(clinic.store(0).object(pack)).isEqualTo(clinic.store(1).object(pack));
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            evictAll(clinic);
        }
    }

    @Test
    void a_file_that_no_tier_has_right_is_corrupt_and_its_neighbours_are_not() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 60_000, 60_000, 60_000);
            clinic.ship();
            evictAll(clinic);
            MemberRow member = clinic.rooms
                    .packs
                    .holding(clinic.rooms.files.find(files.get(1)).orElseThrow().id())
                    .get(0);
            clinic.store(0)
                    .damage(
                            clinic.store(0).objects("packs/").get(0),
                            member.member().bodyOffset());
            assertFails(FailureKind.CORRUPT, () -> clinic.read(files.get(1)));
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
            assertThat(clinic.read(files.get(2))).isEqualTo(clinic.spool.bytes(files.get(2)));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> clinic.in(Place.CACHE) == 2 && clinic.in(Place.HEAD) == 1);
        }
    }

    @Test
    void files_that_were_expected_and_did_not_come_are_put_right_by_eviction() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 60_000).get(0);
            clinic.ship();
            evictAll(clinic);
            long id = clinic.rooms.files.find(file).orElseThrow().id();
            clinic.rooms.files.moved(List.of(id), Place.CACHE); // and then the machine stopped
            evictAll(clinic);
            assertThat(clinic.in(Place.HEAD)).isEqualTo(1);
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    @Test
    void when_one_tier_is_away_the_other_is_asked_and_when_both_are_it_is_said() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            UUID file = clinic.spool.study(KEY, 60_000).get(0);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).away = true;
            clinic.store(1).away = true;
            assertFails(FailureKind.UNAVAILABLE, () -> clinic.read(file));
            clinic.store(1).away = false;
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    @Test
    void a_small_range_of_a_big_file_does_not_wait_for_the_whole() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 20_000_000).get(0);
            clinic.ship();
            evictAll(clinic);
            byte[] whole = clinic.spool.bytes(file);
            int end = whole.length - 4;
            assertThat(clinic.read(file, end, 4)).isEqualTo(slice(whole, end, 4));
            assertThat(clinic.read(file, 100, 2_000_000)).isEqualTo(slice(whole, 100, 2_000_000));
            await().atMost(Duration.ofSeconds(30)).until(() -> clinic.in(Place.CACHE) == 1);
            assertThat(clinic.read(file)).isEqualTo(whole);
        }
    }

    @Test
    void wrong_bytes_of_a_big_file_are_not_given_to_who_says_that_they_do_not_open() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            UUID file = clinic.spool.study(KEY, 20_000_000).get(0);
            clinic.ship();
            evictAll(clinic);
            byte[] right = clinic.spool.bytes(file);
            String pack = clinic.store(0).objects("packs/").get(0);
            clinic.store(0).damage(pack, 3_500_000);
            CountDownLatch behind = new CountDownLatch(1);
            clinic.store(1).hold = behind;
            assertThat(clinic.read(file, 3_400_000, 200_000)).isNotEqualTo(slice(right, 3_400_000, 200_000));
            behind.countDown();
            assertThat(clinic.read(file, 3_400_000, 200_000, true)).isEqualTo(slice(right, 3_400_000, 200_000));
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("tier near is damaged"));
            Files.delete(clinic.home.cached(file));
            assertThat(clinic.read(file, 3_400_000, 200_000))
                    .as("no block of the damaged copy is kept")
                    .isEqualTo(slice(right, 3_400_000, 200_000));
        }
    }

    @Test
    void a_big_file_that_one_tier_cut_short_comes_from_the_other() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            UUID file = clinic.spool.study(KEY, 20_000_000).get(0);
            clinic.ship();
            evictAll(clinic);
            byte[] right = clinic.spool.bytes(file);
            String pack = clinic.store(0).objects("packs/").get(0);
            byte[] cut = Arrays.copyOf(clinic.store(0).object(pack), 7_000_000);
            clinic.store(0).memory.delete(pack);
            clinic.store(0).memory.put(pack, cut);
            assertThat(clinic.read(file, 9_000_000, 200_000)).isEqualTo(slice(right, 9_000_000, 200_000));
            assertThat(clinic.read(file)).isEqualTo(right);
        }
    }

    /** As a power cut leaves it: the name is there, and the bytes are not, or zeros are. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_head_that_a_power_cut_damaged_comes_again(boolean cut) throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.store(KEY, Tag16.NONE, 1, 1, 5_000_000, 2 << 20);
            clinic.ship();
            evictAll(clinic);
            byte[] whole = clinic.spool.bytes(file);
            Path head = clinic.home.cachedHead(file);
            int length = Math.toIntExact(Files.size(head));
            assertThat(length).isGreaterThan(2 << 20);
            Files.write(head, cut ? Arrays.copyOf(whole, length / 2) : new byte[length]);
            for (int from = 0; from < length; from += 1 << 20) {
                int count = Math.min(1 << 20, length - from);
                assertThat(clinic.read(file, from, count, !cut)).isEqualTo(slice(whole, from, count));
            }
            assertThat(clinic.read(file)).isEqualTo(whole);
        }
    }

    @Test
    void a_right_head_is_given_to_who_doubts_it_also_while_no_tier_answers() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 60_000).get(0);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).away = true;
            assertThat(clinic.read(file, 0, 300, true)).isEqualTo(slice(clinic.spool.bytes(file), 0, 300));
        }
    }

    @Test
    void a_local_file_that_was_taken_away_is_fetched() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 60_000).get(0);
            clinic.ship();
            Files.delete(clinic.home.cached(file));
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    @Test
    void unknown_files_are_not_found_and_fresh_ones_are_read_at_once() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.ship(); // until a tier was listed, its packs may hold what a new ledger does not know
            assertFails(FailureKind.NOT_FOUND, () -> clinic.rooms.reads.size(UUID.randomUUID()));
            UUID fresh = clinic.spool.study(KEY, 1_000).get(0);
            assertThat(clinic.read(fresh)).isEqualTo(clinic.spool.bytes(fresh));
        }
    }

    @Test
    void nothing_is_evicted_that_a_tier_does_not_confirm() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            clinic.spool.study(KEY, 60_000);
            clinic.ship();
            clinic.clock.advance(Duration.ofDays(2));
            clinic.store(1).away = true;
            assertThat(clinic.rooms.evictor.evict(ALL).kept())
                    .containsExactly(new Kept("a tier does not confirm its copy now", 1));
            clinic.store(1).away = false;
            clinic.store(1).memory.delete(clinic.store(1).objects("packs/").get(0));
            assertThat(clinic.rooms.evictor.evict(ALL).instances()).isZero();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
        }
    }

    @Test
    void what_was_confirmed_in_the_future_is_asked_again() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.clock.isWrongBy(Duration.ofDays(40));
            clinic.spool.study(KEY, 60_000);
            clinic.ship();
            clinic.clock.isWrongBy(Duration.ZERO);
            clinic.store(0).calls.clear();
            assertThat(clinic.rooms.evictor.evict(ALL).instances()).isEqualTo(1);
            assertThat(clinic.store(0).count("head packs/")).isEqualTo(1);
        }
    }

    @Test
    void many_old_studies_that_must_stay_do_not_keep_a_newer_one_that_can_go() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new CacheRules(10, 1, false, true));
        clinic.open();
        try (clinic) {
            int old = 101;
            for (int i = 0; i < old; i++) {
                clinic.spool.study(UUID.randomUUID(), 300);
            }
            clinic.ship();
            UUID newest = UUID.randomUUID();
            clinic.clock.advance(Duration.ofMinutes(5));
            clinic.spool.study(newest, 50_000);
            clinic.rooms.refresh();
            clinic.rooms.studies.used(List.of(newest), clinic.clock.instant().plusSeconds(60));
            clinic.ship();
            for (long pack = 1; pack <= old; pack++) {
                clinic.rooms.copies.suspect(
                        clinic.rooms.copies.find(pack, "near").orElseThrow());
            }
            clinic.rooms.evictor.keepLevel(0);
            assertThat(clinic.in(Place.CACHE)).isEqualTo(old);
            assertThat(clinic.rooms.studies.find(newest).orElseThrow().cached()).isZero();
        }
    }

    @Test
    void a_look_at_very_many_studies_that_must_stay_ends_and_the_next_one_goes_on() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new CacheRules(10, 1, false, true));
        clinic.open();
        try (clinic) {
            clinic.spool.study(UUID.randomUUID(), 300);
            clinic.ship();
            clinic.rooms.copies.suspect(clinic.rooms.copies.find(1, "near").orElseThrow());
            UUID newest = UUID.randomUUID();
            clinic.spool.study(newest, 50_000);
            clinic.ship();
            clinic.rooms.studies.used(List.of(newest), clinic.clock.instant().plusSeconds(60));
            try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + clinic.home.ledger());
                    Statement statement = ledger.createStatement()) {
                statement.execute("INSERT INTO studies (key, tenant, arrived, used, cached, cached_bytes)"
                        + " SELECT randomblob(16), tenant, arrived, used, 1, 1 FROM studies, ("
                        + "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n"
                        + ") WHERE studies.id = 1");
            }
            clinic.rooms.evictor.keepLevel(0);
            assertThat(clinic.rooms.studies.find(newest).orElseThrow().cached()).isEqualTo(1);
            clinic.rooms.evictor.keepLevel(0);
            assertThat(clinic.rooms.studies.find(newest).orElseThrow().cached()).isZero();
        }
    }

    @Test
    void the_water_mark_takes_least_recently_used_studies_first() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new CacheRules(250_000, 180_000, false, true));
        clinic.open();
        try (clinic) {
            List<UUID> keys = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
            for (UUID key : keys) {
                clinic.spool.study(key, 50_000, 50_000);
            }
            clinic.ship();
            clinic.rooms.studies.used(
                    List.of(keys.get(0)), clinic.clock.instant().plusSeconds(60));
            clinic.rooms.evictor.keepLevel(0);
            assertThat(clinic.rooms.studies.find(keys.get(0)).orElseThrow().cached())
                    .isEqualTo(2);
            assertThat(clinic.in(Place.CACHE)).isBetween(2L, 4L);
            assertThat(clinic.in(Place.HEAD)).isGreaterThanOrEqualTo(2);
        }
    }
}
