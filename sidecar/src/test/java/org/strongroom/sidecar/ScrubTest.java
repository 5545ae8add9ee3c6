package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.TierTable.BundleRow;
import org.strongroom.sidecar.purge.ForgetRules;
import org.strongroom.sidecar.scrub.ScrubRules;

class ScrubTest {
    private static final UUID KEY = UUID.randomUUID();
    private static final Duration PERIOD = Duration.ofDays(90);

    @TempDir
    Path folder;

    private static String pack(Clinic clinic) {
        return clinic.store(0).objects("packs/").get(0);
    }

    private static long reads(Clinic clinic) {
        return clinic.stores.stream()
                .mapToLong(store -> store.count("get packs/"))
                .sum();
    }

    private Clinic shipped(int studies, String... stores) throws Exception {
        Clinic clinic = new Clinic(folder, stores).open();
        for (int i = 0; i < studies; i++) {
            clinic.spool.study(UUID.randomUUID(), 60_000, 60_000);
        }
        clinic.ship();
        clinic.stores.forEach(store -> store.calls.clear());
        return clinic;
    }

    private static void evictAll(Clinic clinic) throws Exception {
        assertThat(clinic.rooms
                        .evictor
                        .evict(new EvictRequest(true, null, false))
                        .kept())
                .isEmpty();
    }

    @Test
    void every_copy_is_read_once_in_a_period_spread_over_half_of_it() throws Exception {
        try (Clinic clinic = shipped(6, "near")) {
            clinic.scrub();
            assertThat(reads(clinic)).as("what was just sent").isZero();
            clinic.clock.advance(PERIOD.dividedBy(2).minusHours(1));
            clinic.scrub();
            assertThat(reads(clinic)).isZero();
            clinic.clock.advance(Duration.ofHours(2));
            clinic.scrub();
            assertThat(reads(clinic)).as("one at once").isEqualTo(1);
            clinic.clock.advance(PERIOD.dividedBy(12).plusHours(1));
            clinic.scrub();
            assertThat(reads(clinic)).isEqualTo(2);
            clinic.reopen(); // its place is in the ledger
            clinic.scrub();
            assertThat(reads(clinic)).isEqualTo(2);
            for (int i = 0; i < 4; i++) {
                clinic.clock.advance(PERIOD.dividedBy(12).plusHours(1));
                clinic.scrub();
            }
            assertThat(reads(clinic)).isEqualTo(6);
            clinic.scrub();
            assertThat(clinic.tierEvents()).as("of a whole pass, once").containsExactly("scrubbed near null success");
            assertThat(clinic.store(0).calls.stream().filter(call -> call.startsWith("get packs/")))
                    .as("each once")
                    .doesNotHaveDuplicates();
        }
    }

