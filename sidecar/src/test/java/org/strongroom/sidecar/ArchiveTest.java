package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.StudyStatus.PackStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.sidecar.archive.ArchiveRules;
import org.strongroom.sidecar.archive.Companions;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.evict.CacheRules;
import org.strongroom.sidecar.ledger.ArchivedRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.Totals.TierSum;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;
import org.strongroom.sidecar.tier.MemoryArchive;
import org.strongroom.sidecar.tier.MemoryTier;

/** Packs in an archive class, of a store that stands in for one. */
class ArchiveTest {
    private static final UUID KEY = UUID.randomUUID();
    private static final EvictRequest ALL = new EvictRequest(true, null, false);
    private static final Duration OLD = Duration.ofDays(730);

    /** After which what is due is looked for again. */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private static String pack(Clinic clinic) {
        return clinic.store(0).objects("packs/").get(0);
    }

    private static String companion(Clinic clinic) {
        return "heads/" + pack(clinic).substring("packs/".length());
    }

    private static TierSum sum(Clinic clinic) {
        return clinic.totals().tiers().get(clinic.store(0).name);
    }

    private static PackStatus status(Clinic clinic) {
        return clinic.rooms
                .studies
                .status(clinic.rooms.studies.find(KEY).orElseThrow())
                .packs()
                .get(0);
    }

    private static StrongroomException failure(Clinic clinic, UUID file) {
        StrongroomException failure = catchThrowableOfType(StrongroomException.class, () -> clinic.read(file));
        assertThat(failure).isNotNull();
        return failure;
    }

    /** One old study, in the archive and nowhere else. */
    private List<UUID> archived(Clinic clinic) throws Exception {
        List<UUID> files = clinic.spool.study(KEY, 50_000, 0, 300, 200_000);
        clinic.ship();
        clinic.clock.advance(OLD);
        clinic.archive();
        assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
        assertThat(sum(clinic).archived()).isEqualTo(1);
        return files;
    }

