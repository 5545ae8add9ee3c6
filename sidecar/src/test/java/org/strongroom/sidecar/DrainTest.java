package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.DrainStatus;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.TrimRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.Place;

class DrainTest {
    private static final EvictRequest ALL = new EvictRequest(true, null, false);

    @TempDir
    Path folder;

    private Clinic clinic;
    private Store old;
    private Store next;

    /** Two studies in the one tier, evicted; then the other one joins. */
    @BeforeEach
    void twoStudiesInTheOldTier() throws Exception {
        clinic = new Clinic(folder, "old").open();
        clinic.spool.study(UUID.randomUUID(), 60_000, 60_000);
        clinic.spool.study(UUID.randomUUID(), 9_000);
        clinic.ship();
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        clinic.close();
        clinic.stores.add(new Store("next"));
        clinic.open();
        clinic.rooms.tiers.get("next").mark();
        old = clinic.store(0);
        next = clinic.store(1);
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private DrainStatus drain(boolean dryRun) {
        return clinic.rooms.drains.drain("old", new DrainRequest("next", dryRun));
    }

    private void look() throws Exception {
        clinic.rooms.tiers.get("old").requireOurs();
        clinic.rooms.drains.look();
    }

    @Test
    void a_dry_run_only_counts() {
        DrainStatus status = drain(true);
        assertThat(status.packs()).isEqualTo(2);
        assertThat(status.done()).isZero();
        assertThat(status.bytes()).isGreaterThan(120_000);
        assertThat(clinic.rooms.tiers.get("old").takesCopies()).isTrue();
    }

    @Test
    void a_tier_that_is_away_does_not_stop_what_the_others_have_finished() throws Exception {
        drain(false);
        clinic.ship();
        clinic.clock.advance(Duration.ofMinutes(5));
        old.away = true;
        assertThatThrownBy(() -> clinic.rooms.drains.look()).isInstanceOf(StrongroomException.class);
        assertThat(clinic.rooms.tiers.get("old").isDrained()).isTrue();
    }

    @Test
    void uploads_that_nobody_remembers_are_given_up_in_a_tier_that_is_left_too() throws Exception {
        drain(false);
        clinic.ship();
        old.memory.begin("packs/" + "ab".repeat(16), 100);
        clinic.clock.advance(Duration.ofHours(25));
        clinic.ship();
        assertThat(old.memory.uploads()).isEmpty();
    }

    @Test
    void a_tier_that_is_left_and_shows_no_uploads_is_still_recognised() throws Exception {
        drain(false);
        clinic.ship();
        old.hidesUploads = true;
        clinic.rooms.copies.queued(clinic.rooms.copies.find(1, "old").orElseThrow());
        clinic.clock.advance(Duration.ofHours(25));
        clinic.ship();
        assertThat(clinic.rooms.copies.find(1, "old").orElseThrow().state()).isNotEqualTo(CopyState.QUEUED);
        assertThat(clinic.rooms.problems.standing())
                .anySatisfy(problem -> assertThat(problem.message()).contains("no right to list uploads"));
        old.hidesUploads = false;
        clinic.clock.advance(Duration.ofHours(25));
        clinic.ship();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    @Test
    void everything_goes_over_and_then_the_old_tier_does_not_count() throws Exception {
        assertThat(drain(false).drained()).isFalse();
        clinic.ship();
        look();
        DrainStatus status = drain(false);
        assertThat(status.drained()).isTrue();
        assertThat(status.done()).isEqualTo(2);
        drain(false);
        clinic.rooms.audit.flush();
        assertThat(new LogReader(clinic.home.audit()).from(0))
                .as("it is recorded once")
                .singleElement()
                .satisfies(entry -> assertThat(entry.entry().event().details())
                        .isEqualTo(Map.of("order", "drained", "tier", "old", "to", "next")));
        for (String pack : old.objects("packs/")) {
            assertThat(next.object(pack)).isEqualTo(old.object(pack));
        }
        assertThat(old.calls).as("nothing is deleted").noneMatch(call -> call.startsWith("delete packs"));
        // What its receipts are worth now.
        next.memory.delete(next.objects("packs/").get(0));
        clinic.rooms.recount.run(clinic.rooms.tiers.get("next"));
        assertThat(clinic.rooms.tiers.sufficeForAll(Set.of("old"))).isFalse();
        // It is still read.
        for (UUID file : clinic.spool.stored().keySet()) {
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    @Test
    void packs_are_deleted_in_the_old_tier_when_it_is_drained_and_somebody_says_so() throws Exception {
        TrimRequest all = new TrimRequest(null, false);
        drain(false);
        assertThat(clinic.rooms.trim.run("old", all).packs()).isZero();
        clinic.ship();
        look();
        assertThat(drain(false).drained()).isTrue();
        assertThat(clinic.rooms.trim.run("old", all).packs()).isEqualTo(2);
        assertThat(old.objects("packs/")).isEmpty();
        assertThat(drain(false).drained()).isTrue();
        for (UUID file : clinic.spool.stored().keySet()) {
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    @Test
    void nothing_new_goes_to_the_old_tier_and_new_studies_are_evicted_without_it() throws Exception {
        drain(false);
        clinic.spool.study(UUID.randomUUID(), 4_000);
        clinic.ship();
        assertThat(old.objects("packs/")).hasSize(2);
        assertThat(next.objects("packs/")).hasSize(3);
        assertThat(clinic.in(Place.SPOOL)).isZero();
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        assertThatThrownBy(() -> clinic.rooms.tiers.get("old").tier().put("packs/x", new byte[1]))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
    }

    @Test
    void while_it_goes_on_the_old_receipts_stand_for_the_new_ones() throws Exception {
        drain(false);
        clinic.rooms.tiers.get("old").requireOurs();
        assertThat(clinic.rooms.tiers.sufficeForAll(Set.of("old"))).isTrue();
        next.away = true;
        UUID file = clinic.spool.stored().keySet().iterator().next();
        clinic.read(file);
        await().atMost(Duration.ofMinutes(1)).until(() -> clinic.in(Place.CACHE) > 0);
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
    }

    @Test
    void it_survives_a_restart_and_goes_on() throws Exception {
        drain(false);
        clinic.reopen();
        assertThat(clinic.rooms.tiers.get("old").drainsTo()).contains("next");
        clinic.ship();
        look();
        assertThat(clinic.rooms.tiers.get("old").isDrained()).isTrue();
        clinic.reopen();
        assertThat(clinic.rooms.tiers.get("old").isDrained()).isTrue();
    }

    private void inLedger(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + clinic.home.ledger());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A drain that the ledger alone knew would be forgotten with it. */
    @Test
    void a_kill_in_the_middle_of_the_order_does_not_keep_it_from_the_tier() throws Exception {
        look();
        inLedger("CREATE TRIGGER killed BEFORE UPDATE OF takes ON tiers BEGIN SELECT RAISE(ABORT, 'killed'); END");
        assertThatThrownBy(() -> drain(false)).hasStackTraceContaining("killed");
        inLedger("DROP TRIGGER killed");
        clinic.reopen();
        assertThat(clinic.rooms.tiers.get("old").drainsTo()).contains("next");
        look();
        assertThat(old.objects("tier.")).contains("tier.draining");
    }

    @Test
    void a_lost_ledger_learns_it_from_the_tier() throws Exception {
        drain(false);
        look();
        assertThat(old.objects("tier.")).contains("tier.draining");
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        assertThat(clinic.rooms.tiers.get("old").drainsTo()).isEmpty();
        clinic.rooms.tiers.get("next").requireOurs();
        look();
        assertThat(clinic.rooms.tiers.get("old").drainsTo()).contains("next");
        assertThat(clinic.rooms.tiers.get("old").isDrained())
                .as("before it is rebuilt")
                .isFalse();
        clinic.ship();
        clinic.ship();
        look();
        assertThat(clinic.rooms.tiers.get("old").isDrained()).isTrue();
        assertThat(next.objects("packs/")).isEqualTo(old.objects("packs/"));
    }

    @Test
    void a_tier_can_be_taken_back() throws Exception {
        drain(false);
        clinic.spool.study(UUID.randomUUID(), 4_000);
        clinic.ship();
        look();
        clinic.rooms.drains.takeBack(clinic.rooms.tiers.get("old"));
        clinic.ship();
        assertThat(old.objects("packs/")).hasSize(3);
        assertThat(old.objects("tier.")).containsExactly("tier.id");
        look();
        assertThat(clinic.rooms.tiers.get("old").takesCopies()).isTrue();
    }

    @Test
    void what_cannot_take_its_place_is_refused() throws Exception {
        assertRefused("old", "old");
        clinic.copies = 2;
        clinic.reopen();
        assertRefused("old", "next"); // one is left, and two are wanted
        clinic.copies = 1;
        next.outside = true;
        clinic.reopen();
        assertRefused("old", "next");
    }

    private void assertRefused(String from, String to) {
        assertThatThrownBy(() -> clinic.rooms.drains.drain(from, new DrainRequest(to, true)))
                .isInstanceOfSatisfying(StrongroomException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e.cure()).isNotEmpty();
                });
    }
}