    /** A clock that was years ahead for a while must not keep what was read meanwhile from being read for years. */
    @Test
    void what_was_read_by_a_clock_that_was_ahead_is_read_in_its_turn() throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            clinic.clock.isWrongBy(Duration.ofDays(5 * 365));
            clinic.scrub();
            assertThat(reads(clinic)).isEqualTo(1);
            clinic.clock.isWrongBy(Duration.ZERO);
            clinic.scrub();
            assertThat(reads(clinic)).as("nobody knows when that was").isEqualTo(2);
            clinic.scrub();
            assertThat(reads(clinic)).isEqualTo(2);
            clinic.clock.advance(PERIOD.dividedBy(2).plusDays(1));
            clinic.scrub();
            assertThat(reads(clinic)).isEqualTo(3);
        }
    }

    @Test
    void the_daily_limit_has_precedence() {
        ScrubRules rules = new ScrubRules(true, PERIOD, 1_000);
        assertThat(rules.pauseAfter(500, 1_000_000)).isEqualTo(Duration.ofHours(12));
        assertThat(new ScrubRules(true, PERIOD, 1L << 50).pauseAfter(500, 1_000))
                .isEqualTo(PERIOD.dividedBy(4));
    }

    /** Of whose turn it is first the store says neither that it is there nor that it is not. */
    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"UNAVAILABLE", "REFUSED"})
    void one_pack_that_the_store_does_not_give_holds_up_no_other_one(FailureKind kind) throws Exception {
        try (Clinic clinic = shipped(3, "near")) {
            List<String> packs = clinic.store(0).objects("packs/");
            String dead = clinic.rooms.packs.find(1).orElseThrow().pack().toString();
            String object = PackPrologue.objectName(UUID.fromString(dead));
            clinic.store(0).failing.put("get " + object, kind);
            clinic.clock.advance(PERIOD.dividedBy(2).plusHours(1));
            clinic.scrub();
            for (int i = 0; i < 2; i++) {
                clinic.clock.advance(PERIOD.dividedBy(6).plusHours(1));
                clinic.scrub();
            }
            assertThat(clinic.store(0).calls)
                    .as("the others are read")
                    .contains(packs.stream()
                            .filter(name -> !name.equals(object))
                            .map(name -> "get " + name)
                            .toArray(String[]::new));
            assertThat(clinic.rooms.problems.standing()).singleElement().satisfies(problem -> {
                assertThat(problem.kind()).isEqualTo(kind);
                assertThat(problem.message()).contains(dead).contains("cannot be read now");
            });
            assertThat(clinic.rooms.copies.suspects("near", 0, 10))
                    .as("unreachable is neither damaged nor absent")
                    .isEmpty();
            long asked = clinic.store(0).count("get " + object);
            clinic.scrub();
            assertThat(clinic.store(0).count("get " + object))
                    .as("it is left alone")
                    .isEqualTo(asked);

            clinic.store(0).failing.clear();
            clinic.clock.advance(Duration.ofDays(16));
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            assertThat(clinic.store(0).count("get " + object)).isEqualTo(asked + 1);
        }
    }

    /** Without its key a pack is worth nothing once Home is lost. */
    @Test
    void each_key_bundle_is_read_within_the_period_and_another_one_takes_the_place_of_a_bad_one() throws Exception {
        try (Clinic clinic = shipped(1, "near", "far")) {
            String damaged = clinic.store(0).objects("keys/").get(0);
            String gone = clinic.store(1).objects("keys/").get(0);
            clinic.store(0).damage(damaged, 60);
            clinic.store(1).memory.delete(gone);
            for (int day = 0; day < 89; day++) {
                scrubBundles(clinic);
                clinic.clock.advance(Duration.ofDays(1));
            }
            scrubBundles(clinic); // the last day of the period
            for (Store store : clinic.stores) {
                assertThat(store.count("get keys/"))
                        .as("each once, and what was written")
                        .isLessThanOrEqualTo(2);
                List<String> bundles = store.objects("keys/");
                String newest = bundles.stream()
                        .filter(name -> !name.equals(damaged))
                        .findFirst()
                        .orElseThrow();
                assertThat(KeyBundle.decode(store.object(newest)).records()).hasSize(2);
            }
            assertThat(clinic.store(0).objects("keys/"))
                    .as("nothing is deleted")
                    .contains(damaged);
            assertThat(clinic.tierEvents()).contains("repair near null success", "repair far null success");
            clinic.stores.forEach(store -> store.calls.clear());
            clinic.reopen();
            scrubBundles(clinic);
            assertThat(clinic.store(0).count("get keys/"))
                    .as("its day is in the ledger")
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"UNAVAILABLE", "REFUSED"})
    void a_bundle_that_the_store_does_not_give_is_told_and_holds_up_no_other_one(FailureKind kind) throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            Store store = clinic.store(0);
            String dead = store.objects("keys/").get(0);
            int segment = clinic.rooms.table.bundles("near").get(0).segment();
            String damaged = KeyBundle.prefix(segment + 1) + "1-0123456789abcdef";
            store.memory.put(damaged, store.object(dead));
            clinic.rooms.table.bundle("near", new BundleRow(damaged, segment + 1, 1));
            store.failing.put("get " + dead, kind);
            for (int day = 0; day < 90; day++) {
                scrubBundles(clinic);
                clinic.clock.advance(Duration.ofDays(1));
            }
            assertThat(store.count("get " + damaged))
                    .as("the other one is read")
                    .isEqualTo(1);
            assertThat(clinic.rooms.problems.standing()).singleElement().satisfies(problem -> {
                assertThat(problem.kind()).isEqualTo(kind);
                assertThat(problem.message()).contains(dead).contains("cannot be read now");
            });
            assertThat(store.objects("keys/")).as("nothing takes its place").hasSize(2);

            store.failing.clear();
            clinic.reopen(); // that it could not be read is in the ledger
            store.calls.clear();
            scrubBundles(clinic);
            assertThat(store.count("get " + dead)).isEqualTo(1);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    /** What is left of it may be all that there is of a key. */
    @Test
    void a_damaged_bundle_that_held_more_keys_than_the_keyring_is_not_replaced() throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            Store store = clinic.store(0);
            String bundle = store.objects("keys/").get(0);
            store.damage(bundle, 60);
            Files.delete(clinic.home.keyring().resolve("records/00000001.strk"));
            for (int day = 0; day < 90; day++) {
                scrubBundles(clinic);
                clinic.clock.advance(Duration.ofDays(1));
            }
            assertThat(store.objects("keys/")).containsExactly(bundle);
            assertThat(clinic.rooms.table.bundles("near")).singleElement().satisfies(row -> assertThat(row.name())
                    .isEqualTo(bundle));
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("fewer keys"));
            assertThat(clinic.tierEvents()).contains("scrub near null failure");
        }
    }

    @Test
    void a_bundle_that_an_unmounted_disk_does_not_show_is_not_gone() throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            Store store = clinic.store(0);
            store.memory.delete("tier.id");
            store.objects("keys/").forEach(store.memory::delete);
            for (int day = 0; day < 90; day++) {
                scrubBundles(clinic);
                clinic.clock.advance(Duration.ofDays(1));
            }
            assertThat(store.objects("keys/")).isEmpty();
        }
    }

    private static void scrubBundles(Clinic clinic) throws Exception {
        for (TierRoom tier : clinic.rooms.tierRooms) {
            tier.bundleScrub.step();
        }
    }

    @Test
    void switched_off_it_reads_and_lists_nothing() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new ScrubRules(false, PERIOD, 1L << 40));
        try (clinic) {
            clinic.open();
            clinic.spool.study(KEY, 60_000);
            clinic.ship();
            clinic.store(0).calls.clear();
            clinic.clock.advance(PERIOD.multipliedBy(2));
            clinic.scrub();
            assertThat(reads(clinic)).isZero();
            assertThat(clinic.store(0).count("list ")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 500, 70_000, -5, -200})
    void damage_anywhere_is_found_and_made_good_from_the_other_tier(int where) throws Exception {
        try (Clinic clinic = shipped(1, "near", "far")) {
            evictAll(clinic);
            byte[] good = clinic.store(1).object(pack(clinic));
            clinic.store(0).damage(pack(clinic), where < 0 ? good.length + where : where);
            clinic.clock.advance(PERIOD);
            clinic.scrub();
            clinic.ship();
            assertThat(clinic.store(0).calls).contains("delete " + pack(clinic));
            assertThat(clinic.store(0).object(pack(clinic))).isEqualTo(good);
            assertThat(clinic.totals().tiers().get("near").queued()).isZero();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            assertThat(clinic.store(1).count("delete ")).isZero();
        }
    }

    @Test
    void no_more_damaged_copies_are_deleted_in_a_day_than_images_may_be() throws Exception {
        Clinic clinic = new Clinic(folder, "near", "far");
        clinic.with(new ForgetRules(Duration.ofDays(30), 1)).with(new ScrubRules(false, PERIOD, 1L << 40));
        clinic.open();
        try (clinic) {
            for (int i = 0; i < 2; i++) {
                clinic.spool.study(UUID.randomUUID(), 100_000);
            }
            clinic.ship();
            evictAll(clinic);
            for (String object : clinic.store(0).objects("packs/")) {
                clinic.store(0).damage(object, 700);
            }
            for (long pack = 1; pack <= 2; pack++) {
                clinic.rooms.copies.suspect(
                        clinic.rooms.copies.find(pack, "near").orElseThrow());
            }
            for (int i = 0; i < 3; i++) {
                clinic.scrub();
                clinic.clock.advance(Duration.ofHours(1));
            }
            assertThat(clinic.store(0).count("delete ")).isEqualTo(1);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.cure()).contains("Forget.DailyLimit"));
            clinic.clock.advance(Duration.ofDays(1));
            clinic.ship();
            assertThat(clinic.store(0).count("delete ")).isEqualTo(2);
        }
    }

    @Test
    void purging_does_not_hold_up_the_repair_of_a_pack_that_is_larger_than_the_limit() throws Exception {
        Clinic clinic = new Clinic(folder, "near", "far");
        clinic.with(new ForgetRules(Duration.ofDays(30), 2)).with(new ScrubRules(false, PERIOD, 1L << 40));
        clinic.open();
        try (clinic) {
            List<UUID> deleted = clinic.spool.study(UUID.randomUUID(), 1_000);
            clinic.ship();
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            journal.append(JournalType.TOMBSTONE, deleted.get(0), clinic.clock.instant());
            clinic.rooms.journal.read();
            clinic.spool.study(UUID.randomUUID(), 60_000, 60_000, 60_000);
            clinic.ship();
            evictAll(clinic);
            clinic.clock.advance(Duration.ofDays(31));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
            clinic.store(0).damage(pack(clinic), 700);
            clinic.rooms.copies.suspect(clinic.rooms.copies.find(2, "near").orElseThrow());
            clinic.scrub();
            clinic.ship();
            assertThat(clinic.store(0).object(pack(clinic)))
                    .isEqualTo(clinic.store(1).object(pack(clinic)));
            assertThat(clinic.tierEvents())
                    .filteredOn(told -> told.startsWith("repair "))
                    .singleElement()
                    .satisfies(told -> assertThat(told)
                            .startsWith("repair near ")
                            .doesNotContain("null")
                            .endsWith(" success"));
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"UNAVAILABLE", "REFUSED"})
    void one_repair_that_fails_holds_up_neither_the_others_nor_the_count(FailureKind kind) throws Exception {
        try (Clinic clinic = shipped(3, "near", "far")) {
            evictAll(clinic);
            Store near = clinic.store(0);
            List<String> objects = new java.util.ArrayList<>();
            for (long pack = 1; pack <= 3; pack++) {
                objects.add(PackPrologue.objectName(
                        clinic.rooms.packs.find(pack).orElseThrow().pack()));
            }
            for (int pack = 1; pack <= 2; pack++) {
                near.damage(objects.get(pack - 1), 700);
                clinic.rooms.copies.suspect(
                        clinic.rooms.copies.find(pack, "near").orElseThrow());
            }
            near.failing.put("head " + objects.get(0), kind);
            near.memory.delete(objects.get(2));
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            assertThat(near.calls).as("the other one is repaired").contains("delete " + objects.get(1));
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).startsWith("1 packs are gone from tier near"))
                    .anySatisfy(problem -> {
                        assertThat(problem.kind()).isEqualTo(kind);
                        assertThat(problem.message()).contains("cannot be read now");
                    });
            clinic.ship();
            assertThat(near.object(objects.get(1))).isEqualTo(clinic.store(1).object(objects.get(1)));
            assertThat(near.object(objects.get(2))).isEqualTo(clinic.store(1).object(objects.get(2)));

            near.failing.clear();
            clinic.clock.advance(Duration.ofDays(1));
            clinic.ship();
            clinic.ship();
            assertThat(near.object(objects.get(0))).isEqualTo(clinic.store(1).object(objects.get(0)));
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    /** A count that breaks off has set to work on what it found gone: it is told all the same. */
    @Test
    void one_pack_of_which_the_store_does_not_say_whether_it_is_hidden_ends_no_count() throws Exception {
        try (Clinic clinic = shipped(3, "near", "far")) {
            Store near = clinic.store(0);
            List<String> objects = near.objects("packs/");
            near.memory.delete(objects.get(0));
            near.memory.delete(objects.get(1));
            near.failing.put("isHidden " + objects.get(0), FailureKind.REFUSED);
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).startsWith("1 packs are gone from tier near"))
                    .anySatisfy(problem -> assertThat(problem.message())
                            .startsWith("1 packs are not listed in tier near, and it does not say"));
            assertThat(clinic.totals().tiers().get("near").queued()).isEqualTo(1);
        }
    }

    @Test
    void damage_is_a_problem_until_it_is_made_good() throws Exception {
        try (Clinic clinic = shipped(1, "near", "far")) {
            evictAll(clinic);
            clinic.store(0).damage(pack(clinic), 700);
            clinic.clock.advance(PERIOD);
            clinic.store(1).away = true;
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing()).anySatisfy(problem -> assertThat(problem.message())
                    .contains("in tier near")
                    .contains("no other copy of it is whole"));
            assertThat(clinic.store(0).objects("packs/"))
                    .as("a copy that cannot be compared is not deleted")
                    .hasSize(1);
            clinic.store(1).away = false;
            clinic.clock.advance(Duration.ofDays(1).plusMinutes(1));
            clinic.ship();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            assertThat(clinic.store(0).object(pack(clinic)))
                    .isEqualTo(clinic.store(1).object(pack(clinic)));
        }
    }

    @Test
    void the_last_copy_is_never_deleted_even_if_it_is_damaged() throws Exception {
        try (Clinic clinic = shipped(1, "near", "far")) {
            evictAll(clinic);
            clinic.stores.forEach(store -> damage(store, pack(clinic)));
            clinic.clock.advance(PERIOD);
            for (int i = 0; i < 3; i++) {
                clinic.ship();
                clinic.clock.advance(Duration.ofDays(2));
            }
            clinic.stores.forEach(store -> assertThat(store.count("delete ")).isZero());
            assertThat(clinic.rooms.problems.standing()).hasSize(2);
            assertThat(clinic.tierEvents())
                    .isNotEmpty()
                    .allMatch(told -> told.startsWith("scrub ") && told.endsWith(" failure"));
        }
    }

    private static void damage(Store store, String pack) {
        try {
            store.damage(pack, 700);
            store.calls.clear();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whole_local_files_are_enough_to_make_the_only_tier_good() throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            byte[] good = clinic.store(0).object(pack(clinic));
            clinic.store(0).damage(pack(clinic), 700);
            clinic.clock.advance(PERIOD);
            clinic.scrub();
            clinic.ship();
            assertThat(clinic.store(0).object(pack(clinic))).isEqualTo(good);
        }
    }

    @Test
    void what_a_tier_does_not_let_go_is_said_and_left() throws Exception {
        try (Clinic clinic = shipped(1, "near", "far")) {
            clinic.store(0).damage(pack(clinic), 700);
            clinic.store(0).keeps = true;
            clinic.clock.advance(PERIOD);
            clinic.ship();
            assertThat(clinic.rooms.problems.standing()).anySatisfy(problem -> {
                assertThat(problem.kind()).isEqualTo(FailureKind.REFUSED);
                assertThat(problem.cure()).contains("Delete object " + pack(clinic));
            });
            clinic.store(0).memory.delete(pack(clinic)); // a person does
            clinic.clock.advance(Duration.ofMinutes(11));
            clinic.ship();
            assertThat(clinic.store(0).object(pack(clinic)))
                    .isEqualTo(clinic.store(1).object(pack(clinic)));
        }
    }

    @Test
    void a_copy_that_is_gone_is_noticed_within_a_day() throws Exception {
        try (Clinic clinic = shipped(3, "near", "far")) {
            evictAll(clinic);
            String lost = clinic.store(0).objects("packs/").get(1);
            clinic.store(0).memory.delete(lost);
            clinic.scrub();
            assertThat(clinic.totals().tiers().get("near").queued())
                    .as("counted today")
                    .isZero();
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).startsWith("1 packs are gone from tier near"));
            clinic.ship();
            assertThat(clinic.store(0).object(lost)).isEqualTo(clinic.store(1).object(lost));
            clinic.clock.advance(Duration.ofDays(1));
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @Test
    void a_tier_that_is_away_or_bare_has_lost_nothing() throws Exception {
        try (Clinic clinic = shipped(2, "near", "far")) {
            clinic.clock.advance(PERIOD);
            clinic.store(0).away = true;
            clinic.scrub();
            clinic.store(0).away = false;
            byte[] marker = clinic.store(0).object("tier.id");
            List<String> packs = clinic.store(0).objects("packs/");
            byte[] first = clinic.store(0).object(packs.get(0));
            clinic.store(0).memory.delete("tier.id");
            clinic.store(0).memory.delete(packs.get(0));
            clinic.scrub();
            assertThat(clinic.totals().tiers().get("near").queued()).isZero();
            assertThat(clinic.totals().tiers().get("near").objects()).isEqualTo(2);
            clinic.store(0).memory.put(packs.get(0), first);
            clinic.store(0).memory.put("tier.id", marker);
            clinic.scrub();
            assertThat(clinic.totals().tiers().get("near").queued()).isZero();
        }
    }

    @Test
    void what_was_not_read_within_the_period_is_told() throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            clinic.store(0).away = true;
            clinic.clock.advance(PERIOD.minusDays(1));
            clinic.scrub();
            assertThat(clinic.rooms.problems.byName()).doesNotContainKey("scrub-late/near");
            clinic.clock.advance(Duration.ofDays(2));
            clinic.scrub();
            assertThat(clinic.rooms.problems.byName())
                    .hasEntrySatisfying("scrub-late/near", problem -> assertThat(problem.message())
                            .contains("were not read within 90 d"));
            assertThat(clinic.rooms.findings.lasting()).as("an alert").containsKey("scrub-late/near");
            clinic.store(0).away = false;
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    /** Nobody knows when it was read last: it has a period from now on. */
    @Test
    void after_the_loss_of_a_ledger_nothing_is_late_at_once() throws Exception {
        Clinic clinic = shipped(2, "near");
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        clinic.ship();
        clinic.scrub();
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey("scrub-late/near");
        clinic.store(0).away = true;
        clinic.clock.advance(PERIOD.plusDays(1));
        clinic.scrub();
        assertThat(clinic.rooms.problems.byName()).containsKey("scrub-late/near");
        clinic.close();
    }

    @Test
    void a_damaged_key_bundle_stays_and_another_is_written() throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            String bundle = clinic.store(0).objects("keys/").get(0);
            clinic.store(0).damage(bundle, 60);
            clinic.clock.advance(PERIOD);
            clinic.scrub();
            assertThat(clinic.store(0).objects("keys/")).hasSize(2).contains(bundle);
            assertThat(clinic.store(0).puts).last().asString().startsWith("SCRUB keys/");
        }
    }

    @Test
    void the_plugin_opens_a_sample_and_its_no_is_heard() throws Exception {
        try (Clinic clinic = shipped(1, "near")) {
            clinic.clock.advance(PERIOD);
            clinic.scrub();
            List<Work> asked = clinic.askedByPlugin();
            assertThat(asked).hasOnlyElementsOfType(Work.OpenCheck.class).hasSize(1);
            clinic.rooms.desk.answer(
                    asked.get(0).id(), WorkAnswer.failed(StrongroomException.of(FailureKind.CORRUPT, "does not open")));
            assertThat(clinic.rooms.copies.suspects("near", 0, 10)).hasSize(1);
            // Its bytes are right: a new bundle is written, and the plugin is asked again, but not over and over.
            clinic.clock.advance(Duration.ofMinutes(11));
            clinic.ship();
            assertThat(clinic.store(0).objects("keys/")).hasSize(2);
            assertThat(clinic.rooms.copies.suspects("near", 0, 10)).isEmpty();
            assertThat(clinic.store(0).count("delete ")).isZero();
        }
    }

    @Test
    void what_a_lost_ledger_found_again_is_read_as_soon_as_it_is_its_turn() throws Exception {
        Clinic clinic = shipped(2, "near");
        clinic.close();
        java.nio.file.Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        clinic.ship();
        clinic.scrub();
        assertThat(clinic.rooms
                        .copies
                        .longestUnchecked("near", Set.of())
                        .orElseThrow()
                        .scrubbed())
                .as("the second waits for its turn, the first was read")
                .isEqualTo(java.time.Instant.EPOCH);
        clinic.clock.advance(PERIOD.dividedBy(4).plusHours(1));
        clinic.scrub();
        assertThat(clinic.rooms
                        .copies
                        .longestUnchecked("near", Set.of())
                        .orElseThrow()
                        .scrubbed())
                .isAfter(java.time.Instant.EPOCH);
        clinic.close();
    }
}