    private static void awaitFetched(Clinic clinic) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            clinic.recall();
            return clinic.rooms.archive.of(1).get("cold").state() == ArchivedRow.State.BACK;
        });
    }

    @Test
    void a_pack_is_archived_when_it_is_old_and_every_tier_has_its_receipt() throws Exception {
        Clinic clinic = new Clinic(folder, "cold", "hot");
        MemoryArchive archive = clinic.archiving(OLD);
        clinic.copies = 1;
        try (clinic) {
            clinic.open();
            clinic.ship();
            clinic.spool.study(KEY, 50_000);
            clinic.store(1).away = true;
            clinic.ship();
            assertThat(clinic.in(Place.CACHE)).isEqualTo(1);
            clinic.clock.advance(OLD);
            clinic.archive();
            assertThat(clinic.store(0).objects("heads/")).isEmpty();
            clinic.store(1).away = false;
            clinic.ship();
            clinic.clock.advance(PAUSE);
            clinic.archive();
            assertThat(clinic.store(0).objects("heads/")).containsExactly(companion(clinic));
            assertThat(archive.shelf(pack(clinic)).place()).isEqualTo(MemoryArchive.Place.ARCHIVED);
            assertThat(clinic.store(1).objects("heads/")).isEmpty();
        }
    }

    @Test
    void what_is_archived_is_not_among_the_bytes_that_were_read_of_a_tier() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            archived(clinic);
            UUID other = UUID.randomUUID();
            clinic.spool.study(other, 70_000);
            clinic.ship();
            long bytes = clinic.rooms
                    .studies
                    .status(clinic.rooms.studies.find(other).orElseThrow())
                    .packs()
                    .get(0)
                    .bytes();
            for (int look = 0; look < 3; look++) {
                clinic.clock.advance(Duration.ofDays(46));
                clinic.scrub();
            }
            clinic.rooms.audit.flush();
            LogReader log = new LogReader(clinic.home.audit());
            List<String> told = new ArrayList<>();
            for (long at = 0; at < log.size(); at++) {
                AuditEvent event = log.from(at).get(0).entry().event();
                if ("scrubbed".equals(event.details().get("order"))) {
                    told.add(event.details().get("bytes"));
                }
            }
            assertThat(told).isNotEmpty().containsOnly(String.valueOf(bytes));
        }
    }

    @Test
    void what_is_opened_is_not_old() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            clinic.spool.study(KEY, 50_000);
            clinic.ship();
            clinic.clock.advance(OLD);
            clinic.rooms.studies.used(List.of(KEY), clinic.clock.instant());
            clinic.archive();
            assertThat(sum(clinic).archived()).isZero();
            clinic.clock.advance(OLD);
            clinic.archive();
            assertThat(sum(clinic).archived()).isEqualTo(1);
            assertThat(clinic.tierEvents()).containsExactly("class cold " + KEY + " success");
        }
    }

    @Test
    void the_companion_is_the_pack_without_its_bodies() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            archived(clinic);
            byte[] pack = clinic.store(0).object(pack(clinic));
            byte[] companion = clinic.store(0).object(companion(clinic));
            int heads = companion.length - 76;
            assertThat(Arrays.copyOf(companion, 76)).isEqualTo(Arrays.copyOf(pack, 76));
            assertThat(Arrays.copyOfRange(companion, 76, companion.length))
                    .isEqualTo(Arrays.copyOfRange(pack, pack.length - heads, pack.length));
        }
    }

    @Test
    void a_large_companion_is_sent_in_pieces() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            archived(clinic);
            MemoryTier memory = clinic.store(0).memory;
            byte[] whole = clinic.store(0).object(companion(clinic));
            memory.delete(companion(clinic));
            new Companions(clinic.home, "test", 700)
                    .ensure(
                            memory,
                            clinic.rooms.packs.layout(clinic.rooms.packs.find(1).orElseThrow()));
            assertThat(clinic.store(0).object(companion(clinic)))
                    .isEqualTo(whole)
                    .hasSizeGreaterThan(1400);
            assertThat(memory.uploads()).isEmpty();
        }
    }

    @Test
    void heads_are_read_from_the_companion_and_nothing_is_brought_back_for_them() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        clinic.with(new CacheRules(Long.MAX_VALUE, 1L << 40, false, false));
        try (clinic) {
            clinic.open();
            List<UUID> files = archived(clinic);
            assertThat(clinic.home.cachedHead(files.get(0))).doesNotExist();
            byte[] whole = clinic.spool.bytes(files.get(0));
            assertThat(clinic.read(files.get(0), 0, 300)).isEqualTo(Arrays.copyOf(whole, 300));
            assertThat(archive.asked).isEmpty();
        }
    }

    @Test
    void an_opened_study_is_asked_for_once_and_fetched_when_it_is_back() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            List<UUID> files = archived(clinic);
            Instant asked = clinic.clock.instant();
            StrongroomException told = failure(clinic, files.get(0));
            assertThat(told.kind()).isEqualTo(FailureKind.ARCHIVED);
            assertThat(told.text()).isEqualTo("the study is being brought back from the archive");
            assertThat(clinic.tierEvents())
                    .containsExactly("class cold " + KEY + " success", "restore cold " + KEY + " success");
            assertThat(Instant.parse(told.context().get("ready")))
                    .isBetween(
                            asked.plus(Duration.ofHours(5)).minusMillis(1),
                            asked.plus(Duration.ofHours(5).plusMinutes(1)));
            assertThat(failure(clinic, files.get(3)).context()).isEqualTo(told.context());
            assertThat(archive.asked).containsExactly("CLINICAL " + pack(clinic));
            assertThat(status(clinic).tiers()).containsEntry("cold", "received");
            assertThat(status(clinic).archived().get("cold")).startsWith("coming back, ready about 2");
            assertThat(clinic.rooms.problems.standing()).isEmpty();

            clinic.recall();
            clinic.clock.advance(Duration.ofHours(6));
            clinic.recall();
            assertThat(status(clinic).archived().get("cold")).startsWith("coming back, ready about 2");
            Instant until = clinic.clock.instant().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.MILLIS);
            archive.arrives(pack(clinic), until);
            clinic.clock.advance(Duration.ofHours(1));
            awaitFetched(clinic);
            assertThat(clinic.in(Place.CACHE)).isEqualTo(4);
            for (UUID file : files) {
                assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
            }
            assertThat(status(clinic).archived()).containsEntry("cold", "back until " + until);

            clinic.archive(); // it is there already
            clinic.clock.advance(Duration.ofDays(3));
            clinic.recall();
            assertThat(status(clinic).archived()).containsEntry("cold", "archived");
            assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
            assertThat(clinic.in(Place.CACHE)).isZero();
        }
    }

    @Test
    void a_request_outlives_the_process_and_a_lost_ledger() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            List<UUID> files = archived(clinic);
            failure(clinic, files.get(0));
            clinic.reopen();
            failure(clinic, files.get(0));
            assertThat(archive.asked).hasSize(1);

            clinic.close();
            Files.delete(clinic.home.ledger());
            clinic.open();
            clinic.ship();
            assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
            assertThat(clinic.rooms.copies.of(1)).first().satisfies(copy -> assertThat(copy.state())
                    .isEqualTo(CopyState.RECEIVED));
            assertThat(failure(clinic, files.get(0)).kind()).isEqualTo(FailureKind.ARCHIVED);
            archive.arrives(pack(clinic), clinic.clock.instant().plus(Duration.ofDays(2)));
            awaitFetched(clinic);
            assertThat(clinic.in(Place.CACHE)).isEqualTo(4);
        }
    }

    @Test
    void a_copy_that_can_be_read_is_preferred() throws Exception {
        Clinic clinic = new Clinic(folder, "cold", "hot");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            List<UUID> files = archived(clinic);
            clinic.store(0).calls.clear();
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
            assertThat(clinic.store(0).count("get packs")).isZero();
            assertThat(archive.asked).isEmpty();
        }
    }

    @Test
    void scrub_looks_at_sizes_and_companions_and_brings_nothing_back() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            archived(clinic);
            clinic.store(0).calls.clear();
            clinic.clock.advance(Duration.ofDays(60));
            clinic.scrub();
            assertThat(clinic.store(0).count("get packs")).isZero();
            assertThat(clinic.store(0).count("head " + pack(clinic))).isEqualTo(1);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            assertThat(sum(clinic).damaged()).isZero();
            assertThat(sum(clinic).copies()).isEqualTo(1);
            assertThat(archive.asked).isEmpty();

            clinic.store(0).damage(companion(clinic), 80);
            clinic.clock.advance(Duration.ofDays(60));
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing()).anySatisfy(problem -> assertThat(problem.message())
                    .contains(companion(clinic) + " in tier cold is damaged or gone"));
            clinic.rooms.recalls.ask(
                    clinic.rooms.packs.find(1).orElseThrow(),
                    Urgency.BULK,
                    StrongroomException.of(FailureKind.ARCHIVED, "asked by hand"));
            archive.arrives(pack(clinic), clinic.clock.instant().plus(Duration.ofDays(2)));
            clinic.recall();
            clinic.scrub();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @Test
    void what_a_clock_that_was_ahead_looked_at_in_an_archive_is_looked_at_in_its_turn() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            archived(clinic);
            clinic.store(0).calls.clear();
            clinic.clock.isWrongBy(Duration.ofDays(5 * 365));
            clinic.scrub();
            assertThat(clinic.store(0).count("head " + pack(clinic))).isEqualTo(1);
            clinic.clock.isWrongBy(Duration.ZERO);
            clinic.scrub();
            assertThat(clinic.store(0).count("head " + pack(clinic))).isEqualTo(2);
            clinic.clock.advance(Duration.ofDays(60));
            clinic.scrub();
            assertThat(clinic.store(0).count("head " + pack(clinic))).isEqualTo(3);
        }
    }

    @Test
    void who_opens_one_study_does_not_wait_for_a_store_that_is_asked_of_another() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        CountDownLatch silent = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (clinic) {
            clinic.open();
            UUID first = clinic.spool.study(UUID.randomUUID(), 50_000).get(0);
            UUID second = clinic.spool.study(UUID.randomUUID(), 50_000).get(0);
            clinic.ship();
            clinic.clock.advance(OLD);
            clinic.archive();
            clinic.rooms.evictor.evict(ALL);
            assertThat(failure(clinic, first).kind()).isEqualTo(FailureKind.ARCHIVED);
            archive.whenAsked(archive.asked.get(0).replace("CLINICAL ", ""), () -> {
                asked.countDown();
                assertThatCode(silent::await).doesNotThrowAnyException();
            });
            CompletableFuture<Void> looking = CompletableFuture.runAsync(clinic::recall);
            asked.await();
            StrongroomException told =
                    CompletableFuture.supplyAsync(() -> failure(clinic, second)).get(1, TimeUnit.MINUTES);
            assertThat(told.context()).containsKey("ready");
            assertThat(looking).isNotDone();
            silent.countDown();
            looking.get(1, TimeUnit.MINUTES);
            assertThat(archive.asked).hasSize(2).doesNotHaveDuplicates();
        } finally {
            silent.countDown();
        }
    }

    @Test
    void another_tier_is_filled_from_the_archive_without_hurry() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            archived(clinic);
            clinic.close();
            clinic.stores.add(new Store("new"));
            clinic.open();
            clinic.rooms.tiers.get("new").mark();
            clinic.ship();
            assertThat(archive.asked).containsExactly("BULK " + pack(clinic));
            assertThat(clinic.store(1).objects("packs/")).isEmpty();
            archive.arrives(pack(clinic), clinic.clock.instant().plus(Duration.ofDays(2)));
            clinic.clock.advance(Duration.ofHours(1));
            clinic.recall();
            clinic.ship();
            assertThat(clinic.store(1).object(pack(clinic)))
                    .isEqualTo(clinic.store(0).object(pack(clinic)));
            assertThat(clinic.in(Place.CACHE)).isZero();
        }
    }

    @Test
    void the_companion_goes_with_its_pack() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            List<UUID> files = archived(clinic);
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            for (UUID file : files) {
                journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
            }
            clinic.rooms.journal.read();
            clinic.clock.advance(Duration.ofDays(31));
            clinic.purge();
            assertThat(clinic.store(0).objects("packs/")).isEmpty();
            assertThat(clinic.store(0).objects("heads/")).isEmpty();
            assertThat(clinic.rooms.archive.moving()).isEmpty();
        }
    }

    /** Soft delete keeps the heads of what is erased as well as its pack. */
    @Test
    void heads_of_an_erased_study_that_the_store_keeps_are_not_gone() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            List<UUID> files = archived(clinic);
            Store cold = clinic.store(0);
            String heads = companion(clinic);
            cold.versions = new Versions(cold, Duration.ofSeconds(1), clinic.clock);
            cold.versions.keepsDeleted = Duration.ofDays(7);
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            for (UUID file : files) {
                journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
            }
            journal.destroyed(UUID.randomUUID(), KEY, clinic.clock.instant());
            clinic.spool.destroy(KEY);
            clinic.rooms.refresh();
            clinic.ship();
            assertThat(cold.objects("heads/")).isEmpty();
            assertThat(cold.count("lingering " + heads)).isPositive();
            assertThat(clinic.rooms.remains(KEY).tiers().get("cold").split("a pack's objects", -1))
                    .as("the pack and its heads")
                    .hasSize(3);
            clinic.clock.advance(Duration.ofDays(8));
            clinic.ship();
            assertThat(clinic.rooms.remains(KEY).tiers()).isEmpty();
        }
    }

    @Test
    void a_store_that_refuses_is_named_and_the_pack_stays_readable() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        archive.refuses = true;
        try (clinic) {
            clinic.open();
            List<UUID> files = clinic.spool.study(KEY, 50_000);
            clinic.ship();
            clinic.clock.advance(OLD);
            clinic.archive();
            assertThat(clinic.rooms.problems.standing())
                    .anySatisfy(problem -> assertThat(problem.message()).contains("keeps old versions"));
            assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
            assertThat(clinic.read(files.get(0))).isEqualTo(clinic.spool.bytes(files.get(0)));
            clinic.clock.advance(PAUSE);
            clinic.archive(); // it is not old any more
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            archive.refuses = false;
            clinic.clock.advance(OLD);
            clinic.archive();
            assertThat(sum(clinic).archived()).isEqualTo(1);
        }
    }

    /** Who gave up waiting leaves no alarm behind that nobody can end. */
    @Test
    void a_store_that_does_not_answer_for_once_is_told_only_whoever_opens_the_study() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            UUID file = archived(clinic).get(0);
            archive.whenAsked(pack(clinic), () -> {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the store cannot answer now");
            });
            assertThat(failure(clinic, file).kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
            assertThat(failure(clinic, file).kind()).isEqualTo(FailureKind.ARCHIVED);
        }
    }

    @Test
    void a_restore_that_is_refused_is_told_until_nobody_needs_it() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            UUID file = archived(clinic).get(0);
            archive.whenAsked(pack(clinic), () -> {
                throw StrongroomException.of(FailureKind.REFUSED, "no right to restore");
            });
            assertThat(failure(clinic, file).kind()).isEqualTo(FailureKind.REFUSED);
            clinic.recall();
            assertThat(clinic.rooms.problems.standing())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.message()).startsWith("no right to restore"));
            clinic.rooms.packs.forget(1);
            clinic.recall();
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @Test
    void a_pack_that_is_purged_while_it_is_archived_does_not_come_back() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        try (clinic) {
            clinic.open();
            clinic.spool.study(KEY, 50_000);
            clinic.ship();
            String pack = pack(clinic);
            byte[] copy = clinic.store(0).object(pack);
            archive.whenMoved(() -> {
                clinic.store(0).memory.delete(pack);
                clinic.rooms.copies.purged(clinic.rooms.copies.find(1, "cold").orElseThrow());
                clinic.store(0).memory.put(pack, copy);
            });
            clinic.clock.advance(OLD);
            clinic.archive();
            assertThat(archive.moves).hasSize(1);
            assertThat(clinic.store(0).objects(""))
                    .noneMatch(name -> name.startsWith("packs/") || name.startsWith("heads/"));
            assertThat(clinic.rooms.archive.of(1).values()).noneMatch(ArchivedRow::isAway);
            assertThat(clinic.rooms.problems.standing()).isEmpty();
        }
    }

    @Test
    void where_a_rule_of_the_store_moves_packs_their_companions_are_there_before() throws Exception {
        Clinic clinic = new Clinic(folder, "cold");
        MemoryArchive archive = clinic.archiving(OLD);
        clinic.with(new ArchiveRules("COLDEST", Duration.ZERO, Duration.ofDays(2), true));
        try (clinic) {
            clinic.open();
            List<UUID> files = clinic.spool.study(KEY, 50_000);
            clinic.ship();
            clinic.archive();
            assertThat(clinic.store(0).objects("heads/")).containsExactly(companion(clinic));
            assertThat(archive.shelf(pack(clinic)).place()).isEqualTo(MemoryArchive.Place.AT_HAND);
            archive.move(pack(clinic), "COLDEST"); // what the rule does
            assertThat(clinic.rooms.evictor.evict(ALL).kept()).isEmpty();
            assertThat(failure(clinic, files.get(0)).kind()).isEqualTo(FailureKind.ARCHIVED);
            assertThat(status(clinic).archived().get("cold")).startsWith("coming back");
        }
    }
}
