package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.SeedExportRequest;
import org.strongroom.core.control.SeedExported;
import org.strongroom.core.control.TrimRequest;
import org.strongroom.core.control.TrimResult;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.TenantIds;
import org.strongroom.core.settings.Settings;
import org.strongroom.sidecar.evict.Confirmations;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.Flow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.PlacementSums.Surplus;
import org.strongroom.sidecar.ledger.Totals.TierSum;
import org.strongroom.sidecar.marker.Placement;
import org.strongroom.sidecar.marker.Placements;

/** Tenants that say where their studies go, and how many copies they want. */
class PlacementTest {
    private static final EvictRequest ALL = new EvictRequest(true, null, false);

    @TempDir
    Path folder;

    private final UUID north = UUID.randomUUID();
    private final UUID south = UUID.randomUUID();
    private Clinic clinic;

    @BeforeEach
    void three() throws Exception {
        clinic = new Clinic(folder, "near", "far", "cloud");
        clinic.placements = Map.of(north, only(0, "near"));
        clinic.open();
        clinic.ship(); // every tier was seen
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private static Placement only(int copies, String... tiers) {
        return new Placement("north", Optional.of(Set.of(tiers)), copies);
    }

    private UUID store(UUID tenant, UUID key) throws Exception {
        clinic.spool.sealFor(tenant);
        return clinic.spool.study(key, 5_000).get(0);
    }

    private long packs(int store) {
        return clinic.store(store).objects("packs/").size();
    }

    private long queued(String tier) {
        return clinic.totals().tiers().getOrDefault(tier, TierSum.NONE).queued();
    }

    private long excess() {
        return clinic.rooms.outlook.forecast(1L << 40).exceedsLineBytesPerDay();
    }

    private Surplus surplus(String tier) {
        return clinic.rooms.placed.surplus(tier, Optional.empty());
    }

    @Test
    void packs_go_to_the_tenants_tiers_alone_and_are_evicted_for_those() throws Exception {
        UUID its = store(north, UUID.randomUUID());
        store(south, UUID.randomUUID());
        clinic.ship();
        assertThat(packs(0)).isEqualTo(2);
        assertThat(packs(1)).isEqualTo(1);
        assertThat(packs(2)).isEqualTo(1);
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        assertThat(clinic.in(Place.HEAD)).isEqualTo(2);
        assertThat(clinic.read(its)).isEqualTo(clinic.spool.bytes(its));
        assertThat(queued("far")).isZero();
        assertThat(surplus("far")).isEqualTo(new Surplus(0, 0));
    }

    @Test
    void keys_and_journal_are_everybodys() throws Exception {
        new TestJournal(clinic.home, clinic.installation)
                .append(JournalType.TOMBSTONE, UUID.randomUUID(), Instant.EPOCH);
        store(north, UUID.randomUUID());
        store(south, UUID.randomUUID());
        clinic.clock.advance(Duration.ofDays(1));
        clinic.ship();
        assertThat(clinic.store(1).objects("keys/")).isNotEmpty();
        assertThat(clinic.store(1).objects("journal/")).isNotEmpty();
    }

    @Test
    void a_tenant_wants_as_many_copies_as_it_says() throws Exception {
        clinic.close();
        clinic.placements = Map.of(north, new Placement("north", Optional.empty(), 1), south, only(2, "near", "far"));
        clinic.open();
        clinic.store(1).away = true;
        clinic.store(2).away = true;
        store(north, UUID.randomUUID());
        store(south, UUID.randomUUID());
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).as("south wants two").isEqualTo(1);
        assertThat(clinic.in(Place.CACHE)).as("north wants one").isEqualTo(1);
        clinic.store(1).away = false;
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).as("the third tier is none of its").isZero();
    }

    @Test
    void a_tier_of_another_tenants_does_not_count() throws Exception {
        store(north, UUID.randomUUID());
        clinic.store(0).away = true;
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).isEqualTo(1);
        assertThat(packs(1) + packs(2)).isZero();
        assertThat(clinic.rooms.tiers.suffice(north, Set.of("far", "cloud"))).isFalse();
        assertThat(clinic.rooms.tiers.suffice(north, Set.of("near"))).isTrue();
        assertThat(clinic.rooms.tiers.suffice(south, Set.of("near"))).isFalse();
    }

    @Test
    void the_forecast_waits_for_no_tier_that_the_tenants_studies_do_not_go_to() throws Exception {
        clinic.ship();
        store(north, UUID.randomUUID());
        clinic.rooms.intake.scan();
        clinic.store(1).away = true;
        Flow flow = Flow.of(clinic.rooms.ledger, clinic.clock.instant());
        assertThat(flow.waiting().keySet()).containsExactly(north);
        assertThat(flow.waiting().get(north)).isGreaterThan(5_000);
    }

    @Test
    void what_comes_for_other_tiers_is_none_of_a_poor_lines_worries() throws Exception {
        clinic.spool.sealFor(south);
        clinic.spool.study(UUID.randomUUID(), 50_000);
        clinic.ship();
        clinic.spool.sealFor(north);
        clinic.spool.study(UUID.randomUUID(), 5_000_000);
        clinic.ship();
        Flow flow = Flow.of(clinic.rooms.ledger, clinic.clock.instant());
        assertThat(flow.lately().get(north)).isGreaterThan(5_000_000);
        assertThat(flow.lately().get(south)).isBetween(50_000L, 100_000L);
        clinic.rooms.table.remember("line/near", "1000000");
        clinic.rooms.table.remember("line/far", "20");
        clinic.rooms.table.remember("line/cloud", "1000000");
        clinic.reopen();
        assertThat(excess()).as("what is south's").isNegative();
        clinic.close();
        clinic.placements = Map.of();
        clinic.open();
        assertThat(excess()).as("if all of it went everywhere").isPositive();
        clinic.clock.advance(Duration.ofDays(8));
        assertThat(Flow.of(clinic.rooms.ledger, clinic.clock.instant()).lately())
                .isEmpty();
    }

    @Test
    void other_tiers_later_get_the_old_packs_and_what_is_too_much_is_told() throws Exception {
        UUID old = store(north, UUID.randomUUID());
        clinic.ship();
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        clinic.close();
        clinic.placements = Map.of(north, only(0, "far"));
        clinic.open();
        store(north, UUID.randomUUID());
        clinic.ship();
        assertThat(packs(0)).as("new ones go there no more, old ones stay").isEqualTo(1);
        assertThat(packs(1)).as("the old one was made there from tier to tier").isEqualTo(2);
        assertThat(packs(2)).isZero();
        assertThat(surplus("near").packs()).isEqualTo(1);
        assertThat(surplus("near").bytes()).isPositive();
        assertThat(clinic.rooms
                        .findings
                        .all(clinic.totals())
                        .get("surplus/near")
                        .message())
                .contains("tier near holds 1 pack");
        clinic.store(1).away = true;
        assertThat(clinic.read(old)).as("it is read all the same").isEqualTo(clinic.spool.bytes(old));
    }

    @Test
    void what_is_too_much_is_deleted_when_somebody_says_so_and_all_tiers_of_the_tenant_have_it() throws Exception {
        UUID its = store(north, UUID.randomUUID());
        UUID others = store(south, UUID.randomUUID());
        clinic.ship();
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        assertThat(trim("near", false))
                .as("everything there is wanted")
                .isEqualTo(new TrimResult(null, 0, 0, Map.of()));
        clinic.close();
        clinic.placements = Map.of(north, only(1, "far", "cloud"));
        clinic.store(2).away = true;
        clinic.open();
        clinic.ship();
        assertThat(packs(1)).isEqualTo(2);
        assertThat(trim("near", false).kept())
                .as("one copy would be enough, and the other may need this one")
                .containsOnly(Map.entry("not every tier that it goes to has it", 1L));
        clinic.store(2).away = false;
        clinic.ship();

        TrimResult plan = trim("near", true);
        assertThat(plan.packs()).isEqualTo(1);
        assertThat(plan.bytes()).isEqualTo(surplus("near").bytes());
        assertThat(packs(0)).as("a plan deletes nothing").isEqualTo(2);
        assertThat(trim("near", false)).isEqualTo(plan);
        assertThat(packs(0)).as("south's stays").isEqualTo(1);
        assertThat(surplus("near")).isEqualTo(new Surplus(0, 0));
        assertThat(clinic.tierEvents()).hasSize(1).allMatch(told -> told.startsWith("trim near "));
        assertThat(clinic.read(its)).isEqualTo(clinic.spool.bytes(its));
        assertThat(clinic.read(others)).isEqualTo(clinic.spool.bytes(others));
        clinic.clock.advance(Duration.ofDays(2));
        clinic.scrub();
        clinic.ship();
        assertThat(packs(0)).as("it is not missed").isEqualTo(1);
        assertThat(clinic.rooms.problems.byName()).isEmpty();

        clinic.close();
        clinic.placements = Map.of();
        clinic.open();
        clinic.ship();
        assertThat(packs(0)).as("it is wanted there again").isEqualTo(2);
    }

    @Test
    void what_is_too_much_stays_while_a_tier_does_not_confirm_its_copy() throws Exception {
        store(north, UUID.randomUUID());
        clinic.ship();
        clinic.close();
        clinic.placements = Map.of(north, only(0, "far"));
        clinic.open();
        clinic.ship();
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        clinic.clock.advance(Duration.ofDays(2));
        clinic.store(1).memory.delete(clinic.store(1).objects("packs/").get(0));
        assertThat(trim("near", false).kept()).hasSize(1);
        assertThat(packs(0)).isEqualTo(1);
        clinic.scrub();
        clinic.ship();
        assertThat(packs(1)).as("made again of the one that stayed").isEqualTo(1);
        assertThat(trim("near", false).packs()).isEqualTo(1);
        assertThat(packs(0)).isZero();
        clinic.store(0).away = true;
        assertThatThrownBy(() -> trim("near", false)).isInstanceOf(StrongroomException.class);
    }

    /** Who looks which packs are not wanted looks at many at once. */
    @Test
    void what_is_another_tenants_when_its_turn_comes_stays_where_that_ones_go() throws Exception {
        UUID key = UUID.randomUUID();
        store(north, UUID.randomUUID());
        clinic.ship();
        store(north, key);
        clinic.ship();
        clinic.close();
        clinic.placements = Map.of(north, only(0, "far"), south, only(0, "near"));
        clinic.open();
        clinic.ship();
        assertThat(packs(0)).isEqualTo(2);
        clinic.store(0).firstDelete = () -> {
            new TestJournal(clinic.home, clinic.installation).assigned(south, key, Instant.EPOCH);
            clinic.rooms.journal.read();
        };
        TrimResult trimmed = trim("near", false);
        assertThat(trimmed.packs()).isEqualTo(1);
        assertThat(trimmed.kept()).containsOnly(Map.entry("it is wanted there by now", 1L));
        assertThat(packs(0)).isEqualTo(1);
    }

    @Test
    void a_copy_does_not_answer_for_itself() throws Exception {
        store(north, UUID.randomUUID());
        clinic.ship();
        PackRow pack = clinic.rooms.packs.find(1).orElseThrow();
        Confirmations confirmations =
                new Confirmations(clinic.rooms.tiers, clinic.rooms.copies, clinic.rooms.problems, clinic.clock);
        assertThat(confirmations.reasonToKeep(pack)).isEmpty();
        assertThat(confirmations.reasonToKeepIn("near", pack, false)).isPresent();
        assertThat(confirmations.reasonToKeepIn("far", pack, false)).isEmpty();
    }

    @Test
    void what_is_too_much_stays_if_the_other_copy_went_since_it_was_last_seen() throws Exception {
        moved();
        clinic.store(1).memory.delete(clinic.store(1).objects("packs/").get(0));
        assertThat(trim("near", true).packs())
                .as("a plan believes what was seen lately")
                .isEqualTo(1);
        assertThat(trim("near", false).kept()).containsOnlyKeys("a tier does not confirm its copy now");
        assertThat(packs(0)).isEqualTo(1);
    }

    /** One copy in near, which its tenant has left for far. */
    private void moved() throws Exception {
        store(north, UUID.randomUUID());
        clinic.ship();
        clinic.close();
        clinic.placements = Map.of(north, only(0, "far"));
        clinic.open();
        clinic.ship();
    }

    @Test
    void what_cannot_be_recorded_is_not_deleted() throws Exception {
        moved();
        Path pending = clinic.home.pendingAuditOfSidecar();
        Files.deleteIfExists(pending);
        Files.createFile(pending);
        assertThatThrownBy(() -> trim("near", false)).hasMessageContaining("could not be recorded");
        assertThat(packs(0)).isEqualTo(1);
        Files.delete(pending);
        assertThat(trim("near", false).packs()).isEqualTo(1);
        assertThat(packs(0)).isZero();
        assertThat(clinic.tierEvents()).hasSize(1).allMatch(told -> told.endsWith("success"));
    }

    @Test
    void what_the_tier_keeps_is_recorded_as_failed() throws Exception {
        moved();
        clinic.store(0).keeps = true;
        assertThat(trim("near", false).kept()).containsOnlyKeys("the tier does not let it be deleted");
        assertThat(clinic.tierEvents())
                .last()
                .asString()
                .startsWith("trim near ")
                .endsWith("failure");
    }

    @Test
    void what_goes_while_it_is_checked_is_no_damage() throws Exception {
        moved();
        clinic.clock.advance(Duration.ofDays(91));
        clinic.store(0).firstLook =
                () -> assertThat(trim("near", false).packs()).isEqualTo(1);
        clinic.scrub();
        assertThat(packs(0)).isZero();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
        assertThat(clinic.tierEvents()).noneMatch(told -> told.startsWith("scrub "));
    }

    @Test
    void what_goes_before_it_has_its_receipt_is_no_failure() throws Exception {
        moved();
        clinic.rooms.copies.uploaded(clinic.rooms.copies.find(1, "near").orElseThrow());
        clinic.store(0).firstLook =
                () -> assertThat(trim("near", false).packs()).isEqualTo(1);
        clinic.ship();
        assertThat(packs(0)).isZero();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    @Test
    void what_goes_while_eviction_asks_for_it_is_no_damage() throws Exception {
        moved();
        clinic.clock.advance(Duration.ofDays(2));
        clinic.store(0).firstLook =
                () -> assertThat(trim("near", false).packs()).isEqualTo(1);
        clinic.rooms.evictor.evict(ALL);
        assertThat(packs(0)).isZero();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    private TrimResult trim(String tier, boolean dryRun) {
        return clinic.rooms.trim.run(tier, new TrimRequest(null, dryRun));
    }

    @Test
    void what_was_planned_for_a_tier_is_planned_no_more_when_the_tenant_leaves_it() throws Exception {
        clinic.store(2).away = true;
        UUID key = UUID.randomUUID();
        store(south, key);
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).isEqualTo(1);
        clinic.close();
        clinic.store(2).away = false;
        clinic.placements = Map.of(south, only(0, "near", "far"));
        clinic.open();
        clinic.ship();
        assertThat(packs(2)).isZero();
        assertThat(queued("cloud")).isZero();
        clinic.rooms.settler.settleAll();
        assertThat(clinic.in(Place.SPOOL)).isZero();
        clinic.close();
        clinic.placements = Map.of();
        clinic.open();
        clinic.ship();
        assertThat(packs(2)).as("it is everybody's again").isEqualTo(1);
    }

    @Test
    void a_study_that_is_given_to_another_tenant_goes_where_that_ones_go() throws Exception {
        UUID key = UUID.randomUUID();
        store(north, key);
        clinic.ship();
        assertThat(packs(1)).isZero();
        new TestJournal(clinic.home, clinic.installation).assigned(south, key, Instant.EPOCH);
        clinic.rooms.journal.read();
        clinic.ship();
        assertThat(packs(1)).isEqualTo(1);
        assertThat(packs(2)).isEqualTo(1);
        PackRow pack = clinic.rooms.packs.find(1).orElseThrow();
        assertThat(pack.owner()).isEqualTo(south);
        assertThat(clinic.rooms.copies.of(pack.id())).allMatch(copy -> copy.state() == CopyState.RECEIVED);
    }

    @Test
    void that_a_study_was_in_quarantine_is_no_problem_that_nobody_can_end() throws Exception {
        UUID key = UUID.randomUUID();
        Files.writeString(clinic.home.quarantineTenant(), south.toString());
        store(south, key);
        clinic.ship();
        new TestJournal(clinic.home, clinic.installation).assigned(north, key, Instant.EPOCH);
        clinic.rooms.journal.read();
        clinic.ship();
        assertThat(surplus("far").packs()).as("it stays where it was").isEqualTo(1);
        assertThat(clinic.rooms.findings.all(clinic.totals())).doesNotContainKey("surplus/far");
        Files.delete(clinic.home.quarantineTenant());
        clinic.clock.advance(Duration.ofMinutes(11));
        assertThat(clinic.rooms.findings.all(clinic.totals()))
                .as("of any other tenant it is told")
                .containsKey("surplus/far");
    }

    @Test
    void a_lost_ledger_learns_again_where_packs_are_and_makes_no_others() throws Exception {
        store(north, UUID.randomUUID());
        store(south, UUID.randomUUID());
        clinic.ship();
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        assertThat(packs(0)).isEqualTo(2);
        assertThat(packs(1)).isEqualTo(1);
        assertThat(queued("far")).isZero();
        assertThat(clinic.totals().tiers().get("near").copies()).isEqualTo(2);
    }

    @Test
    void a_damaged_copy_is_made_again_in_the_tenants_tiers_only() throws Exception {
        clinic.close();
        clinic.placements = Map.of(north, only(0, "near", "far"));
        clinic.open();
        store(north, UUID.randomUUID());
        clinic.ship();
        String pack = clinic.store(1).objects("packs/").get(0);
        clinic.store(1).damage(pack, 300);
        clinic.clock.advance(Duration.ofDays(91));
        clinic.scrub();
        clinic.ship();
        assertThat(clinic.store(1).object(pack)).isEqualTo(clinic.store(0).object(pack));
        assertThat(packs(2)).isZero();
    }

    @Test
    void a_tier_is_not_drained_to_one_that_a_tenants_studies_do_not_go_to() throws Exception {
        assertThatThrownBy(() -> clinic.rooms.drains.drain("near", new DrainRequest("far", false)))
                .hasMessageContaining("north")
                .hasMessageContaining("Tenants.north.Tiers");
        assertThatThrownBy(() -> clinic.rooms.drains.drain("near", new DrainRequest("cloud", true)))
                .hasMessageContaining("Tenants.north.Tiers");
    }

    @Test
    void a_tier_is_drained_when_packs_that_do_not_go_to_the_other_one_are_where_they_go() throws Exception {
        store(north, UUID.randomUUID());
        store(south, UUID.randomUUID());
        clinic.ship();
        clinic.close();
        clinic.placements = Map.of(north, only(0, "cloud"));
        clinic.store(2).away = true;
        clinic.open();
        clinic.ship();
        assertThat(clinic.rooms
                        .drains
                        .drain("near", new DrainRequest("far", false))
                        .drained())
                .as("the only copy of north's is in the old one")
                .isFalse();
        clinic.store(2).away = false;
        clinic.ship();
        assertThat(clinic.rooms.drains.status("near").drained()).isTrue();
        assertThat(packs(2)).isEqualTo(2);
    }

    @Test
    void nothing_goes_to_a_disk_for_a_tier_that_is_not_the_tenants() throws Exception {
        clinic.store(2).away = true;
        store(south, UUID.randomUUID());
        clinic.ship();
        clinic.close();
        clinic.placements = Map.of(south, only(0, "near"));
        clinic.open();
        Path disk = Files.createDirectory(folder.resolve("disk"));
        SeedExported told = clinic.rooms.seeds.export("cloud", new SeedExportRequest(disk.toString(), null, true));
        assertThat(told.reason()).contains("do not go to this tier");
    }

    @Test
    void settings_name_tenants_and_who_has_the_keys_tells_which_they_are() throws Exception {
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/k"}, "Copies": 2,
                  "Tiers": {"near": {"Directory": "/n"}, "far": {"Directory": "/f"}},
                  "Tenants": {"clinic": {}, "north": {"Tiers": ["near"], "Copies": 1, "Sources": {"AETs": ["N"]}},
                    "unseen": {"Tiers": ["near", "far"], "Sources": {"AETs": ["U"]}}}}}
                """);
        assertThatThrownBy(() -> Placements.of(settings, clinic.home))
                .hasMessageContaining("nobody has told which tenant is which")
                .hasMessageContaining("Start Orthanc");
        new TenantIds(Map.of(south, "clinic", north, "north")).write(clinic.home.tenantIds());
        assertThatThrownBy(() -> Placements.of(settings, clinic.home))
                .as("its studies would go everywhere")
                .hasMessageContaining("nobody has told which tenant is which")
                .hasMessageContaining("unseen")
                .hasMessageContaining("Start Orthanc");
        UUID seen = UUID.randomUUID();
        new TenantIds(Map.of(south, "clinic", north, "north", seen, "unseen")).write(clinic.home.tenantIds());
        Placements placements = Placements.of(settings, clinic.home);
        assertThat(placements.own())
                .containsOnly(
                        Map.entry(north, only(1, "near")),
                        Map.entry(seen, new Placement("unseen", Optional.of(Set.of("near", "far")), 2)));
        assertThat(placements.others()).isEqualTo(new Placement("", Optional.empty(), 2));
        new TenantIds(Map.of(south, "north", north, "north", seen, "unseen")).write(clinic.home.tenantIds());
        assertThat(Placements.of(settings, clinic.home).own())
                .as("one tenant, under two names")
                .containsEntry(south, only(1, "near"))
                .containsEntry(north, only(1, "near"));
        for (String damaged : new String[] {"{\"north\": \"x\"}", "[]", "\"north\"", ""}) {
            Files.writeString(clinic.home.tenantIds(), damaged);
            assertThatThrownBy(() -> Placements.of(settings, clinic.home)).hasMessageContaining("is damaged");
        }
    }
}
