package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.Place;

/** Several tiers: how many copies are enough, copies made from copies, and reads while a tier is dead. */
class CopiesTest {
    private static final UUID KEY = UUID.randomUUID();
    private static final EvictRequest ALL = new EvictRequest(true, null, false);

    @TempDir
    Path folder;

    private static void evictAll(Clinic clinic) throws Exception {
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        assertThat(clinic.in(Place.CACHE)).isZero();
    }

    private static String pack(Clinic clinic) {
        return clinic.store(0).objects("packs/").get(0);
    }

    private static MemberRow member(Clinic clinic, UUID file) {
        return clinic.rooms
                .packs
                .holding(clinic.rooms.files.find(file).orElseThrow().id())
                .get(0);
    }

    /** Two of three tiers hold a study that is evicted; the third has been away all the time, and is back. */
    private Clinic thirdComesLate(int... sizes) throws Exception {
        Clinic clinic = new Clinic(folder, "first", "second", "third");
        clinic.copies = 2;
        clinic.open();
        clinic.ship(); // every tier was seen once
        clinic.store(2).away = true;
        clinic.spool.study(KEY, sizes);
        clinic.ship();
        evictAll(clinic);
        clinic.store(2).away = false;
        clinic.stores.forEach(store -> store.calls.clear());
        return clinic;
    }

    @Test
    void one_of_two_is_not_enough() throws Exception {
        Clinic clinic = new Clinic(folder, "first", "second", "third");
        clinic.copies = 2;
        try (clinic) {
            clinic.open();
            clinic.ship(); // every tier was seen once
            clinic.store(1).away = true;
            clinic.store(2).away = true;
            clinic.spool.study(KEY, 5_000);
            clinic.ship();
            assertThat(clinic.in(Place.SPOOL)).isEqualTo(1);
            assertThat(clinic.rooms.evictor.evict(ALL).instances()).isZero();
            clinic.store(2).away = false;
            clinic.ship();
            evictAll(clinic);
        }
    }

    @Test
    void the_third_copy_is_made_from_another_and_is_the_same_bit_for_bit() throws Exception {
        try (Clinic clinic = thirdComesLate(9_000_000, 70_000, 9_000_000, 300)) {
            clinic.ship();
            byte[] object = clinic.store(0).object(pack(clinic));
            assertThat(clinic.store(1).object(pack(clinic))).isEqualTo(object);
            assertThat(clinic.store(2).object(pack(clinic))).isEqualTo(object);
            assertThat(clinic.totals().tiers().get("third").queued()).isZero();
            assertThat(clinic.in(Place.CACHE))
                    .as("nothing comes back to this machine")
                    .isZero();
            // 18 MB in blocks of 8 MiB, each fetched once although it is checked and sent.
            assertThat(clinic.store(0).count("get packs")).isEqualTo(3);
            assertThat(clinic.store(1).count("get packs")).isZero();
            assertThat(clinic.home.run().resolve("relay-third")).doesNotExist();
        }
    }

