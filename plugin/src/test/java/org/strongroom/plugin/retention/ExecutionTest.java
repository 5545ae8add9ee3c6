package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.erase.ErasureOrder;

/** Nothing goes that is not due now, approved by two, and behind its grace; and no more than the limit. */
class ExecutionTest {
    private static final Instant NOW = Instant.parse("2030-06-01T12:00:00Z");
    private static final Duration GRACE = Duration.ofDays(30);
    private static final Consent ROE = new Consent("Dr. Roe", "law", NOW.minus(Duration.ofDays(40)));
    private static final Consent DOE = new Consent("Dr. Doe", "checked", NOW.minus(GRACE));

    private final UUID key = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();
    private final Set<UUID> destroyed = new HashSet<>();
    private final Set<UUID> withdrawn = new HashSet<>();
    private long limit = 50;

    private static PlannedStudy study(UUID key, String name, Fate fate) {
        return new PlannedStudy(key, name, "clinic", 1, 1, fate, "2030-01-01", List.of(), List.of(), List.of(), null);
    }

    private static Approval approval(Consent second, Consent undone, UUID... keys) {
        return new Approval("d", List.of(keys), ROE, second, undone, List.of());
    }

    private Execution execute(List<Approval> approvals, PlannedStudy... plan) {
        return Execution.of(approvals, List.of(plan), NOW, GRACE, limit, destroyed::contains, withdrawn::contains);
    }

    private Execution execute(Approval approval, PlannedStudy... plan) {
        return execute(List.of(approval), plan);
    }

    private static void requireNothing(Execution execution) {
        assertThat(execution.go()).isEmpty();
        assertThat(execution.left()).isEmpty();
        assertThat(execution.waiting()).isZero();
    }

    @Test
    void whatTwoApprovedGoesWhenTheGraceIsOver() {
        PlannedStudy due = study(key, "1.2.3", Fate.DUE);
        Execution execution = execute(approval(DOE, null, key), due, study(other, "1.2.4", Fate.DUE));
        assertThat(execution.go()).hasSize(1);
        assertThat(execution.go().get(0).keys()).containsExactly(key);
        assertThat(execution.go().get(0).isDue()).isTrue();
        Consent later = new Consent("Dr. Doe", "checked", NOW.minus(GRACE).plusMillis(1));
        requireNothing(execute(approval(later, null, key), due));
        requireNothing(execute(approval(null, null, key), due));
        requireNothing(execute(approval(DOE, ROE, key), due));
    }

    @Test
    void whatIsNotDueAnyMoreIsLeftAndSaid() {
        for (Fate fate : List.of(Fate.HELD, Fate.UNREAD, Fate.UNRULED, Fate.KEPT)) {
            Execution execution = execute(approval(DOE, null, key), study(key, "1.2.3", fate));
            assertThat(execution.go()).isEmpty();
            assertThat(execution.left()).isEqualTo(Map.of(fate.word(), 1L));
        }
    }

    @Test
    void aStudyGoesAsAWholeOrNotAtAll() {
        PlannedStudy due = study(key, "1.2.3", Fate.DUE);
        assertThat(execute(approval(DOE, null, key), due, study(other, "1.2.3", Fate.KEPT))
                        .left())
                .isEqualTo(Map.of("kept", 1L));
        assertThat(execute(approval(DOE, null, key), due, study(other, "1.2.3", Fate.DUE))
                        .left())
                .isEqualTo(Map.of("nobody approved all of it", 1L));
        Execution both = execute(approval(DOE, null, key, other), due, study(other, "1.2.3", Fate.DUE));
        assertThat(both.go()).hasSize(1);
        assertThat(both.go().get(0).keys()).containsExactlyInAnyOrder(key, other);
        Execution later = execute(
                List.of(approval(DOE, null, key), approval(DOE, null, key, other)),
                due,
                study(other, "1.2.3", Fate.DUE));
        assertThat(later.go()).as("a later plan has all of it").hasSize(1);
        assertThat(later.left()).isEmpty();
    }

