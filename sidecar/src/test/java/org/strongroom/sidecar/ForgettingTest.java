package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.UndeleteRequest;
import org.strongroom.core.control.UndeleteResult;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.purge.ForgetRules;
import org.strongroom.sidecar.purge.PatientClock;

class ForgettingTest {
    private static final UUID KEY = UUID.randomUUID();
    private static final Duration GRACE = Duration.ofDays(30);

    @TempDir
    Path folder;

    private static TestJournal journal(Clinic clinic) {
        return new TestJournal(clinic.home, clinic.installation);
    }

    private static void remove(Clinic clinic, TestJournal journal, List<UUID> files) throws Exception {
        for (UUID file : files) {
            journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
        }
        clinic.rooms.journal.read();
    }

    @Test
    void a_removed_study_leaves_the_tiers_after_the_grace_and_not_before() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_000);
            clinic.spool.study(UUID.randomUUID(), 1_000);
            clinic.ship();
            remove(clinic, journal(clinic), files);
            clinic.clock.advance(GRACE.minusHours(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(2);
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
            clinic.clock.advance(Duration.ofHours(2));
            clinic.purge();
            for (Store store : clinic.stores) {
                assertThat(store.objects("packs/")).hasSize(1);
            }
            assertThat(clinic.home.cached(files.get(0))).doesNotExist();
            assertThat(clinic.rooms.files.find(files.get(0))).isEmpty();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
        }
    }

    @Test
    void a_pack_stays_while_one_member_does() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_000);
            clinic.ship();
            remove(clinic, journal(clinic), files.subList(0, 1));
            clinic.clock.advance(GRACE.plusHours(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
            assertThat(clinic.home.cached(files.get(0))).doesNotExist();
            assertThat(clinic.read(files.get(1))).isEqualTo(clinic.spool.bytes(files.get(1)));
        }
    }

    @Test
    void what_was_removed_before_it_was_packed_is_never_shipped() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_000);
            remove(clinic, journal, files.subList(0, 1)); // even before it is taken in
            clinic.ship();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
            assertThat(clinic.home.spooled(files.get(0))).exists();
            clinic.rooms.refresh(); // the grace begins when it was taken in
            clinic.clock.advance(GRACE.plusHours(1));
            clinic.purge();
            assertThat(clinic.home.spooled(files.get(0))).doesNotExist();
            assertThat(clinic.rooms.files.find(files.get(0))).isEmpty();
        }
    }

    @Test
    void a_restored_file_stays_and_is_shipped() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            remove(clinic, journal, List.of(file));
            clinic.ship();
            assertThat(clinic.rooms.undelete.undelete(new UndeleteRequest(true, null, null, true, false)))
                    .isEqualTo(new UndeleteResult(1, List.of(file), List.of()));
            assertThat(clinic.askedByPlugin()).isEmpty();
            assertThat(undelete(clinic, given -> WorkAnswer.DONE))
                    .isEqualTo(new UndeleteResult(1, List.of(), List.of()));
            assertThat(clinic.rooms
                            .undelete
                            .undelete(new UndeleteRequest(true, null, null, false, false))
                            .instances())
                    .isZero();
            journal.append(JournalType.RESTORED, file, clinic.clock.instant());
            clinic.rooms.journal.read();
            assertThat(clinic.rooms
                            .undelete
                            .undelete(new UndeleteRequest(false, null, List.of(file), false, false))
                            .kept())
                    .containsExactly(new Kept("not removed", 1));
            clinic.ship();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
            clinic.clock.advance(GRACE.multipliedBy(2));
            clinic.purge();
            assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        }
    }

    /** Undeletes everything, the plugin answering each attachment as {@code plugin} does. */
    private static UndeleteResult undelete(Clinic clinic, Function<UUID, WorkAnswer> plugin) throws Exception {
        clinic.askedByPlugin();
        FutureTask<UndeleteResult> command = new FutureTask<>(
                () -> clinic.rooms.undelete.undelete(new UndeleteRequest(true, null, null, false, false)));
        new Thread(command, "undelete").start();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            for (Work work : clinic.askedByPlugin()) {
                UUID attachment = ((Work.Restore) work).attachments().get(0);
                clinic.rooms.desk.answer(work.id(), plugin.apply(attachment));
            }
            return command.isDone();
        });
        return command.get();
    }

    @Test
    void what_nobody_waits_for_any_more_is_not_given_out_again() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_000);
            clinic.ship();
            remove(clinic, journal, files);
            clinic.askedByPlugin();
            FutureTask<UndeleteResult> command = new FutureTask<>(
                    () -> clinic.rooms.undelete.undelete(new UndeleteRequest(true, null, null, false, false)));
            Thread waiting = new Thread(command, "undelete");
            waiting.start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !clinic.askedByPlugin().isEmpty());
            waiting.interrupt(); // as when its time is over
            waiting.join();
            clinic.clock.advance(Duration.ofMinutes(11));
            assertThat(clinic.askedByPlugin()).isEmpty();
        }
    }

    @Test
    void only_images_are_offered_and_one_that_fails_holds_up_no_other() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID withoutPixels = clinic.spool.store(KEY, Tag16.NONE, 1, 3, 500);
            List<UUID> images = clinic.spool.study(KEY, 1_000, 1_001, 1_002);
            clinic.ship();
            List<UUID> all = new ArrayList<>(List.of(withoutPixels));
            all.addAll(images);
            remove(clinic, journal(clinic), all);
            UUID broken = images.get(0);
            List<UUID> offered = new ArrayList<>();
            UndeleteResult result = undelete(clinic, attachment -> {
                offered.add(attachment);
                return attachment.equals(broken)
                        ? WorkAnswer.failed(StrongroomException.of(FailureKind.REFUSED, "not taken"))
                        : WorkAnswer.DONE;
            });
            assertThat(offered).containsExactlyInAnyOrderElementsOf(images);
            assertThat(result).isEqualTo(new UndeleteResult(2, List.of(), List.of(new Kept("not taken", 1))));
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            assertThat(clinic.rooms
                            .undelete
                            .undelete(new UndeleteRequest(true, null, null, true, false))
                            .attachments())
                    .containsExactly(broken);
            assertThat(undelete(clinic, attachment -> WorkAnswer.DONE).instances())
                    .isEqualTo(1);
            assertThat(clinic.rooms
                            .undelete
                            .undelete(new UndeleteRequest(false, null, List.of(withoutPixels), true, false))
                            .kept())
                    .singleElement()
                    .satisfies(kept -> assertThat(kept.reason()).startsWith("no DICOM file"));
        }
    }

    @Test
    void nothing_is_offered_while_no_orthanc_is_connected() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            clinic.ship();
            remove(clinic, journal(clinic), List.of(file));
            clinic.clock.advance(Duration.ofHours(1));
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(
                            () -> clinic.rooms.undelete.undelete(new UndeleteRequest(true, null, null, false, false)))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        }
    }

    @Test
    void more_than_the_daily_limit_waits_and_raises_an_alarm() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new ForgetRules(GRACE, 3));
        clinic.open();
        try (clinic) {
            TestJournal journal = journal(clinic);
            for (int i = 0; i < 3; i++) {
                remove(clinic, journal, List.of());
                List<UUID> files = clinic.spool.study(UUID.randomUUID(), 1_000, 1_000);
                clinic.ship();
                remove(clinic, journal, files);
            }
            clinic.clock.advance(GRACE.plusHours(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(2);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("4 attachments wait"));
            clinic.clock.advance(Duration.ofDays(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
            clinic.clock.advance(Duration.ofDays(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
            assertThat(clinic.rooms.problems.standing())
                    .noneSatisfy(problem -> assertThat(problem.message()).contains("may be purged"));
        }
    }

    @Test
    void a_pack_larger_than_the_daily_limit_goes_alone() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new ForgetRules(GRACE, 1));
        clinic.open();
        try (clinic) {
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_000);
            clinic.ship();
            remove(clinic, journal(clinic), files);
            clinic.clock.advance(GRACE.plusHours(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
        }
    }

    @Test
    void the_limit_counts_what_one_tier_let_go_whatever_the_others_do() throws Exception {
        for (String trouble : List.of("away", "keeps")) {
            Clinic clinic = new Clinic(folder.resolve(trouble), "near", "far");
            clinic.with(new ForgetRules(GRACE, 3));
            clinic.open();
            try (clinic) {
                removeStudies(clinic, 4);
                clinic.store(1).away = trouble.equals("away");
                clinic.store(1).keeps = trouble.equals("keeps");
                for (int hour = 0; hour < 23; hour++) {
                    clinic.purge();
                    clinic.clock.advance(Duration.ofHours(1));
                }
                assertThat(clinic.store(0).objects("packs/")).as(trouble).hasSize(3);
                assertThat(clinic.rooms.problems.standing())
                        .anySatisfy(problem -> assertThat(problem.message()).contains("6 attachments wait"));

                clinic.store(1).away = false;
                clinic.store(1).keeps = false;
                clinic.purge();
                assertThat(clinic.store(1).objects("packs/"))
                        .as("what was counted once is not counted again")
                        .hasSize(3);
                clinic.clock.advance(Duration.ofHours(2));
                clinic.purge();
                assertThat(clinic.store(1).objects("packs/")).hasSize(2);
            }
        }
    }

    @Test
    void the_limit_is_one_of_any_24_hours() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new ForgetRules(GRACE, 3));
        clinic.open();
        try (clinic) {
            removeStudies(clinic, 3);
            Instant midnight =
                    clinic.clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
            clinic.clock.advance(Duration.between(clinic.clock.instant(), midnight.minusSeconds(600)));
            clinic.purge();
            clinic.clock.advance(Duration.ofMinutes(20));
            clinic.reopen();
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(2);
        }
    }

    @Test
    void what_was_never_packed_counts_too() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new ForgetRules(GRACE, 3));
        clinic.open();
        try (clinic) {
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_001, 1_002, 1_003, 1_004);
            remove(clinic, journal(clinic), files);
            clinic.ship();
            clinic.rooms.refresh();
            clinic.clock.advance(GRACE.plusHours(1));
            clinic.purge();
            clinic.purge();
            assertThat(files)
                    .filteredOn(file -> Files.exists(clinic.home.spooled(file)))
                    .hasSize(2);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("2 attachments wait"));
            clinic.clock.advance(Duration.ofDays(1));
            clinic.purge();
            assertThat(files).noneMatch(file -> Files.exists(clinic.home.spooled(file)));
        }
    }

    @Test
    void what_was_never_packed_and_is_restored_or_held_at_the_last_moment_stays() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            UUID held = UUID.randomUUID();
            UUID kept = clinic.spool.study(held, 1_000).get(0);
            List<UUID> files = clinic.spool.study(KEY, 1_001, 1_002);
            remove(clinic, journal, List.of(kept, files.get(0), files.get(1)));
            clinic.ship();
            clinic.rooms.refresh();
            clinic.clock.advance(GRACE.plusHours(1));
            journal.held(UUID.randomUUID(), held, clinic.clock.instant());
            journal.append(JournalType.RESTORED, files.get(0), clinic.clock.instant());
            clinic.purge();
            assertThat(clinic.home.spooled(kept)).exists();
            assertThat(clinic.home.spooled(files.get(0))).exists();
            assertThat(clinic.home.spooled(files.get(1))).doesNotExist();
            clinic.ship();
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
        }
    }

    @Test
    void what_was_never_packed_stays_when_the_journal_turns_out_not_to_be_whole() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            remove(clinic, journal(clinic), List.of(file));
            clinic.ship();
            clinic.rooms.refresh();
            clinic.clock.advance(GRACE.plusHours(1));
            journal(clinic).append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            assertThatThrownBy(clinic::purge).hasMessageContaining("the journal is not whole");
            assertThat(clinic.home.spooled(file)).exists();
        }
    }

    @Test
    void a_daily_limit_of_nothing_purges_nothing() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new ForgetRules(GRACE, 0));
        clinic.open();
        try (clinic) {
            TestJournal journal = journal(clinic);
            List<UUID> packed = clinic.spool.study(UUID.randomUUID(), 1_000, 1_000);
            clinic.ship();
            UUID unpacked = clinic.spool.study(KEY, 1_000).get(0);
            remove(clinic, journal, List.of(packed.get(0), packed.get(1), unpacked));
            clinic.ship();
            clinic.rooms.refresh();
            clinic.clock.advance(GRACE.plusHours(1));
            clinic.purge();
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
            assertThat(clinic.home.spooled(unpacked)).exists();
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("3 attachments wait"));
        }
    }

    /** Studies of two images each that are due. */
    private static void removeStudies(Clinic clinic, int count) throws Exception {
        TestJournal journal = journal(clinic);
        for (int i = 0; i < count; i++) {
            List<UUID> files = clinic.spool.study(UUID.randomUUID(), 1_000, 1_000);
            clinic.ship();
            remove(clinic, journal, files);
        }
        clinic.clock.advance(GRACE.plusHours(1));
    }

    @Test
    void a_tier_that_is_away_is_purged_later() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            List<UUID> files = clinic.spool.study(KEY, 1_000);
            clinic.ship();
            remove(clinic, journal(clinic), files);
            clinic.clock.advance(GRACE.plusHours(1));
            clinic.store(1).away = true;
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
            clinic.store(1).away = false;
            assertThat(clinic.store(1).objects("packs/")).hasSize(1);
            clinic.purge();
            assertThat(clinic.store(1).objects("packs/")).isEmpty();
            assertThat(clinic.rooms.files.find(files.get(0))).isEmpty();
        }
    }

    @Test
    void a_clock_that_jumps_ahead_deletes_nothing_before_it_has_run_for_a_day() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            AtomicReference<Duration> running = new AtomicReference<>(Duration.ZERO);
            PatientClock patient =
                    new PatientClock(clinic.rooms.table, clinic.rooms.problems, clinic.clock, running::get);
            Instant before = patient.tick();
            clinic.clock.advance(GRACE.plusDays(1));
            assertThat(patient.tick()).isEqualTo(before);
            running.set(Duration.ofHours(23));
            assertThat(patient.tick()).isEqualTo(before);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("nothing is purged"));
            running.set(Duration.ofHours(25));
            assertThat(patient.tick()).isAfter(before.plus(GRACE));
            assertThat(clinic.rooms.problems.standing()).isEmpty();

            Instant later = patient.tick();
            clinic.clock.advance(Duration.ofDays(-400));
            assertThat(patient.tick()).as("set back").isBefore(later.minus(Duration.ofDays(399)));
        }
    }

    @Test
    void time_that_just_passes_is_believed() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            AtomicReference<Duration> running = new AtomicReference<>(Duration.ZERO);
            PatientClock patient =
                    new PatientClock(clinic.rooms.table, clinic.rooms.problems, clinic.clock, running::get);
            Instant before = patient.tick();
            for (int hour = 1; hour <= 48; hour++) {
                running.set(Duration.ofHours(hour));
                clinic.clock.advance(Duration.ofHours(1));
                assertThat(patient.tick()).isAfterOrEqualTo(before.plus(Duration.ofHours(hour)));
            }
        }
    }

    @Test
    void the_grace_of_what_was_removed_while_the_clock_was_behind_begins_when_it_is_right() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            clinic.ship();
            journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            List<UUID> before = clinic.spool.study(KEY, 1_000);
            clinic.ship();
            clinic.clock.isWrongBy(Duration.ofDays(-9_000));
            List<UUID> within = clinic.spool.study(UUID.randomUUID(), 1_000);
            clinic.ship();
            remove(clinic, journal, before);
            remove(clinic, journal, within);
            clinic.rooms.journal.read();
            clinic.clock.isWrongBy(Duration.ZERO);
            clinic.rooms.journal.read();
            clinic.clock.advance(GRACE.minusHours(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(2);
            assertThat(clinic.rooms
                            .undelete
                            .undelete(new UndeleteRequest(true, null, null, true, false))
                            .instances())
                    .isEqualTo(2);
            clinic.clock.advance(Duration.ofHours(2));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
        }
    }

    @Test
    void a_machine_that_starts_in_the_past_gives_nothing_up_however_long_nobody_notices() throws Exception {
        Clinic clinic = new Clinic(folder, "near").open();
        TestJournal journal = journal(clinic);
        try (clinic) {
            journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            clinic.rooms.journal.read();
            clinic.close();
            clinic.clock.isWrongBy(Duration.ofDays(-9_000));
            clinic.open();
            List<UUID> files = clinic.spool.study(KEY, 1_000);
            clinic.ship();
            remove(clinic, journal, files);
            assertThat(removed(clinic, files)).isEqualTo(FileTable.UNDATED);

            // In the end it is believed, or an entry of the future would keep for ever what is removed after it.
            for (int hour = 0; hour < 25; hour++) {
                clinic.clock.advance(Duration.ofHours(1));
                clinic.rooms.journal.read();
            }
            assertThat(removed(clinic, files)).isCloseTo(clinic.clock.instant(), within(10, ChronoUnit.SECONDS));

            clinic.clock.isWrongBy(Duration.ZERO);
            clinic.rooms.journal.read();
            assertThat(removed(clinic, files)).isCloseTo(clinic.clock.instant(), within(10, ChronoUnit.SECONDS));
        }
    }

    private static Instant removed(Clinic clinic, List<UUID> files) {
        return clinic.rooms.files.find(files.get(0)).orElseThrow().removed();
    }

    @Test
    void a_journal_entry_that_is_read_while_the_clock_is_behind_still_tells_the_time() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            clinic.clock.isWrongBy(Duration.ofDays(-9_000));
            List<UUID> files = clinic.spool.study(KEY, 1_000);
            clinic.ship();
            remove(clinic, journal, files);
            clinic.clock.isWrongBy(Duration.ZERO);
            assertThat(clinic.rooms
                            .undelete
                            .undelete(new UndeleteRequest(true, null, null, true, false))
                            .attachments())
                    .containsExactlyElementsOf(files);
        }
    }

    @Test
    void a_tombstone_from_before_its_image_counts_from_when_it_was_read() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            UUID shipped = clinic.spool.study(KEY, 1_000).get(0);
            clinic.ship();
            journal.append(JournalType.TOMBSTONE, shipped, Instant.ofEpochSecond(60));
            UUID fresh = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
            journal.append(JournalType.TOMBSTONE, fresh, Instant.ofEpochSecond(60));
            clinic.rooms.refresh();
            clinic.rooms.refresh();
            clinic.clock.advance(GRACE.minusHours(1));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
            assertThat(clinic.home.spooled(fresh)).exists();
            clinic.clock.advance(Duration.ofHours(2));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
            assertThat(clinic.home.spooled(fresh)).doesNotExist();
        }
    }

    @Test
    void tombstones_that_the_ledger_could_not_take_are_read_again() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = journal(clinic);
            List<UUID> files = clinic.spool.study(KEY, 1_000, 1_000);
            clinic.ship();
            journal.append(JournalType.TOMBSTONE, files.get(0), clinic.clock.instant());
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + clinic.home.ledger());
                    Statement statement = other.createStatement()) {
                statement.execute(
                        "CREATE TRIGGER full BEFORE INSERT ON tombstones BEGIN SELECT RAISE(FAIL, 'a bad moment'); END");
                assertThatThrownBy(clinic.rooms.journal::read).hasMessageContaining("a bad moment");
                assertThat(clinic.rooms.journal.isSound()).isFalse();
                statement.execute("DROP TRIGGER full");
            }
            journal.append(JournalType.TOMBSTONE, files.get(1), clinic.clock.instant());
            clinic.rooms.journal.read();
            assertThat(clinic.rooms.journal.isSound()).isTrue();
            for (UUID file : files) {
                assertThat(clinic.rooms.files.find(file).orElseThrow().removed())
                        .isNotNull();
            }
        }
    }

    @Test
    void a_broken_or_rewritten_journal_is_not_sound() throws Exception {
        Clinic clinic = new Clinic(folder, "near").open();
        TestJournal journal = journal(clinic);
        remove(clinic, journal, List.of(UUID.randomUUID(), UUID.randomUUID()));
        assertThat(clinic.rooms.journal.isSound()).isTrue();
        clinic.close();

        Path segment = JournalReader.segment(clinic.home.journal(), 1);
        byte[] whole = Files.readAllBytes(segment);
        Files.delete(segment);
        clinic.open();
        clinic.rooms.journal.read();
        assertThat(clinic.rooms.journal.isSound()).isFalse();
        assertThat(clinic.rooms.problems.standing())
                .anySatisfy(problem -> assertThat(problem.kind()).isEqualTo(FailureKind.CORRUPT));
        Files.write(segment, whole);
        clinic.rooms.journal.read();
        assertThat(clinic.rooms.journal.isSound()).isTrue();
        clinic.close();

        byte[] damaged = whole.clone();
        damaged[30] ^= 1;
        Files.write(segment, damaged);
        clinic.open();
        clinic.rooms.journal.read();
        assertThat(clinic.rooms.journal.isSound()).isFalse();
        clinic.rooms.problems.clear("journal");
        clinic.rooms.journal.read();
        assertThat(clinic.rooms.problems.standing())
                .as("what did not change is not read once more")
                .isEmpty();
        assertThat(clinic.rooms.journal.isSound()).isFalse();
        FileTime modified = Files.getLastModifiedTime(segment);
        damaged[30] ^= 1;
        damaged[31] ^= 1;
        Files.write(segment, damaged);
        Files.setLastModifiedTime(segment, modified);
        clinic.rooms.journal.read();
        assertThat(clinic.rooms.problems.standing()).as("what did change is").hasSize(1);
        clinic.close();
    }
}
