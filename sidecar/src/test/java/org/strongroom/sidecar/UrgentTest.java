package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.pack.PackRules;

/** A study that somebody marked goes before all others. */
final class UrgentTest {
    private static final UUID KEY = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private static void mark(Clinic clinic, UUID key) {
        assertThat(clinic.rooms.studies.markUrgent(List.of(key, UUID.randomUUID()), true, clinic.clock.instant()))
                .hasSize(1);
    }

    private static List<StudyRow> unmark(Clinic clinic) {
        return clinic.rooms.studies.markUrgent(List.of(KEY), false, clinic.clock.instant());
    }

    private static String object(Clinic clinic, UUID key) {
        PackRow pack = clinic.rooms.packs.page(0, 100).values().stream()
                .filter(line -> line.key().equals(key))
                .map(line -> clinic.rooms.packs.find(line.pack()).orElseThrow())
                .findFirst()
                .orElseThrow();
        return PackPrologue.objectName(pack.pack());
    }

    private static List<String> completed(Store store) {
        return store.calls.stream()
                .filter(call -> call.startsWith("complete packs/"))
                .map(call -> call.substring("complete ".length()))
                .toList();
    }

    @Test
    void itGoesBeforeWhatArrivedEarlier() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            for (int i = 0; i < 3; i++) {
                clinic.spool.study(UUID.randomUUID(), 1_000);
            }
            clinic.plan();
            clinic.spool.study(KEY, 1_000);
            clinic.plan();
            mark(clinic, KEY);
            clinic.ship();
            Store store = clinic.store(0);
            assertThat(completed(store)).hasSize(4).first().isEqualTo(object(clinic, KEY));
            assertThat(store.parts)
                    .hasSize(4)
                    .allMatch(part -> part.startsWith(part.endsWith(object(clinic, KEY)) ? "STAT " : "NEW "));
        }
    }

    @Test
    void itOvertakesWhatIsBeingSentAfterAPart() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID large = UUID.randomUUID();
            clinic.spool.study(large, 9_000_000);
            clinic.plan();
            Store store = clinic.store(0);
            store.secondPart = () -> {
                clinic.spool.study(KEY, 2_000_000);
                clinic.rooms.refresh();
                mark(clinic, KEY);
                clinic.rooms.plan(true);
            };
            clinic.ship();
            assertThat(completed(store)).containsExactly(object(clinic, KEY), object(clinic, large));
            assertThat(store.count("part " + object(clinic, large)))
                    .as("no part is sent again")
                    .isEqualTo(3);
        }
    }

    /** Whatever was marked, and sent, before it. */
    @Test
    void anEarlierStudyThatIsMarkedLaterOvertakesAsWell() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID large = UUID.randomUUID();
            UUID later = UUID.randomUUID();
            clinic.spool.study(large, 25_000_000);
            clinic.plan();
            clinic.spool.study(KEY, 1_000);
            clinic.plan();
            clinic.spool.study(later, 1_000);
            clinic.plan();
            mark(clinic, later);
            Store store = clinic.store(0);
            store.secondPart = () -> mark(clinic, KEY);
            clinic.ship();
            assertThat(completed(store))
                    .containsExactly(object(clinic, later), object(clinic, KEY), object(clinic, large));
        }
    }

    @Test
    void onceItIsUrgentNoMoreItsRestWaitsInItsTurn() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID first = UUID.randomUUID();
            clinic.spool.study(first, 1_000);
            clinic.plan();
            clinic.spool.study(KEY, 9_000_000);
            clinic.plan();
            mark(clinic, KEY);
            Store store = clinic.store(0);
            store.secondPart = () -> unmark(clinic);
            clinic.ship();
            assertThat(completed(store)).containsExactly(object(clinic, first), object(clinic, KEY));
            assertThat(store.parts.stream()
                            .filter(part -> part.endsWith(object(clinic, KEY)))
                            .map(part -> part.substring(0, part.indexOf(' '))))
                    .hasSize(3)
                    .startsWith("STAT")
                    .endsWith("NEW");
        }
    }

    @Test
    void itIsPackedSoonAlsoWhileItStillArrivesAndOthersWhenTheyAreQuiet() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near")
                .with(new PackRules(Duration.ofMinutes(10), 100_000_000))
                .open()) {
            clinic.ship();
            clinic.spool.study(UUID.randomUUID(), 1_000);
            clinic.spool.study(KEY, 1_000);
            clinic.rooms.intake.scan();
            mark(clinic, KEY);
            assertThat(clinic.rooms.packer.plan(false))
                    .as("more may be on its way")
                    .isZero();
            clinic.clock.advance(Duration.ofSeconds(16));
            assertThat(clinic.rooms.packer.plan(false)).isEqualTo(1);
            int plans = 0;
            for (int image = 0; image < 8; image++) {
                Files.setLastModifiedTime(
                        clinic.home.spooled(clinic.spool.study(KEY, 1_000).get(0)),
                        FileTime.from(clinic.clock.instant()));
                clinic.rooms.intake.scan();
                plans += clinic.rooms.packer.plan(false);
                clinic.clock.advance(Duration.ofSeconds(10));
            }
            assertThat(plans).as("one image in ten seconds, a pack for four").isEqualTo(2);
        }
    }

    /** A clock that was ahead when it was marked is right again. */
    @Test
    void aMarkOfAnotherYearIsNone() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID first = UUID.randomUUID();
            clinic.spool.study(first, 1_000);
            clinic.plan();
            clinic.spool.study(KEY, 1_000);
            clinic.plan();
            clinic.rooms.studies.markUrgent(
                    List.of(KEY), true, clinic.clock.instant().plus(Duration.ofDays(365)));
            clinic.ship();
            assertThat(completed(clinic.store(0))).containsExactly(object(clinic, first), object(clinic, KEY));
        }
    }

    @Test
    void itIsAsAllOthersWhenItHasReceiptsEnoughOrTheDayIsOverOrSomebodySaysSo() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID first = UUID.randomUUID();
            clinic.spool.study(first, 1_000);
            clinic.plan();
            clinic.spool.study(KEY, 1_000);
            clinic.plan();
            mark(clinic, KEY);
            assertThat(clinic.rooms.studies.backlogOf(unmark(clinic)))
                    .extracting(Totals.Backlog::files)
                    .isEqualTo(1L);
            clinic.ship();
            assertThat(completed(clinic.store(0))).containsExactly(object(clinic, first), object(clinic, KEY));

            clinic.stores.add(new Store("next"));
            clinic.reopen();
            clinic.rooms.tiers.get("next").mark();
            mark(clinic, KEY);
            clinic.store(0).calls.clear();
            clinic.ship();
            assertThat(completed(clinic.store(1)))
                    .as("another copy of what has its receipt is in no hurry")
                    .containsExactly(object(clinic, first), object(clinic, KEY));

            UUID late = UUID.randomUUID();
            UUID later = UUID.randomUUID();
            clinic.spool.study(late, 1_000);
            clinic.plan();
            clinic.spool.study(later, 1_000);
            clinic.plan();
            mark(clinic, later);
            clinic.clock.advance(DAY.plusSeconds(1));
            clinic.store(0).calls.clear();
            clinic.ship();
            assertThat(completed(clinic.store(0))).containsExactly(object(clinic, late), object(clinic, later));
        }
    }
}
