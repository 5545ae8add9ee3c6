package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.HoldRequest;
import org.strongroom.core.control.UndeleteRequest;
import org.strongroom.core.control.UndeleteResult;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.SealedHeader;

/** Nothing that is held is ever purged, and everything else is. */
class HoldTest {
    private static final UUID HELD = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final UUID FIRST = UUID.randomUUID();
    private static final UUID SECOND = UUID.randomUUID();
    private static final Duration LONG_AFTER = Duration.ofDays(400);

    @TempDir
    Path folder;

    private Clinic clinic;
    private TestJournal journal;
    private List<UUID> held;
    private List<UUID> other;

    @BeforeEach
    void twoStudies() throws Exception {
        clinic = new Clinic(folder, "near", "far").open();
        journal = new TestJournal(clinic.home, clinic.installation);
        held = clinic.spool.study(HELD, 1_000, 1_000);
        other = clinic.spool.study(OTHER, 1_000);
        clinic.ship();
    }

    private void remove(List<UUID> files) throws Exception {
        for (UUID file : files) {
            journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
        }
        clinic.rooms.journal.read();
    }

    private void purgeLongAfter() throws Exception {
        for (Duration passed = Duration.ZERO; passed.compareTo(LONG_AFTER) < 0; passed = passed.plusDays(50)) {
            clinic.clock.advance(Duration.ofDays(50));
            clinic.rooms.journal.read();
            clinic.purge();
        }
    }

    private int packs() {
        return clinic.store(0).objects("packs/").size()
                + clinic.store(1).objects("packs/").size();
    }

    @Test
    void what_a_held_key_seals_stays_here_and_in_every_tier_until_the_last_hold_is_over() throws Exception {
        try (Clinic open = clinic) {
            journal.held(FIRST, HELD, open.clock.instant());
            journal.held(SECOND, HELD, open.clock.instant());
            remove(held);
            remove(other);
            purgeLongAfter();
            assertThat(packs()).isEqualTo(2);
            for (UUID file : held) {
                assertThat(open.home.cached(file)).exists();
                assertThat(open.read(file)).isEqualTo(open.spool.bytes(file));
            }
            assertThat(open.rooms.files.find(other.get(0))).isEmpty();

            journal.holdEnded(FIRST, open.clock.instant());
            purgeLongAfter();
            assertThat(packs()).isEqualTo(2);

            journal.holdEnded(SECOND, open.clock.instant());
            purgeLongAfter();
            assertThat(packs()).isZero();
            assertThat(open.rooms.files.find(held.get(0))).isEmpty();
        }
    }

    /** A hold that is ended by mistake can be made again, and what was deleted under it can be had back. */
    @Test
    void what_was_held_has_a_grace_behind_its_last_hold() throws Exception {
        try (Clinic open = clinic) {
            journal.held(FIRST, HELD, open.clock.instant());
            remove(held);
            purgeLongAfter();
            journal.holdEnded(FIRST, open.clock.instant());
            open.rooms.journal.read();
            open.clock.advance(Duration.ofDays(29));
            open.purge();
            assertThat(packs()).isEqualTo(4);
            assertThat(open.home.cached(held.get(0))).exists();
            assertThat(open.rooms
                            .undelete
                            .undelete(new UndeleteRequest(false, null, held, true, null))
                            .instances())
                    .isEqualTo(2);
            open.reopen(); // and after a rebuild as well: the journal says it
            open.rooms.journal.read();
            open.clock.advance(Duration.ofDays(2));
            open.purge();
            assertThat(packs()).isEqualTo(2);
        }
    }

    @Test
    void a_hold_on_a_tenant_holds_whatever_its_keys_seal() throws Exception {
        try (Clinic open = clinic) {
            SealedHeader header =
                    open.rooms.files.find(held.get(0)).orElseThrow().header();
            journal.held(FIRST, header.tenant(), open.clock.instant());
            List<UUID> all = new ArrayList<>(held);
            all.addAll(other);
            remove(all);
            purgeLongAfter();
            assertThat(packs()).isEqualTo(4);
        }
    }

    @Test
    void a_hold_that_comes_while_a_pass_deletes_keeps_what_is_not_yet_deleted() throws Exception {
        try (Clinic open = clinic) {
            remove(held);
            remove(other);
            open.store(0).firstDelete = () -> {
                journal.held(FIRST, HELD, open.clock.instant());
                journal.held(FIRST, OTHER, open.clock.instant());
                open.rooms.journal.read();
            };
            purgeLongAfter();
            assertThat(packs()).isEqualTo(2);
        }
    }

