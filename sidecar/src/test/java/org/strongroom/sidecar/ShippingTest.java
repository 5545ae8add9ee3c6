package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.PackFooter;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Watermark;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.pack.PackRules;

class ShippingTest {
    private static final UUID KEY = UUID.randomUUID();

    @TempDir
    Path folder;

    @Test
    void what_is_attached_to_a_series_is_no_instance() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID key = UUID.randomUUID();
            clinic.spool.study(key, 9_000, 9_000);
            clinic.spool.store(key, Tag16.NONE, 3, 0, 500);
            clinic.rooms.intake.scan();
            StudyTable studies = clinic.rooms.studies;
            StudyRow study = studies.find(key).orElseThrow();
            assertThat(clinic.totals().backlog())
                    .isEqualTo(studies.backlogOf(List.of(study)))
                    .satisfies(waits -> assertThat(waits.instances()).isEqualTo(2))
                    .satisfies(waits -> assertThat(waits.files()).isEqualTo(3));
            assertThat(studies.status(study).instances()).isEqualTo(2);
            assertThat(studies.status(study).attachments()).isEqualTo(3);
            assertThat(clinic.rooms
                            .evictor
                            .evict(new EvictRequest(true, null, false))
                            .kept())
                    .containsExactly(new Kept(Kept.NOT_RECEIVED, 2));
            for (int round = 0; round < 2; round++) {
                clinic.ship();
                assertThat(clinic.totals().kept().values().stream()
                                .mapToLong(Totals.Sum::instances)
                                .sum())
                        .isEqualTo(2);
                assertThat(clinic.totals().kept().values().stream()
                                .mapToLong(Totals.Sum::files)
                                .sum())
                        .isEqualTo(3);
            }
            assertThat(clinic.totals().kept().get(Place.CACHE).instances()).isEqualTo(2);
            assertThat(clinic.rooms
                            .evictor
                            .evict(new EvictRequest(true, null, false))
                            .instances())
                    .isEqualTo(2);
            assertThat(clinic.in(Place.CACHE)).isZero();
            assertThat(clinic.rooms.files.missing(study.id()).instances()).isEqualTo(2);
            clinic.spool.store(key, Tag16.NONE, 4, 0, 500);
            clinic.rooms.intake.scan();
            assertThat(clinic.rooms
                            .evictor
                            .evict(new EvictRequest(true, null, false))
                            .kept())
                    .as("no image stays, and yet something does")
                    .containsExactly(new Kept(Kept.NOT_RECEIVED, 0));
        }
    }

    /** Turns a tier's worker so often, whatever it fails of; returns how often it failed. */
    private static int turn(Clinic clinic, int times) throws Exception {
        int failed = 0;
        for (int i = 0; i < times; i++) {
            try {
                while (clinic.rooms.tierRooms.get(0).worker.step()) {
                    // until nothing is left
                }
            } catch (StrongroomException e) {
                assertThat(e.kind().retryable()).isTrue();
                failed++;
            }
        }
        return failed;
    }

    private static String planned(Clinic clinic, long number) throws Exception {
        return PackPrologue.objectName(
                clinic.rooms.packs.find(number).orElseThrow().pack());
    }

    @Test
    void a_pack_that_the_tier_does_not_take_holds_up_no_other_one_and_is_told() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            for (int i = 0; i < 4; i++) {
                clinic.spool.study(UUID.randomUUID(), 2_000);
            }
            clinic.plan();
            Store store = clinic.store(0);
            String refused = planned(clinic, 1);
            store.failing.put("begin " + refused, FailureKind.UNAVAILABLE);
            int failed = turn(clinic, 12);
            assertThat(store.objects("packs/"))
                    .containsExactlyInAnyOrder(planned(clinic, 2), planned(clinic, 3), planned(clinic, 4));
            assertThat(failed).as("then it is left alone").isLessThan(10);
            assertThat(clinic.rooms.problems.byName())
                    .hasEntrySatisfying(
                            "ship/near/"
                                    + clinic.rooms.packs.find(1).orElseThrow().pack(),
                            problem -> {
                                assertThat(problem.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                                assertThat(problem.message()).contains("while others do");
                            });
            assertThat(clinic.rooms.copies.find(1, "near").orElseThrow().state())
                    .isEqualTo(CopyState.QUEUED);
            long asked = store.count("begin " + refused);
            assertThat(turn(clinic, 5)).isZero();
            assertThat(store.count("begin " + refused)).isEqualTo(asked);

            clinic.clock.advance(Duration.ofMinutes(11));
            assertThat(turn(clinic, 2))
                    .as("others are not delayed by it any more")
                    .isZero();
            assertThat(store.count("begin " + refused)).as("tried again").isEqualTo(asked + 1);
            clinic.clock.advance(Duration.ofMinutes(11));
            assertThat(turn(clinic, 2)).isZero();
            assertThat(store.count("begin " + refused)).as("but less often").isEqualTo(asked + 1);

            store.failing.clear();
            clinic.clock.advance(Duration.ofMinutes(11));
            assertThat(turn(clinic, 1)).isZero();
            assertThat(store.objects("packs/")).contains(refused);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    /** As when somebody gave the sidecar's user, or its key, its rights back. */
    @Test
    void what_a_tier_refused_goes_soon_after_a_person_mended_the_tier() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(UUID.randomUUID(), 2_000);
            clinic.plan();
            Store store = clinic.store(0);
            store.failing.put("begin packs/", FailureKind.REFUSED);
            turn(clinic, 2);
            assertThat(clinic.rooms.problems.standing()).hasSize(1);
            assertThat(store.count("begin packs/")).as("no storm").isEqualTo(1);
            for (int i = 0; i < 8; i++) {
                clinic.rooms.tierRooms.get(0).worker.tryAgain(); // strongroom ship, which waits
                turn(clinic, 1);
            }
            store.failing.clear();
            clinic.clock.advance(Duration.ofSeconds(31));
            turn(clinic, 2);
            assertThat(store.objects("packs/")).hasSize(1);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @Test
    void what_a_tier_goes_on_refusing_is_tried_more_and_more_seldom() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(UUID.randomUUID(), 2_000);
            clinic.plan();
            Store store = clinic.store(0);
            store.failing.put("begin packs/", FailureKind.REFUSED);
            for (int minute = 0; minute < 60; minute++) {
                turn(clinic, 2);
                clinic.clock.advance(Duration.ofMinutes(1));
            }
            assertThat(store.count("begin packs/")).isBetween(8L, 11L);
        }
    }

    /** As a bucket does whose rule deletes what is new. */
    @Test
    void what_a_tier_throws_away_is_sent_again_every_ten_minutes() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(UUID.randomUUID(), 2_000);
            clinic.plan();
            Store store = clinic.store(0);
            store.firstLook = new Store.Happening() {
                @Override
                public void happen() {
                    store.objects("packs/").forEach(store.memory::delete);
                    store.firstLook = this;
                }
            };
            for (int minute = 0; minute < 10; minute++) {
                turn(clinic, 2);
                clinic.clock.advance(Duration.ofSeconds(59));
            }
            assertThat(store.count("complete packs/")).isEqualTo(1);
            assertThat(clinic.rooms.problems.standing()).hasSize(1);
            clinic.clock.advance(Duration.ofSeconds(30));
            turn(clinic, 2);
            assertThat(store.count("complete packs/")).isEqualTo(2);
        }
    }

    /** A tier that refuses everything is asked for no more than some of what waits before the round pauses. */
    @Test
    void a_tier_that_refuses_all_is_not_asked_for_each_pack_in_one_go() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            for (int i = 0; i < 30; i++) {
                clinic.spool.study(UUID.randomUUID(), 500);
            }
            clinic.plan();
            Store store = clinic.store(0);
            store.failing.put("begin packs/", FailureKind.REFUSED);
            assertThatThrownBy(() -> turn(clinic))
                    .isInstanceOf(StrongroomException.class)
                    .extracting(e -> ((StrongroomException) e).kind())
                    .isEqualTo(FailureKind.REFUSED);
            assertThat(store.count("begin packs/")).isEqualTo(20);
            assertThatThrownBy(() -> turn(clinic)).isInstanceOf(StrongroomException.class);
            assertThat(store.count("begin packs/")).as("one for each pause").isEqualTo(21);
            store.failing.clear();
            turn(clinic);
            assertThat(store.objects("packs/"))
                    .as("those that were not asked for yet")
                    .hasSize(9);
            clinic.clock.advance(Duration.ofSeconds(31));
            turn(clinic);
            assertThat(store.objects("packs/")).hasSize(30);
        }
    }

    /** Everybody has a turn, one try for each pause of the round, and nobody is blamed. */
    @Test
    void when_the_tier_takes_nothing_no_pack_is_at_fault() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            for (int i = 0; i < 4; i++) {
                clinic.spool.study(UUID.randomUUID(), 2_000);
            }
            clinic.plan();
            Store store = clinic.store(0);
            store.failing.put("begin packs/", FailureKind.UNAVAILABLE);
            int failed = turn(clinic, 40);
            assertThat(store.count("begin packs/"))
                    .as("no storm")
                    .isEqualTo(failed)
                    .isLessThanOrEqualTo(40);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            store.failing.clear();
            store.calls.clear();
            turn(clinic, 2);
            assertThat(store.objects("packs/")).hasSize(4);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @Test
    void the_oldest_of_the_backlog_is_told_with_the_time_it_came() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            assertThat(clinic.totals().oldest()).isNull();
            clinic.spool.study(UUID.randomUUID(), 1_000);
            clinic.rooms.refresh();
            assertThat(clinic.totals().oldest()).isCloseTo(clinic.clock.instant(), within(1, ChronoUnit.MINUTES));
            clinic.ship();
            assertThat(clinic.totals().oldest()).isNull();
        }
    }

    @Test
    void a_study_becomes_one_pack_in_reading_order_the_same_in_every_tier() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            List<UUID> files = clinic.spool.study(KEY, 5_000, 70_000, 300, 0);
            clinic.ship();

            List<String> names = clinic.store(0).objects("packs/");
            assertThat(names).hasSize(1);
            byte[] pack = clinic.store(0).object(names.get(0));
            assertThat(clinic.store(1).object(names.get(0))).isEqualTo(pack);
            PackLayout layout = layout(pack);
            assertThat(layout.index().members())
                    .extracting(member -> member.header().attachment())
                    .containsExactlyElementsOf(files);
            for (PackMember member : layout.index().members()) {
                byte[] file = new byte[(int) member.size()];
                System.arraycopy(pack, (int) member.headOffset(), file, 0, member.headLength());
                System.arraycopy(pack, (int) member.bodyOffset(), file, member.headLength(), (int) member.bodyLength());
                assertThat(file).isEqualTo(clinic.spool.bytes(member.header().attachment()));
            }
            assertThat(clinic.in(Place.CACHE)).isEqualTo(4);
            assertThat(clinic.totals().tiers().get("far").bytes()).isEqualTo(pack.length);
            for (UUID file : files) {
                assertThat(clinic.home.spooled(file)).doesNotExist();
                assertThat(Files.readAllBytes(clinic.home.cached(file))).isEqualTo(clinic.spool.bytes(file));
            }
        }
    }

    private static PackLayout layout(byte[] pack) {
        byte[] end = Arrays.copyOfRange(pack, pack.length - PackFooter.SIZE, pack.length);
        PackFooter footer = PackFooter.decode(end);
        return PackLayout.decode(
                Arrays.copyOf(pack, PackPrologue.SIZE),
                Arrays.copyOfRange(
                        pack, (int) footer.indexOffset(), (int) (footer.indexOffset() + footer.indexLength())),
                end);
    }

    @Test
    void the_key_is_in_the_tier_before_the_pack() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 1000);
            clinic.ship();
            Store store = clinic.store(0);
            List<String> calls = store.calls;
            String pack = store.objects("packs/").get(0);
            String bundle = store.objects("keys/").get(0);
            assertThat(calls.indexOf("put " + bundle))
                    .isLessThan(calls.indexOf("begin " + pack))
                    .isNotNegative();
            KeyBundle keys = KeyBundle.decode(store.object(bundle));
            assertThat(keys.records()).hasSize(2);
            assertThat(keys.records().get(1).label().id()).isEqualTo(KEY);

            clinic.spool.study(UUID.randomUUID(), 1000);
            clinic.spool.study(KEY, 1000);
            clinic.ship();
            assertThat(store.objects("keys/")).hasSize(2);
            assertThat(store.objects("packs/")).hasSize(3);
        }
    }

    @Test
    void without_the_plugins_yes_there_is_no_receipt() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 1000, 1000);
            clinic.plan();
            turn(clinic);
            clinic.rooms.settler.settleAll();
            assertThat(clinic.in(Place.SPOOL)).isEqualTo(2);

            List<Work> work = clinic.askedByPlugin();
            assertThat(work).hasSize(1);
            assertThat(clinic.askedByPlugin()).isEmpty();
            clinic.rooms.desk.answer(
                    work.get(0).id(), WorkAnswer.failed(StrongroomException.of(FailureKind.UNAVAILABLE, "not now")));
            assertThat(clinic.askedByPlugin()).isEmpty();
            clinic.clock.advance(Duration.ofMinutes(11));
            assertThat(clinic.askedByPlugin()).isEqualTo(work);

            clinic.rooms.desk.answer(work.get(0).id(), WorkAnswer.DONE);
            clinic.rooms.desk.answer(work.get(0).id(), WorkAnswer.DONE);
            clinic.rooms.settler.settleReceived();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(2);
        }
    }

    @Test
    void a_stale_bundle_is_written_anew_and_the_pack_stays() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 1000);
            clinic.plan();
            turn(clinic);
            Work.OpenCheck first = (Work.OpenCheck) clinic.askedByPlugin().get(0);
            WorkAnswer stale = WorkAnswer.failed(StrongroomException.of(FailureKind.STALE, "the bundle is older"));
            clinic.rooms.desk.answer(first.id(), stale);
            turn(clinic);
            Work.OpenCheck second = (Work.OpenCheck) clinic.askedByPlugin().get(0);
            assertThat(second.pack()).isEqualTo(first.pack());
            assertThat(second.bundle()).isNotEqualTo(first.bundle());
            assertThat(clinic.store(0).objects("keys/")).contains(first.bundle(), second.bundle());

            clinic.rooms.desk.answer(second.id(), stale); // so soon again: nothing that a new bundle would mend
            turn(clinic);
            assertThat(clinic.askedByPlugin()).isEmpty();
            clinic.clock.advance(Duration.ofMinutes(11));
            assertThat(clinic.askedByPlugin()).containsExactly(second);
            clinic.rooms.desk.answer(second.id(), WorkAnswer.DONE);
            clinic.rooms.settler.settleReceived();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
        }
    }

    private static void turn(Clinic clinic) throws Exception {
        while (clinic.rooms.tierRooms.get(0).worker.step()) {
            // until it waits for the plugin
        }
    }

    @Test
    void a_killed_upload_goes_on_where_it_was() throws Exception {
        Clinic clinic = new Clinic(folder, "near").open();
        clinic.spool.study(KEY, 9_000_000, 9_000_000, 9_000_000);
        clinic.plan();
        Store store = clinic.store(0);
        store.deadlyPart = 3;
        assertThatThrownBy(() -> clinic.rooms.tierRooms.get(0).worker.step()).isInstanceOf(Store.Killed.class);
        // The process is gone: its ledger is not closed, and a new one opens it.
        clinic.open();
        store.deadlyPart = 0;
        store.calls.clear();
        clinic.ship();
        assertThat(store.count("part ")).isEqualTo(3); // of five: a small first one, then 8 MiB each
        assertThat(store.count("begin ")).isZero();
        assertThat(clinic.in(Place.CACHE)).isEqualTo(3);
        clinic.close();
    }

    @Test
    void a_study_of_today_overtakes_an_old_one_after_a_part() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 9_000_000);
            clinic.plan();
            clinic.clock.advance(Duration.ofHours(25));
            Store store = clinic.store(0);
            store.secondPart = () -> {
                UUID today = clinic.spool.study(UUID.randomUUID(), 2_000_000).get(0);
                Files.setLastModifiedTime(clinic.home.spooled(today), FileTime.from(clinic.clock.instant()));
                clinic.rooms.plan(true);
            };
            clinic.ship();
            List<String> calls = store.calls.stream()
                    .filter(call -> call.matches("(begin|complete) .*"))
                    .toList();
            String old = calls.get(0).substring("begin ".length());
            assertThat(calls).hasSize(4).endsWith("complete " + old);
            assertThat(calls.get(1)).startsWith("begin ");
            assertThat(calls.get(2)).startsWith("complete ").doesNotContain(old);
            assertThat(store.count("part " + old)).isEqualTo(3);
        }
    }

    @Test
    void what_no_tier_has_goes_before_what_a_new_tier_is_to_get_as_well() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            for (int i = 0; i < 3; i++) {
                clinic.spool.study(UUID.randomUUID(), 1_000);
            }
            clinic.ship();
            clinic.stores.add(new Store("next"));
            clinic.reopen();
            clinic.rooms.tiers.get("next").mark();
            clinic.store(0).away = true;
            clinic.spool.study(KEY, 1_000);
            clinic.plan();
            clinic.clock.advance(Duration.ofHours(25));
            String nowhere = PackPrologue.objectName(
                    clinic.rooms.packs.find(4).orElseThrow().pack());
            Store next = clinic.store(1);
            next.calls.clear();
            clinic.ship();
            assertThat(next.calls.stream().filter(call -> call.startsWith("begin ")))
                    .hasSize(4)
                    .first()
                    .isEqualTo("begin " + nowhere);
            assertThat(next.parts)
                    .hasSize(4)
                    .allMatch(part -> part.startsWith(part.endsWith(nowhere) ? "OLD " : "REPLICATION "));
        }
    }

    @Test
    void what_no_tier_has_overtakes_another_copy_after_a_part() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.spool.study(KEY, 9_000_000);
            clinic.ship();
            clinic.clock.advance(Duration.ofHours(25));
            clinic.stores.add(new Store("next"));
            clinic.reopen();
            clinic.rooms.tiers.get("next").mark();
            clinic.store(0).away = true;
            Store next = clinic.store(1);
            next.secondPart = () -> {
                UUID old = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
                Files.setLastModifiedTime(
                        clinic.home.spooled(old),
                        FileTime.from(clinic.clock.instant().minus(Duration.ofDays(9))));
                clinic.rooms.refresh();
                clinic.clock.advance(Duration.ofHours(1));
                clinic.rooms.plan(true);
            };
            clinic.ship();
            assertThat(next.calls.stream().filter(call -> call.startsWith("complete ")))
                    .hasSize(2)
                    .first()
                    .isEqualTo("complete "
                            + PackPrologue.objectName(
                                    clinic.rooms.packs.find(2).orElseThrow().pack()));
        }
    }

    @Test
    void uploads_that_nobody_remembers_are_given_up() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.store(0).memory.begin("packs/" + "ab".repeat(16), 100);
            clinic.store(0).memory.begin("elsewhere/x", 100);
            clinic.ship();
            assertThat(clinic.store(0).memory.uploads()).hasSize(1);
            clinic.store(0).memory.begin("packs/" + "cd".repeat(16), 100); // its plan was taken back, say
            clinic.clock.advance(Duration.ofHours(25));
            clinic.ship();
            assertThat(clinic.store(0).memory.uploads()).hasSize(1);
        }
    }

    @Test
    void heads_that_were_half_sent_a_day_ago_are_given_up() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.ship();
            clinic.store(0).memory.begin("heads/" + "ab".repeat(16), 100);
            clinic.clock.advance(Duration.ofHours(25));
            clinic.ship();
            assertThat(clinic.store(0).memory.uploads())
                    .as("somebody may be sending them")
                    .hasSize(1);
            clinic.clock.advance(Duration.ofHours(25));
            clinic.ship();
            assertThat(clinic.store(0).memory.uploads()).isEmpty();
        }
    }

    @Test
    void a_tier_that_is_away_holds_up_no_other() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            clinic.ship();
            clinic.store(0).away = true;
            clinic.spool.study(KEY, 1000);
            clinic.ship();
            assertThat(clinic.totals().tiers().get("far").objects()).isEqualTo(1);
            assertThat(clinic.totals().tiers().get("near").queued()).isEqualTo(1);
            assertThat(clinic.in(Place.SPOOL)).isEqualTo(1);
            clinic.store(0).away = false;
            clinic.ship();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
        }
    }

    @Test
    void a_study_costs_few_requests() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            clinic.spool.study(UUID.randomUUID(), 1_000);
            clinic.ship();
            clinic.clock.advance(Duration.ofMinutes(10));
            journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            clinic.store(0).calls.clear();
            int[] sizes = new int[200];
            Arrays.fill(sizes, 1_000);
            clinic.spool.study(KEY, sizes);
            clinic.ship();
            assertThat(clinic.store(0).calls.stream().map(call -> call.replaceAll("/.*", "")))
                    .as("marker, key bundle, pack, its check, journal, marker; the plugin's check comes on top")
                    .containsExactly(
                            "get tier.id",
                            "put keys",
                            "get keys",
                            "begin packs",
                            "part packs",
                            "complete packs",
                            "head packs",
                            "get packs",
                            "put journal",
                            "get tier.id");
        }
    }

    @Test
    void an_upload_that_a_crash_cut_off_after_its_end_is_not_made_again() throws Exception {
        Clinic clinic = new Clinic(folder, "near").open();
        clinic.spool.study(KEY, 1_000);
        clinic.plan();
        CopyRow copy = clinic.rooms.copies.nextArrived("near", 0, Instant.EPOCH).orElseThrow();
        assertThat(clinic.rooms.tierRooms.get(0).worker.step()).isTrue();
        clinic.rooms.copies.uploading(copy, "completed, and then the machine stopped");
        clinic.store(0).calls.clear();
        clinic.ship();
        assertThat(clinic.store(0).count("begin ")).isZero();
        assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
        clinic.close();
    }

    @Test
    void a_copy_of_the_journal_goes_when_a_longer_one_is_there() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            Store store = clinic.store(0);
            for (int i = 0; i < 5; i++) {
                journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
                clinic.ship();
                assertThat(store.objects("journal/")).hasSize(1);
                byte[] copy = store.object(store.objects("journal/").get(0));
                assertThat(copy).isEqualTo(Files.readAllBytes(JournalReader.segment(clinic.home.journal(), 1)));
                clinic.clock.advance(Duration.ofMinutes(6));
            }
            assertThat(store.count("delete journal/")).isEqualTo(4);
        }
    }

    @Test
    void a_copy_of_the_journal_that_a_kill_left_behind_goes_with_the_next() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            Store store = clinic.store(0);
            journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            clinic.ship();
            journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            clinic.clock.advance(Duration.ofMinutes(6));
            store.deadlyPut = "journal/";
            assertThatThrownBy(clinic::ship).isInstanceOf(Store.Killed.class);
            assertThat(store.objects("journal/")).hasSize(2);
            clinic.reopen();
            clinic.ship();
            assertThat(store.objects("journal/")).hasSize(1);
            assertThat(store.object(store.objects("journal/").get(0)))
                    .isEqualTo(Files.readAllBytes(JournalReader.segment(clinic.home.journal(), 1)));
        }
    }

    @Test
    void a_little_news_of_a_long_journal_waits_some_minutes() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            for (int i = 0; i < 100; i++) {
                journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
            }
            clinic.ship();
            for (int minute = 0; minute < 20; minute++) {
                journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
                clinic.clock.advance(Duration.ofSeconds(61));
                clinic.ship();
            }
            assertThat(clinic.store(0).count("put journal/")).isBetween(4L, 5L);
        }
    }

    @Test
    void a_tier_that_does_not_let_delete_keeps_every_copy_of_the_journal() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            clinic.store(0).keeps = true;
            for (int i = 0; i < 3; i++) {
                journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
                clinic.spool.study(UUID.randomUUID(), 1_000);
                clinic.ship();
                clinic.clock.advance(Duration.ofMinutes(6));
            }
            assertThat(clinic.store(0).objects("journal/")).hasSize(3);
            assertThat(clinic.store(0).count("delete journal/")).isEqualTo(1);
            assertThat(clinic.in(Place.CACHE)).isEqualTo(3);
        }
    }

    @Test
    void what_arrived_while_the_clock_was_ahead_is_shipped_when_it_is_right_again() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.ship();
            clinic.clock.isWrongBy(Duration.ofDays(40));
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            Files.setLastModifiedTime(clinic.home.spooled(file), FileTime.from(clinic.clock.instant()));
            clinic.rooms.intake.scan();
            clinic.clock.isWrongBy(Duration.ZERO);
            assertThat(clinic.rooms.packer.plan(false)).isZero();
            clinic.clock.advance(Duration.ofSeconds(61));
            assertThat(clinic.rooms.packer.plan(false)).isEqualTo(1);
        }
    }

    @Test
    void what_waits_for_a_moment_goes_on_though_the_clock_was_set_back() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            clinic.plan();
            byte[] right = clinic.spool.bytes(file);
            byte[] rotten = right.clone();
            rotten[rotten.length - 5] ^= 1;
            Files.write(clinic.home.spooled(file), rotten);
            turn(clinic); // held back for ten minutes
            Files.write(clinic.home.spooled(file), right);
            clinic.clock.isWrongBy(Duration.ofDays(-1000));
            clinic.clock.advance(Duration.ofMinutes(11));
            turn(clinic);
            Work work = clinic.askedByPlugin().get(0);
            clinic.rooms.desk.answer(
                    work.id(), WorkAnswer.failed(StrongroomException.of(FailureKind.UNAVAILABLE, "not now")));
            clinic.clock.isWrongBy(Duration.ofDays(-2000));
            clinic.clock.advance(Duration.ofMinutes(11));
            assertThat(clinic.askedByPlugin()).containsExactly(work);
        }
    }

    @Test
    void an_unmarked_or_foreign_tier_is_not_written_to() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            clinic.store(0).memory.delete("tier.id");
            clinic.store(1).memory.delete("tier.id");
            clinic.store(1)
                    .memory
                    .put(
                            "tier.id",
                            ("{\"strongroom\":1,\"installation\":\"" + UUID.randomUUID() + "\"}")
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            clinic.spool.study(KEY, 1000);
            clinic.rooms.rebuild.isRunning();
            clinic.ship();
            assertThat(clinic.store(0).objects("")).isEmpty();
            assertThat(clinic.store(1).objects("")).containsExactly("tier.id");
            assertThat(clinic.in(Place.SPOOL)).isEqualTo(1);
            assertThatThrownBy(() -> clinic.rooms.tiers.get("far").mark()).hasMessageContaining("another installation");
            clinic.rooms.tiers.get("near").mark();
            assertThat(clinic.rooms.tiers.get("near").trouble()).isEmpty();
        }
    }

    @Test
    void what_the_disk_forgot_is_not_shipped() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 5_000, 5_000);
            clinic.plan();
            byte[] rotten = clinic.spool.bytes(files.get(1)).clone();
            rotten[rotten.length - 5] ^= 1;
            Files.write(clinic.home.spooled(files.get(1)), rotten);
            clinic.ship();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
            assertThat(clinic.rooms.problems.standing()).anySatisfy(problem -> assertThat(problem.message())
                    .contains(files.get(1).toString()));
        }
    }

    @Test
    void a_store_that_checks_nothing_is_read_back() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            clinic.store(0).enforces = false;
            clinic.spool.study(KEY, 5_000, 5_000);
            clinic.plan();
            clinic.rooms.tierRooms.get(0).worker.step();
            clinic.store(0).damage(clinic.store(0).objects("packs/").get(0), 2_000);
            clinic.ship();
            assertThat(clinic.in(Place.SPOOL)).isEqualTo(2);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.kind()).isEqualTo(FailureKind.CORRUPT));
        }
    }

    /** It checks the parts, and then makes another object of them: the plugin is not even asked to open that. */
    @ParameterizedTest
    @ValueSource(strings = {"index", "footer", "longer", "shorter"})
    void a_store_that_joins_the_parts_wrongly_gives_no_receipt(String where) throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            Store store = clinic.store(0);
            clinic.spool.study(KEY, 5_000, 5_000);
            clinic.plan();
            clinic.rooms.tierRooms.get(0).worker.step();
            String pack = store.objects("packs/").get(0);
            byte[] bytes = store.object(pack);
            switch (where) {
                case "index" -> bytes[bytes.length - PackFooter.SIZE - 3] ^= 1;
                case "footer" -> bytes[bytes.length - 1] ^= 1;
                case "longer" -> bytes = Arrays.copyOf(bytes, bytes.length + 1);
                default -> bytes = Arrays.copyOf(bytes, bytes.length - 1);
            }
            store.replace(pack, bytes);
            while (clinic.rooms.tierRooms.get(0).worker.step()) {
                // until nothing is left to do at once
            }
            assertThat(clinic.askedByPlugin()).isEmpty();
            assertThat(clinic.in(Place.SPOOL)).isEqualTo(2);
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.kind()).isEqualTo(FailureKind.CORRUPT));
        }
    }

    @Test
    void the_second_spool_is_emptied_with_the_first() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        Path mirror = folder.resolve("mirror");
        clinic.with(mirror);
        clinic.open();
        try (clinic) {
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            Path copy = Home.sharded(mirror, file);
            Files.createDirectories(copy.getParent());
            Files.write(copy, clinic.spool.bytes(file));
            clinic.plan();
            assertThat(copy).exists();
            clinic.ship();
            assertThat(copy).doesNotExist();
            assertThat(clinic.home.cached(file)).exists();
        }
    }

    @Test
    void a_second_disk_that_dies_holds_up_nothing_and_is_emptied_when_it_is_back() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        Path mirror = Files.write(folder.resolve("mirror"), new byte[1]); // no folder: every access fails
        clinic.with(mirror);
        try (clinic) {
            clinic.open();
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            clinic.ship();
            assertThat(clinic.home.cached(file)).exists();
            assertThat(clinic.totals().backlog().files()).isZero();
            assertThat(clinic.rooms.problems.byName()).containsOnlyKeys("settle/mirror");

            Files.delete(mirror);
            UUID waiting = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
            clinic.plan();
            for (UUID each : List.of(file, waiting)) {
                Files.createDirectories(Home.sharded(mirror, each).getParent());
                Files.write(Home.sharded(mirror, each), clinic.spool.bytes(each));
            }
            Path foreign = Files.write(Home.sharded(mirror, file).resolveSibling("notes.txt"), new byte[1]);
            clinic.rooms.settler.sweepMirror();
            assertThat(Home.sharded(mirror, file)).doesNotExist();
            assertThat(Home.sharded(mirror, waiting)).exists();
            assertThat(foreign).exists();
            assertThat(clinic.rooms.problems.byName()).isEmpty();
        }
    }

    @Test
    void what_a_kill_left_in_the_second_spool_goes_with_the_first() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        Path mirror = folder.resolve("mirror");
        clinic.with(mirror);
        try (clinic) {
            clinic.open();
            UUID file = clinic.spool.study(KEY, 1_000).get(0);
            Path copy = Home.sharded(mirror, file);
            Files.createDirectories(copy.getParent());
            Files.write(copy, clinic.spool.bytes(file));
            clinic.plan();
            // A kill between the move and its recording.
            Files.createDirectories(clinic.home.cached(file).getParent());
            Files.copy(clinic.home.spooled(file), clinic.home.cached(file));
            clinic.rooms.settler.settleAll();
            clinic.ship();
            assertThat(copy).doesNotExist();
        }
    }

    @Test
    void a_full_disk_relays_nothing_from_tier_to_tier() throws Exception {
        Clinic clinic = new Clinic(folder, "near", "far");
        clinic.copies = 1;
        try (clinic) {
            clinic.with(Watermark.parse("100 %")).open();
            clinic.ship(); // every tier was seen once
            clinic.store(1).away = true;
            clinic.spool.study(KEY, 1_000);
            clinic.ship();
            clinic.rooms.evictor.keepLevel(clinic.rooms.disk.missing());
            assertThat(clinic.in(Place.HEAD)).isEqualTo(1);
            clinic.store(1).away = false;
            clinic.ship();
            assertThat(clinic.store(1).objects("packs/")).isEmpty();
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.kind()).isEqualTo(FailureKind.FULL));
            clinic.close();
            clinic.with(Watermark.parse("1 B")).open();
            clinic.ship();
            assertThat(clinic.store(1).objects("packs/")).hasSize(1);
        }
    }

    @Test
    void studies_are_packed_when_quiet_or_big_and_late_files_go_into_another_pack() throws Exception {
        Clinic clinic = new Clinic(folder, "near");
        clinic.with(new PackRules(Duration.ofSeconds(60), 10_000));
        try (Clinic open = clinic.open()) {
            open.ship();
            open.spool.study(UUID.randomUUID(), 6_000, 6_000, 6_000);
            open.rooms.intake.scan();
            assertThat(open.rooms.packer.plan(false)).isEqualTo(2);
            open.spool.study(KEY, 2_000, 2_000);
            open.rooms.intake.scan();
            assertThat(open.rooms.packer.plan(false)).isZero();
            open.clock.advance(Duration.ofSeconds(61));
            assertThat(open.rooms.packer.plan(false)).isEqualTo(2);
            open.spool.store(KEY, Tag16.NONE, 3, 2_000);
            open.rooms.intake.scan();
            open.clock.advance(Duration.ofSeconds(61));
            assertThat(open.rooms.packer.plan(false)).isEqualTo(1);
            assertThat(open.totals().tiers().get("near").queued()).isEqualTo(5);
        }
    }
}
