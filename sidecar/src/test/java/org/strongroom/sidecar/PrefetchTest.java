package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.PrefetchRequest;
import org.strongroom.core.control.PrefetchResult;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.settings.Watermark;
import org.strongroom.sidecar.evict.CacheRules;
import org.strongroom.sidecar.fetch.FetchRules;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.tier.MemoryArchive;

/** Studies come before anybody opens them. */
class PrefetchTest {
    private static final UUID KEY = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration OLD = Duration.ofDays(400);
    private static final PrefetchResult ALL_HERE = new PrefetchResult(1, 0, 0, 0, List.of());

    @TempDir
    Path folder;

    private static void evictAll(Clinic clinic) throws Exception {
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        assertThat(clinic.in(Place.CACHE)).isZero();
        clinic.stores.forEach(store -> store.calls.clear());
    }

    private static PrefetchResult begin(Clinic clinic, UUID... keys) throws Exception {
        return clinic.rooms.reads.prefetch().ask(new PrefetchRequest(List.of(keys), true, false));
    }

    private static PrefetchResult look(Clinic clinic, UUID... keys) throws Exception {
        return clinic.rooms.reads.prefetch().ask(new PrefetchRequest(List.of(keys), false, false));
    }

    private static PrefetchResult awaitEnd(Clinic clinic, UUID... keys) {
        return await().atMost(SOON).until(() -> look(clinic, keys), result -> result.coming() == 0);
    }

    private static PrefetchResult awaitWhy(Clinic clinic, UUID... keys) {
        return await().atMost(SOON)
                .until(() -> look(clinic, keys), result -> !result.waitsFor().isEmpty());
    }

    private static FailureKind why(PrefetchResult result) {
        return result.waitsFor().get(0).kind();
    }

    private static String object(Clinic clinic, long pack) {
        return PackPrologue.objectName(
                clinic.rooms.packs.find(pack).orElseThrow().pack());
    }

    private static void assertHere(Clinic clinic, List<UUID> files) {
        assertThat(files)
                .allSatisfy(file -> assertThat(clinic.home.cached(file)).hasBinaryContent(clinic.spool.bytes(file)));
    }

    @Test
    void a_study_comes_in_few_requests_also_where_nothing_is_read_ahead() throws Exception {
        int[] sizes = new int[100];
        Arrays.fill(sizes, 100_000);
        for (boolean ahead : new boolean[] {true, false}) {
            try (Clinic clinic = new Clinic(folder.resolve("ahead-" + ahead), "near")
                    .with(new FetchRules(Duration.ofSeconds(20), 8, ahead))
                    .open()) {
                List<UUID> files = clinic.spool.study(KEY, sizes);
                List<UUID> others = clinic.spool.study(OTHER, 5_000);
                clinic.ship();
                evictAll(clinic);
                PrefetchResult first = begin(clinic, KEY, UUID.randomUUID());
                assertThat(first.studies()).isEqualTo(1);
                assertThat(first.coming()).isEqualTo(1);
                assertThat(first.instances()).isEqualTo(100);
                assertThat(first.bytes()).isBetween(9_000_000L, 11_000_000L);
                assertThat(awaitEnd(clinic, KEY)).isEqualTo(ALL_HERE);
                assertThat(clinic.store(0).count("get packs"))
                        .as("ahead: %s", ahead)
                        .isLessThanOrEqualTo(4);
                assertHere(clinic, files);
                assertThat(clinic.home.cached(others.get(0)))
                        .as("not asked for")
                        .doesNotExist();
            }
        }
    }