    @Test
    void damage_does_not_spread_another_source_is_taken_and_the_bad_one_is_made_again() throws Exception {
        try (Clinic clinic = thirdComesLate(60_000, 60_000)) {
            String pack = pack(clinic);
            byte[] good = clinic.store(1).object(pack);
            UUID second =
                    clinic.spool.stored().keySet().stream().skip(1).findFirst().orElseThrow();
            clinic.store(0).damage(pack, member(clinic, second).member().bodyOffset() + 99);
            clinic.ship();
            assertThat(clinic.store(2).object(pack)).isEqualTo(good);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("in tier first is damaged"));
            clinic.clock.advance(Duration.ofMinutes(11));
            clinic.ship();
            assertThat(clinic.store(0).object(pack)).isEqualTo(good);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @Test
    void what_the_plan_itself_says_is_never_taken_from_another_tier() throws Exception {
        try (Clinic clinic = thirdComesLate(60_000)) {
            String pack = pack(clinic);
            byte[] good = clinic.store(0).object(pack);
            clinic.store(0).damage(pack, 10);
            clinic.store(0).damage(pack, good.length - 10);
            clinic.ship();
            assertThat(clinic.store(2).object(pack)).isEqualTo(good);
        }
    }

    @Test
    void without_a_whole_source_nothing_is_sent_and_it_is_said() throws Exception {
        try (Clinic clinic = thirdComesLate(60_000)) {
            UUID file = clinic.spool.stored().keySet().iterator().next();
            long at = member(clinic, file).member().bodyOffset();
            clinic.store(0).damage(pack(clinic), at);
            clinic.store(1).damage(pack(clinic), at);
            clinic.ship();
            assertThat(clinic.store(2).objects("packs/")).isEmpty();
            clinic.ship();
            assertThat(clinic.store(0).objects("packs/"))
                    .as("the last copies stay")
                    .hasSize(1);
            assertThat(clinic.store(1).objects("packs/")).hasSize(1);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.kind()).isEqualTo(FailureKind.CORRUPT));
        }
    }

    @Test
    void a_rotten_local_file_is_left_aside_if_a_tier_has_the_pack() throws Exception {
        Clinic clinic = new Clinic(folder, "first", "second");
        clinic.copies = 1;
        try (clinic) {
            clinic.open();
            clinic.ship(); // every tier was seen once
            clinic.store(1).away = true;
            UUID file = clinic.spool.study(KEY, 60_000).get(0);
            clinic.ship();
            byte[] rotten = clinic.spool.bytes(file).clone();
            rotten[rotten.length - 5] ^= 1;
            Files.write(clinic.home.cached(file), rotten);
            clinic.store(1).away = false;
            clinic.ship();
            assertThat(clinic.store(1).object(pack(clinic)))
                    .isEqualTo(clinic.store(0).object(pack(clinic)));
        }
    }

    @Test
    void a_source_that_is_away_holds_up_nothing_else() throws Exception {
        Clinic clinic = new Clinic(folder, "first", "second");
        clinic.copies = 1;
        try (clinic) {
            clinic.open();
            clinic.ship(); // every tier was seen once
            clinic.store(1).away = true;
            clinic.spool.study(KEY, 60_000);
            clinic.ship();
            evictAll(clinic);
            clinic.store(0).away = true;
            clinic.store(1).away = false;
            clinic.spool.study(UUID.randomUUID(), 7_000);
            clinic.ship();
            assertThat(clinic.store(1).objects("packs/")).hasSize(1);
            clinic.store(0).away = false;
            clinic.clock.advance(Duration.ofMinutes(11));
            clinic.ship();
            assertThat(clinic.store(1).objects("packs/")).hasSize(2);
        }
    }

    @Test
    void an_emptied_tier_that_is_added_again_gets_everything_that_it_had() throws Exception {
        try (Clinic clinic = new Clinic(folder, "first", "second").open()) {
            clinic.spool.study(KEY, 60_000);
            clinic.spool.study(UUID.randomUUID(), 5_000);
            clinic.ship();
            evictAll(clinic);
            Store emptied = clinic.store(1);
            List<String> before = emptied.objects("packs/");
            emptied.objects("").forEach(emptied.memory::delete);
            Rounds rounds = new Rounds(clinic.rooms);
            rounds.close(); // only its orders are wanted
            assertThat(rounds.tierAdded("second")).isEqualTo(2);
            clinic.ship();
            assertThat(emptied.objects("packs/")).isEqualTo(before);
            assertThat(emptied.objects("keys/")).isNotEmpty();
            for (String pack : before) {
                assertThat(emptied.object(pack)).isEqualTo(clinic.store(0).object(pack));
            }
            assertThat(rounds.tierAdded("second")).isZero();
            evictAll(clinic);
        }
    }

    @Test
    void a_dead_tier_costs_the_first_reader_some_seconds_and_the_next_ones_nothing() throws Exception {
        try (Clinic clinic = new Clinic(folder, "first", "second").open()) {
            UUID one = clinic.spool.study(KEY, 60_000).get(0);
            UUID two = clinic.spool.study(UUID.randomUUID(), 60_000).get(0);
            UUID three = clinic.spool.study(UUID.randomUUID(), 20_000_000).get(0);
            clinic.ship();
            evictAll(clinic);
            clinic.stores.forEach(store -> store.calls.clear());
            clinic.store(0).hold = new CountDownLatch(1); // it takes connections, and says nothing
            long begun = System.nanoTime();
            assertThat(clinic.read(one)).isEqualTo(clinic.spool.bytes(one));
            assertThat(seconds(begun)).isBetween(4.0, 12.0);
            begun = System.nanoTime();
            assertThat(clinic.read(two)).isEqualTo(clinic.spool.bytes(two));
            assertThat(clinic.read(three, 17_000_000, 100))
                    .isEqualTo(Arrays.copyOfRange(clinic.spool.bytes(three), 17_000_000, 17_000_100));
            assertThat(seconds(begun)).isLessThan(3);
            assertThat(clinic.store(0).count("get packs")).isEqualTo(1);
            clinic.store(0).hold.countDown();
        }
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
