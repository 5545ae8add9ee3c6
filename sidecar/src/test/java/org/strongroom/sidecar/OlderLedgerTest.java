package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.marker.Placement;

/** A ledger that an older Strongroom wrote, and tiers that were taken out of the settings. */
class OlderLedgerTest {
    /** What schema-6.sql adds is taken away. */
    private static final List<String> BEFORE_6 = List.of(
            "DROP TRIGGER classes_changed",
            "DROP TRIGGER classes_dropped",
            "DROP TRIGGER classes_remade",
            "DROP TRIGGER classes_archived",
            "DROP TABLE class_totals",
            "DROP INDEX studies_owner",
            "ALTER TABLE copies DROP COLUMN class",
            "ALTER TABLE assigned DROP COLUMN tenant",
            "ALTER TABLE studies DROP COLUMN owner",
            "PRAGMA user_version = 5");

    @TempDir
    Path folder;

    private final UUID north = UUID.randomUUID();
    private final UUID south = UUID.randomUUID();

    @Test
    void who_has_a_study_is_read_of_the_journal_and_nothing_else_is_applied_twice() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.sealFor(north);
            UUID given = UUID.randomUUID();
            clinic.spool.study(given, 5_000);
            UUID name = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
            UUID anew = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
            clinic.ship();
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            journal.assigned(south, given, clinic.clock.instant());
            journal.moved(name, anew, clinic.clock.instant());
            clinic.rooms.journal.read();
            clinic.rooms.close();
            older(clinic);
            clinic.placements = Map.of(north, new Placement("north", Optional.of(Set.of("near")), 0));
            clinic.open();
            clinic.rooms.journal.read();
            assertThat(owners(clinic)).containsOnlyOnce(south).containsOnly(north, south);
            journal.append(JournalType.TOMBSTONE, name, clinic.clock.instant());
            clinic.rooms.journal.read();
            assertThat(clinic.rooms.files.successors(name)).isEmpty();
            assertThat(clinic.rooms.files.removedSince(Instant.EPOCH, 0, 10))
                    .as("it can be given back")
                    .extracting(FileRow::uuid)
                    .containsExactly(anew);
            clinic.reopen();
            clinic.rooms.journal.read();
            assertThat(owners(clinic)).containsOnlyOnce(south);
        }
    }

    private static List<UUID> owners(Clinic clinic) {
        return List.of(1L, 2L, 3L).stream()
                .map(pack -> clinic.rooms.packs.find(pack).map(PackRow::owner).orElseThrow())
                .toList();
    }

    private static void older(Clinic clinic) throws Exception {
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + clinic.home.ledger());
                Statement statement = ledger.createStatement()) {
            for (String one : BEFORE_6) {
                statement.execute(one);
            }
        }
    }

    @Test
    void what_was_given_away_when_the_process_ended_is_wanted_at_the_next_start() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far")) {
            clinic.placements = Map.of(north, new Placement("north", Optional.of(Set.of("near")), 0));
            clinic.open();
            clinic.spool.sealFor(north);
            UUID key = UUID.randomUUID();
            clinic.spool.study(key, 5_000);
            clinic.spool.sealFor(south);
            clinic.spool.study(UUID.randomUUID(), 5_000);
            clinic.ship();
            assertThat(clinic.store(1).objects("packs/")).hasSize(1);
            clinic.rooms.files.journaled(List.of(), List.of(), List.of(), Map.of(key, south), "0 none");
            clinic.rooms.table.forget("journal");
            clinic.reopen();
            clinic.ship();
            assertThat(clinic.store(1).objects("packs/")).hasSize(2);
        }
    }

    @Test
    void tiers_that_are_taken_out_of_the_settings_are_forgotten_whatever_they_held() throws Exception {
        try (Clinic clinic = new Clinic(folder, "old", "worn", "stays")) {
            clinic.archiving(Duration.ofDays(30));
            clinic.open();
            UUID slice = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
            clinic.ship();
            clinic.clock.advance(Duration.ofDays(31));
            clinic.archive();
            clinic.rooms.classes.moved(clinic.rooms.copies.find(1, "worn").orElseThrow(), "COOL");
            assertThat(clinic.rooms.archive.of(1)).containsKey("old");
            assertThat(clinic.rooms.classes.counts("worn")).containsEntry("COOL", 1L);
            clinic.rooms.close();
            clinic.stores.subList(0, 2).clear();
            clinic.open();
            clinic.ship();
            assertThat(clinic.totals().tiers()).containsOnlyKeys("stays");
            assertThat(clinic.rooms.copies.of(1)).hasSize(1);
            assertThat(clinic.read(slice)).isEqualTo(clinic.spool.bytes(slice));
        }
    }
}