    @Test
    void noMoreThanTheLimitBeginsButWhatHasBegunIsFinished() {
        List<UUID> keys = new ArrayList<>();
        List<PlannedStudy> plan = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            keys.add(UUID.randomUUID());
            plan.add(study(keys.get(i), "1.2." + i, Fate.DUE));
        }
        Approval approval = approval(DOE, null, keys.toArray(UUID[]::new));
        limit = 2;
        Execution execution = execute(approval, plan.toArray(PlannedStudy[]::new));
        assertThat(execution.go()).hasSize(2);
        assertThat(execution.waiting()).isEqualTo(3);
        limit = -1;
        UUID erasure = UUID.randomUUID();
        Approval begun = approval.with(new Approval.Handed(erasure, List.of(keys.get(4)), NOW));
        Execution next = execute(begun, plan.toArray(PlannedStudy[]::new));
        assertThat(next.go()).hasSize(1);
        assertThat(next.go().get(0).handed().orElseThrow().erasure()).isEqualTo(erasure);
        assertThat(next.waiting()).isEqualTo(4);
    }

    @Test
    void whatIsErasedOrPurgedIsDone() {
        destroyed.add(key);
        requireNothing(execute(approval(DOE, null, key, other), study(key, "1.2.3", Fate.DUE)));
    }

    @Test
    void whatWasHandedOverAndIsNotDueAnyMoreIsTakenBackOnce() {
        Approval.Handed handed = new Approval.Handed(UUID.randomUUID(), List.of(key), NOW);
        Approval approval = approval(DOE, null, key).with(handed);
        Execution execution = execute(approval, study(key, "1.2.3", Fate.HELD));
        assertThat(execution.go()).hasSize(1);
        assertThat(execution.go().get(0).isDue()).isFalse();
        assertThat(execution.left()).isEqualTo(Map.of("held", 1L));
        withdrawn.add(handed.erasure());
        for (Fate fate : List.of(Fate.HELD, Fate.DUE)) {
            Execution again = execute(approval, study(key, "1.2.3", fate));
            assertThat(again.go()).isEmpty();
            assertThat(again.left()).isEqualTo(Map.of("its erasure was withdrawn", 1L));
        }
        assertThat(execute(List.of(approval, approval(DOE, null, key)), study(key, "1.2.3", Fate.DUE))
                        .go())
                .as("approved anew")
                .hasSize(1);
    }

    @Test
    void whatBelongsToAnUnknownStudyStaysWhileOrthancHasIt() {
        Execution execution = execute(approval(DOE, null, key), study(key, "", Fate.DUE));
        assertThat(execution.go()).isEmpty();
        assertThat(execution.left()).hasSize(1).containsValue(1L);
        PlannedStudy deleted = new PlannedStudy(
                key, "", "clinic", 1, 0, Fate.DUE, "2030-01-01", List.of(), List.of(), List.of(), null);
        assertThat(execute(approval(DOE, null, key), deleted).go())
                .as("Orthanc has nothing of it")
                .hasSize(1);
    }

    @Test
    void whatAnOrderCannotNameStays() {
        for (int more : List.of(0, 1)) {
            PlannedStudy large = new PlannedStudy(
                    key,
                    "1.2.3",
                    "clinic",
                    ErasureOrder.MOST + more,
                    ErasureOrder.MOST + more,
                    Fate.DUE,
                    "2030-01-01",
                    List.of(),
                    List.of(),
                    List.of(),
                    null);
            assertThat(execute(approval(DOE, null, key), large).go()).hasSize(1 - more);
        }
    }

    @Test
    void ofTwoApprovalsTheOneGoesOnThatHasBegun() {
        Approval.Handed handed = new Approval.Handed(UUID.randomUUID(), List.of(key), NOW);
        Approval begun = approval(DOE, null, key).with(handed);
        for (List<Approval> both :
                List.of(List.of(approval(DOE, null, key), begun), List.of(begun, approval(DOE, null, key)))) {
            Execution execution = execute(both, study(key, "1.2.3", Fate.DUE));
            assertThat(execution.go()).hasSize(1);
            assertThat(execution.go().get(0).handed()).contains(handed);
        }
    }
}
