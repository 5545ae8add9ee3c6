package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.sidecar.evict.CacheRules;
import org.strongroom.sidecar.evict.PartlyEvicted;
import org.strongroom.sidecar.ledger.Place;

/** What was done before something failed, and what was told of what is not there any more. */
class BrokenOffTest {
    @TempDir
    Path folder;

    @Test
    void an_eviction_that_breaks_off_tells_what_had_gone() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> slices = clinic.spool.study(UUID.randomUUID(), 5_000, 6_000, 7_000);
            clinic.ship();
            theLastHeadCannotBeWritten(clinic, slices);
            PartlyEvicted partly = catchThrowableOfType(
                    PartlyEvicted.class, () -> clinic.rooms.evictor.evict(new EvictRequest(true, null, false)));
            assertThat(partly.result().instances()).isEqualTo(2);
            assertThat(partly.result().bytes()).isBetween(9_000L, 14_000L);
            assertThat(clinic.in(Place.HEAD)).as("the ledger knows it as well").isEqualTo(2);
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
        }
    }

    @Test
    void so_does_one_by_the_level_of_the_disk() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")
                .with(new CacheRules(1, 0, false, true))
                .open()) {
            List<UUID> slices = clinic.spool.study(UUID.randomUUID(), 5_000, 6_000);
            clinic.ship();
            theLastHeadCannotBeWritten(clinic, slices);
            PartlyEvicted partly = catchThrowableOfType(PartlyEvicted.class, () -> clinic.rooms.evictor.keepLevel(0));
            assertThat(partly.result().instances()).isEqualTo(1);
        }
    }

    @Test
    void a_ledger_that_fails_hides_nothing_of_it_and_is_what_is_thrown_on() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(UUID.randomUUID(), 5_000, 6_000);
            clinic.ship();
            try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + clinic.home.ledger());
                    Statement statement = ledger.createStatement()) {
                statement.execute(
                        "CREATE TRIGGER no BEFORE UPDATE OF place ON files BEGIN SELECT RAISE(ABORT, 'no'); END");
            }
            PartlyEvicted partly = catchThrowableOfType(
                    PartlyEvicted.class, () -> clinic.rooms.evictor.evict(new EvictRequest(true, null, false)));
            assertThat(partly.result().instances()).isEqualTo(2);
            IllegalStateException log = new IllegalStateException("the audit log is full");
            RuntimeException thrown = catchThrowableOfType(
                    RuntimeException.class,
                    () -> partly.told(result -> {
                        throw log;
                    }));
            assertThat(thrown).isSameAs(partly.getCause()).hasSuppressedException(log);
        }
    }

    private static void theLastHeadCannotBeWritten(Clinic clinic, List<UUID> slices) throws Exception {
        UUID last = Collections.max(
                slices,
                Comparator.comparing(
                        slice -> clinic.rooms.files.find(slice).orElseThrow().id()));
        Files.createDirectories(clinic.home.cachedHead(last).resolve("in the way"));
    }

    @Test
    void nobody_is_told_of_a_pack_that_was_purged_meanwhile() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.ship();
            UUID slice = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
            clinic.store(0).failing.put("begin packs/", FailureKind.REFUSED);
            clinic.ship();
            assertThat(clinic.rooms.problems.byName().keySet()).anyMatch(name -> name.startsWith("ship/near/"));
            new TestJournal(clinic.home, clinic.installation)
                    .append(JournalType.TOMBSTONE, slice, clinic.clock.instant());
            clinic.rooms.journal.read();
            clinic.clock.advance(Duration.ofDays(31));
            clinic.purge();
            assertThat(clinic.rooms.packs.find(1)).isEmpty();
            clinic.ship();
            assertThat(clinic.rooms.problems.byName().keySet()).noneMatch(name -> name.startsWith("ship/near/"));
        }
    }
}