    @Test
    void what_was_removed_before_it_was_shipped_is_shipped_because_it_is_held() throws Exception {
        try (Clinic open = clinic) {
            UUID key = UUID.randomUUID();
            List<UUID> late = open.spool.study(key, 1_000);
            List<UUID> unheld = open.spool.study(UUID.randomUUID(), 1_000);
            journal.held(FIRST, key, open.clock.instant());
            remove(late); // before it is taken in, and so before it is packed
            remove(unheld);
            open.ship();
            assertThat(packs()).isEqualTo(6);
            purgeLongAfter();
            assertThat(packs()).isEqualTo(6);
            Files.delete(open.home.cached(late.get(0)));
            assertThat(open.read(late.get(0))).as("from a tier").isEqualTo(open.spool.bytes(late.get(0)));
            assertThat(open.rooms.files.find(unheld.get(0))).isEmpty();
        }
    }

    @Test
    void what_is_held_can_be_had_back_long_after_the_grace() throws Exception {
        try (Clinic open = clinic) {
            journal.held(FIRST, HELD, open.clock.instant());
            remove(held);
            remove(other);
            open.clock.advance(LONG_AFTER);
            assertThat(undelete(new UndeleteRequest(null, FIRST, null, true, false))
                            .attachments())
                    .containsExactlyInAnyOrderElementsOf(held);
            assertThat(undelete(new UndeleteRequest(null, SECOND, null, true, false))
                            .attachments())
                    .as("no such hold")
                    .isEmpty();
            List<UUID> both = List.of(held.get(0), other.get(0));
            assertThat(undelete(new UndeleteRequest(null, null, both, true, false))
                            .attachments())
                    .containsExactly(held.get(0));
            assertThat(undelete(new UndeleteRequest(true, null, null, true, false))
                            .attachments())
                    .as("all is what was removed of late")
                    .isEmpty();
        }
    }

    private UndeleteResult undelete(UndeleteRequest request) throws Exception {
        return clinic.rooms.undelete.undelete(request);
    }

    @Test
    void an_order_is_in_force_when_it_is_answered() throws Exception {
        try (Clinic open = clinic) {
            HoldRequest order = new HoldRequest(FIRST, "c2VhbGVk", List.of(HELD));
            open.clock.advance(Duration.ofMinutes(5)); // the plugin asked last when it shipped
            assertThat(catchThrowableOfType(StrongroomException.class, () -> open.rooms.holdDesk.carryOut(order))
                            .kind())
                    .as("no plugin")
                    .isEqualTo(FailureKind.UNAVAILABLE);
            remove(held);
            assertThat(order(order, WorkAnswer.DONE)).isEmpty();
            open.clock.advance(LONG_AFTER);
            open.purge(); // without reading the journal once more
            assertThat(packs()).isEqualTo(4);

            WorkAnswer no = WorkAnswer.failed(StrongroomException.of(FailureKind.CORRUPT, "not made with the keys")
                    .with("hold", SECOND)
                    .cure("Make it anew"));
            Optional<String> refused = order(new HoldRequest(SECOND, "c2VhbGVk", List.of(HELD)), no);
            assertThat(refused).hasValueSatisfying(told -> assertThat(told)
                    .contains("not made with the keys", SECOND.toString())
                    .endsWith("Cure: Make it anew"));
            WorkAnswer silent = WorkAnswer.failed(StrongroomException.of(FailureKind.REFUSED, "not now"));
            assertThat(order(new HoldRequest(SECOND, "c2VhbGVk", List.of(HELD)), silent))
                    .hasValueSatisfying(
                            told -> assertThat(told).endsWith("Cure: Look what there is: strongroom hold list"));
            open.clock.advance(Duration.ofMinutes(11));
            assertThat(open.askedByPlugin()).as("nobody waits any more").isEmpty();
        }
    }

    /** Orders, with a plugin that journals what it is asked to and answers so; returns how it failed. */
    private Optional<String> order(HoldRequest order, WorkAnswer answer) throws Exception {
        clinic.askedByPlugin();
        FutureTask<Void> command = new FutureTask<>(() -> {
            clinic.rooms.holdDesk.carryOut(order);
            return null;
        });
        new Thread(command, "hold").start();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            for (Work work : clinic.askedByPlugin()) {
                assertThat(work).isEqualTo(new Work.Hold(work.id(), order));
                if (answer.ok()) {
                    journal.held(order.hold(), order.held().get(0), clinic.clock.instant());
                }
                clinic.rooms.desk.answer(work.id(), answer);
            }
            return command.isDone();
        });
        try {
            command.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause().getMessage());
        }
    }

    @Test
    void a_ledger_made_anew_knows_what_is_held() throws Exception {
        journal.held(FIRST, HELD, clinic.clock.instant());
        remove(held);
        remove(other);
        clinic.close();
        Files.delete(clinic.home.ledger());
        try (Clinic open = clinic.open()) {
            open.ship();
            purgeLongAfter();
            assertThat(packs()).isEqualTo(2);
            assertThat(open.read(held.get(0))).isEqualTo(open.spool.bytes(held.get(0)));
        }
    }
}