    @Test
    void what_a_cut_line_keeps_away_comes_when_it_is_back() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 50_000, 300_000);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).away = true;
            begin(clinic, KEY);
            PrefetchResult waits = awaitWhy(clinic, KEY);
            assertThat(waits.coming()).isEqualTo(1);
            assertThat(waits.instances()).isEqualTo(2);
            assertThat(why(waits)).isEqualTo(FailureKind.UNAVAILABLE);
            clinic.store(0).away = false;
            assertThat(awaitEnd(clinic, KEY)).isEqualTo(ALL_HERE);
            assertHere(clinic, files);
        }
    }

    @Test
    void a_damaged_image_keeps_no_other_away_and_is_not_fetched_for_ever() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 50_000, 60_000, 70_000);
            clinic.ship();
            MemberRow second = clinic.rooms.packs.members(1).stream()
                    .filter(member -> member.uuid().equals(files.get(1)))
                    .findFirst()
                    .orElseThrow();
            evictAll(clinic);
            clinic.store(0).damage(object(clinic, 1), second.member().bodyOffset() + 99);
            begin(clinic, KEY);
            PrefetchResult end = awaitEnd(clinic, KEY);
            assertThat(end.instances()).isEqualTo(1);
            assertThat(why(end)).isEqualTo(FailureKind.CORRUPT);
            assertHere(clinic, List.of(files.get(0), files.get(2)));
            clinic.store(0).calls.clear();
            await().during(Duration.ofSeconds(7))
                    .atMost(Duration.ofSeconds(9))
                    .until(() -> clinic.store(0).count("get packs") == 0);
        }
    }

    @Test
    void an_image_that_no_tier_has_keeps_no_other_away() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> packed = clinic.spool.study(KEY, 50_000, 60_000);
            clinic.ship();
            evictAll(clinic);
            UUID lost = clinic.spool.study(KEY, 70_000).get(0);
            clinic.rooms.refresh(); // taken in, in no pack
            clinic.rooms.files.moved(
                    List.of(clinic.rooms.files.find(lost).orElseThrow().id()), Place.ABSENT);
            Files.delete(clinic.home.spooled(lost));
            begin(clinic, KEY);
            PrefetchResult end = awaitEnd(clinic, KEY);
            assertThat(end.instances()).isEqualTo(1);
            assertThat(end.waitsFor().get(0).message()).contains("no tier has it");
            assertHere(clinic, packed);
        }
    }

    @Test
    void who_waits_for_bytes_does_not_wait_for_it() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID[] keys = Stream.generate(UUID::randomUUID).limit(20).toArray(UUID[]::new); // more than fetch at a time
            for (UUID key : keys) {
                clinic.spool.study(key, 30_000);
            }
            UUID wanted = clinic.spool.study(KEY, 40_000).get(0);
            clinic.ship();
            evictAll(clinic);
            CountDownLatch hold = new CountDownLatch(1);
            clinic.store(0).hold = hold;
            begin(clinic, keys);
            await().atMost(SOON).until(() -> clinic.store(0).count("get packs") == 1);
            clinic.store(0).hold = null;
            assertThat(clinic.read(wanted)).isEqualTo(clinic.spool.bytes(wanted));
            assertThat(look(clinic, keys).coming()).isEqualTo(20);
            hold.countDown();
            assertThat(awaitEnd(clinic, keys).instances()).isZero();
        }
    }

    @Test
    void heads_too_come_behind_who_waits_for_bytes() throws Exception {
        ExecutorService readers = Executors.newCachedThreadPool();
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 30_000, 30_000);
            UUID wanted = clinic.spool.study(OTHER, 40_000).get(0);
            clinic.ship();
            evictAll(clinic);
            for (UUID file : files) {
                Files.delete(clinic.home.cachedHead(file));
            }
            CountDownLatch hold = new CountDownLatch(1);
            clinic.store(0).hold = hold;
            Future<byte[]> read = readers.submit(() -> clinic.read(wanted));
            await().atMost(SOON).until(() -> clinic.store(0).count("get packs") == 1);
            clinic.store(0).hold = null;
            begin(clinic, KEY);
            await().atMost(SOON).until(() -> clinic.store(0).count("get packs") == 2);
            await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(3)).until(() -> files.stream()
                    .noneMatch(file -> Files.exists(clinic.home.cachedHead(file))));
            hold.countDown();
            assertThat(read.get()).isEqualTo(clinic.spool.bytes(wanted));
            assertThat(awaitEnd(clinic, KEY)).isEqualTo(ALL_HERE);
        } finally {
            readers.shutdown();
        }
    }

    /** Six can be fetched at a time; a seventh that waits ends reading ahead. */
    @Test
    void what_is_read_ahead_for_somebody_goes_on() throws Exception {
        int[] sizes = new int[20];
        Arrays.fill(sizes, 500_000); // more than one request
        ExecutorService readers = Executors.newCachedThreadPool();
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<List<UUID>> read = new ArrayList<>();
            for (int series = 0; series < 6; series++) {
                read.add(clinic.spool.study(UUID.randomUUID(), sizes));
            }
            List<UUID> files = clinic.spool.study(KEY, 30_000);
            clinic.ship();
            evictAll(clinic);
            CountDownLatch hold = new CountDownLatch(1);
            clinic.store(0).hold = hold;
            List<Future<byte[]>> first = new ArrayList<>();
            for (List<UUID> series : read) {
                first.add(readers.submit(() -> clinic.read(series.get(0))));
            }
            await().atMost(SOON).until(() -> clinic.store(0).count("get packs") == 6);
            begin(clinic, KEY);
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> clinic.store(0).count("get packs") == 6);
            hold.countDown();
            for (Future<byte[]> one : first) {
                one.get();
            }
            assertThat(awaitEnd(clinic, KEY)).isEqualTo(ALL_HERE);
            assertHere(clinic, files);
            await().atMost(SOON)
                    .untilAsserted(() -> read.forEach(
                            series -> assertThat(series).allSatisfy(file -> assertThat(clinic.home.cached(file))
                                    .exists())));
        } finally {
            readers.shutdown();
        }
    }

    @Test
    void nothing_comes_to_a_disk_that_is_nearly_full() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        try (clinic) {
            clinic.open();
            clinic.spool.study(KEY, 50_000);
            clinic.ship();
            evictAll(clinic);
            clinic.close();
            clinic.with(Watermark.parse("100 %")).open();
            clinic.rooms.disk.judge();
            begin(clinic, KEY);
            assertThat(why(awaitWhy(clinic, KEY))).isEqualTo(FailureKind.FULL);
            assertThat(clinic.store(0).count("get packs")).isZero();
        }
    }

    /** Else its end would push out its beginning, for ever. */
    @Test
    void more_than_half_of_the_cache_is_not_begun() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")
                .with(new CacheRules(1_000_000, 900_000, false, true))
                .open()) {
            clinic.spool.study(KEY, 300_000);
            clinic.spool.study(OTHER, 300_000);
            clinic.ship();
            evictAll(clinic);
            assertThatThrownBy(() -> begin(clinic, KEY, OTHER))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.FULL));
            assertThat(look(clinic, KEY, OTHER).coming()).isZero();
            begin(clinic, KEY);
            assertThat(awaitEnd(clinic, KEY)).isEqualTo(ALL_HERE);
            begin(clinic, KEY, OTHER); // half of it is here already
            assertThat(awaitEnd(clinic, OTHER)).isEqualTo(ALL_HERE);
        }
    }

    @Test
    void what_is_in_an_archive_is_asked_for_in_its_cheapest_way_and_keeps_nothing_else_away() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            clinic.spool.study(KEY, 50_000, 300);
            clinic.ship();
            clinic.spool.study(KEY, 40_000);
            clinic.ship();
            clinic.clock.advance(OLD);
            clinic.archive();
            List<UUID> fresh = clinic.spool.study(KEY, 30_000);
            clinic.ship();
            evictAll(clinic);
            begin(clinic, KEY);
            assertThat(why(awaitWhy(clinic, KEY))).isEqualTo(FailureKind.ARCHIVED);
            assertThat(archive.asked)
                    .containsExactlyInAnyOrder("BULK " + object(clinic, 1), "BULK " + object(clinic, 2));
            assertHere(clinic, fresh);
            for (long pack = 1; pack <= 2; pack++) {
                archive.arrives(object(clinic, pack), clinic.clock.instant().plus(Duration.ofDays(2)));
            }
            clinic.clock.advance(Duration.ofDays(1));
            clinic.recall();
            assertThat(awaitEnd(clinic, KEY)).isEqualTo(ALL_HERE);
            assertThat(clinic.in(Place.CACHE)).isEqualTo(4);
            assertThat(archive.asked).hasSize(2);
        }
    }

    @Test
    void what_is_stopped_ends_with_the_request_that_it_is_in() throws Exception {
        int[] sizes = new int[200];
        Arrays.fill(sizes, 100_000);
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, sizes);
            clinic.ship();
            evictAll(clinic);
            CountDownLatch hold = new CountDownLatch(1);
            clinic.store(0).hold = hold;
            begin(clinic, KEY);
            await().atMost(SOON).until(() -> clinic.store(0).count("get packs") == 1);
            clinic.rooms.reads.prefetch().ask(new PrefetchRequest(List.of(), false, true));
            hold.countDown();
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> clinic.store(0).count("get packs") == 1);
            assertThat(look(clinic, KEY).instances()).isBetween(1L, 199L);
        }
    }

    /** Else the rest of what is brought would push it out. */
    @Test
    void what_is_here_already_is_not_the_first_to_be_evicted() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 30_000);
            clinic.spool.study(OTHER, 30_000);
            clinic.ship();
            clinic.clock.advance(Duration.ofHours(1));
            begin(clinic, KEY);
            assertThat(clinic.rooms.studies.find(KEY).orElseThrow().used())
                    .isAfter(clinic.rooms.studies.find(OTHER).orElseThrow().used());
        }
    }

    @Test
    void what_is_stopped_comes_no_more() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 50_000);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).away = true;
            begin(clinic, KEY);
            awaitWhy(clinic, KEY);
            clinic.rooms.reads.prefetch().ask(new PrefetchRequest(List.of(), false, true));
            assertThat(look(clinic, KEY).coming()).isZero();
            clinic.store(0).away = false;
            clinic.store(0).calls.clear();
            await().during(Duration.ofSeconds(12))
                    .atMost(Duration.ofSeconds(14))
                    .until(() -> clinic.store(0).count("get packs") == 0);
        }
    }
}
