package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.sidecar.archive.AgeRule;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.tier.MemoryArchive;

/** Packs go to other storage classes as they grow old. */
class AgingTest {
    private static final AgeRule[] AGES = {
        new AgeRule("COOL", Duration.ofDays(30)), new AgeRule("COLD", Duration.ofDays(90))
    };

    @TempDir
    Path folder;

    private Clinic clinic;
    private MemoryArchive store;
    private UUID file;
    private String pack;

    @BeforeEach
    void onePack() throws Exception {
        clinic = new Clinic(folder, "cloud", "near");
        store = clinic.aging(AGES);
        clinic.open();
        file = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
        clinic.ship();
        pack = clinic.store(0).objects("packs/").get(0);
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private void after(int days) throws Exception {
        clinic.clock.advance(Duration.ofDays(days));
        clinic.age();
    }

    private Map<String, Long> counts() {
        return clinic.rooms.classes.counts("cloud");
    }

    @Test
    void a_pack_goes_from_class_to_class_as_it_grows_old() throws Exception {
        after(29);
        assertThat(store.moves).isEmpty();
        assertThat(counts()).isEmpty();
        after(2);
        assertThat(store.moves).containsExactly("COOL " + pack);
        assertThat(counts()).isEqualTo(Map.of("COOL", 1L));
        after(1);
        assertThat(store.moves).as("once").hasSize(1);
        after(59);
        assertThat(store.moves).containsExactly("COOL " + pack, "COLD " + pack);
        assertThat(counts()).isEqualTo(Map.of("COLD", 1L));
        assertThat(clinic.rooms
                        .evictor
                        .evict(new EvictRequest(true, null, false))
                        .kept())
                .isEmpty();
        clinic.store(1).away = true;
        assertThat(clinic.read(file)).as("it is read at once").isEqualTo(clinic.spool.bytes(file));
        assertThat(clinic.tierEvents()).as("each is an event").hasSize(2).allSatisfy(event -> assertThat(event)
                .startsWith("class cloud ")
                .endsWith(" success"));
    }

    @Test
    void what_is_old_enough_for_the_last_class_goes_there_at_once() throws Exception {
        after(91);
        assertThat(store.moves).containsExactly("COLD " + pack);
    }

    @Test
    void keys_and_journal_stay_and_so_do_packs_of_other_tiers_and_young_ones() throws Exception {
        clinic.clock.advance(Duration.ofDays(31));
        clinic.spool.study(UUID.randomUUID(), 4_000);
        clinic.ship();
        clinic.age();
        assertThat(store.moves).containsExactly("COOL " + pack);
    }

    @Test
    void a_restart_moves_nothing_twice_and_a_lost_ledger_asks_where_it_is() throws Exception {
        after(31);
        clinic.reopen();
        clinic.age();
        assertThat(store.moves).hasSize(1);
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        after(31);
        assertThat(store.moves).as("it is there already").hasSize(1);
        assertThat(counts()).isEqualTo(Map.of("COOL", 1L));
    }

    @Test
    void a_lost_ledger_brings_nothing_back_that_was_further() throws Exception {
        after(91);
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        after(31);
        assertThat(store.moves).containsExactly("COLD " + pack);
        assertThat(counts()).isEqualTo(Map.of("COLD", 1L));
    }

    @Test
    void what_a_rule_of_the_store_archived_is_left_there_and_told_nobody() throws Exception {
        store.move(pack, "COLDEST");
        after(31);
        assertThat(store.moves).containsExactly("COLDEST " + pack);
        assertThat(clinic.rooms.archive.of(1).get("cloud").isAway()).isTrue();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    @Test
    void a_store_that_moves_nothing_is_asked_for_one_pack_at_a_time() throws Exception {
        for (int i = 0; i < 4; i++) {
            clinic.spool.study(UUID.randomUUID(), 5_000);
        }
        clinic.ship();
        store.refuses = true;
        AtomicInteger asked = new AtomicInteger();
        for (String each : clinic.store(0).objects("packs/")) {
            store.whenAsked(each, asked::incrementAndGet);
        }
        after(31);
        assertThat(asked).hasValue(1);
        clinic.clock.advance(Duration.ofMinutes(11));
        clinic.age();
        assertThat(asked).as("the next one").hasValue(2);
        assertThat(clinic.rooms.problems.byName()).containsKey("class/cloud");
        store.refuses = false;
        for (int i = 0; i < 4; i++) {
            clinic.clock.advance(Duration.ofMinutes(31));
            clinic.age();
        }
        assertThat(counts()).isEqualTo(Map.of("COOL", 5L));
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey("class/cloud");
    }

    @Test
    void a_pack_that_is_purged_while_the_store_copies_it_does_not_come_back() throws Exception {
        byte[] copy = clinic.store(0).object(pack);
        store.whenMoved(() -> {
            clinic.store(0).memory.delete(pack);
            clinic.rooms.copies.purged(clinic.rooms.copies.find(1, "cloud").orElseThrow());
            clinic.store(0).memory.put(pack, copy);
        });
        after(31);
        assertThat(store.moves).hasSize(1);
        assertThat(clinic.store(0).objects("packs/")).isEmpty();
        assertThat(counts()).isEmpty();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    @Test
    void what_is_about_to_be_purged_is_not_moved_any_more() throws Exception {
        new TestJournal(clinic.home, clinic.installation).append(JournalType.TOMBSTONE, file, clinic.clock.instant());
        clinic.rooms.journal.read();
        after(31);
        assertThat(store.moves).isEmpty();
    }

    @Test
    void what_a_store_only_says_that_it_did_is_told_and_not_counted() throws Exception {
        store.ignores = true;
        after(31);
        assertThat(counts()).isEmpty();
        assertThat(clinic.rooms.problems.byName().get("class/cloud").message()).contains("was asked to move a pack");
        store.ignores = false;
        clinic.clock.advance(Duration.ofMinutes(21));
        clinic.age();
        clinic.clock.advance(Duration.ofMinutes(21));
        clinic.age();
        assertThat(counts()).isEqualTo(Map.of("COOL", 1L));
        assertThat(clinic.rooms.problems.byName()).doesNotContainKey("class/cloud");
    }

    @Test
    void a_copy_that_was_made_again_is_in_no_class_and_moves_once_more() throws Exception {
        after(31);
        clinic.store(0).memory.delete(pack);
        clinic.rooms.copies.queued(clinic.rooms.copies.find(1, "cloud").orElseThrow());
        assertThat(counts()).isEmpty();
        clinic.ship();
        assertThat(clinic.rooms.copies.of(1)).allMatch(copy -> copy.state() == CopyState.RECEIVED);
        clinic.clock.advance(Duration.ofMinutes(21));
        clinic.age();
        assertThat(counts()).isEqualTo(Map.of("COOL", 1L));
    }

    @Test
    void a_pack_that_is_gone_is_no_copy_any_more() throws Exception {
        clinic.store(0).memory.delete(pack);
        after(31);
        assertThat(clinic.totals().tiers().get("cloud").damaged()).isEqualTo(1);
    }
}
