package org.strongroom.plugin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class SteadyAuditTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final AuditEvent VIEW = AuditEvent.of(AuditType.VIEW);

    private final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();
    private final AtomicInteger syncs = new AtomicInteger();
    private volatile boolean broken;
    private volatile boolean unsynced;
    /** Happens while the next event is written. */
    private volatile Runnable meanwhile;

    @Test
    void whatTheDiskDoesNotTakeIsRecordedLaterAndTheLogSaysSo() {
        try (SteadyAudit audit = new SteadyAudit(this::write, this::sync, () -> NOON)) {
            audit.record(VIEW.by("ann"));
            broken = true;
            audit.record(VIEW.by("bob"));
            broken = false;
            audit.record(VIEW.by("cid"));
            audit.again();
            audit.again();
            audit.record(VIEW.by("dan"));
        }
        assertThat(recorded.stream().map(AuditEvent::type))
                .containsExactly(
                        AuditType.VIEW,
                        AuditType.RECORDING_STOP,
                        AuditType.VIEW,
                        AuditType.VIEW,
                        AuditType.RECORDING_START,
                        AuditType.VIEW);
        assertThat(recorded.get(1).details()).containsEntry("since", NOON.toString());
        assertThat(recorded.get(2).principal()).contains("bob");
        assertThat(recorded.get(2).details()).containsEntry("happened", NOON.toString());
        assertThat(recorded.get(3).principal()).contains("cid");
        assertThat(recorded.get(4).details())
                .containsEntry("recordedLater", "2")
                .containsEntry("lost", "0");
    }

    @Test
    void whatMemoryDoesNotHoldIsCounted() {
        try (SteadyAudit audit = new SteadyAudit(this::write, this::sync, () -> NOON)) {
            broken = true;
            for (int i = 0; i < SteadyAudit.MOST_HELD + 5; i++) {
                audit.record(VIEW);
            }
            broken = false;
        }
        assertThat(recorded.get(recorded.size() - 1).details()).containsEntry("lost", "5");
    }

    @Test
    void whatIsWrittenAndNotSyncedIsNotRecordedTwice() {
        try (SteadyAudit audit = new SteadyAudit(this::write, this::sync, () -> NOON)) {
            unsynced = true;
            audit.record(VIEW.by("ann"));
            unsynced = false;
            audit.again();
        }
        assertThat(recorded.stream().map(AuditEvent::type)).containsExactly(AuditType.VIEW);
    }

    @Test
    void whatIsHeldComesBackWithOneSyncAndNobodyWaitsForIt() {
        try (SteadyAudit audit = new SteadyAudit(this::write, this::sync, () -> NOON)) {
            broken = true;
            for (int i = 0; i < 100; i++) {
                audit.record(VIEW);
            }
            meanwhile = () -> {
                meanwhile = null;
                CompletableFuture.runAsync(() -> audit.record(VIEW.by("bob"))).join();
            };
            broken = false;
            audit.again();
            assertThat(syncs.get()).isEqualTo(1);
        }
        assertThat(recorded).hasSize(103);
        assertThat(recorded.get(101).principal()).contains("bob");
        assertThat(recorded.get(102).details()).containsEntry("recordedLater", "101");
    }

    @Test
    void whatFailsInTheMidstGoesOnThere() {
        try (SteadyAudit audit = new SteadyAudit(this::write, this::sync, () -> NOON)) {
            broken = true;
            audit.record(VIEW.by("ann"));
            audit.record(VIEW.by("bob"));
            meanwhile = () -> broken = recorded.size() == 2;
            broken = false;
            audit.again();
            assertThat(recorded).hasSize(2);
            broken = false;
            meanwhile = null;
            audit.again();
        }
        assertThat(recorded.stream().map(AuditEvent::type))
                .containsExactly(AuditType.RECORDING_STOP, AuditType.VIEW, AuditType.VIEW, AuditType.RECORDING_START);
        assertThat(recorded.get(3).details()).containsEntry("recordedLater", "2");
    }

    private long write(AuditEvent event) {
        Runnable first = meanwhile;
        if (first != null) {
            first.run();
        }
        if (broken) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "no disk");
        }
        recorded.add(event);
        return recorded.size();
    }

    private void sync(long ticket) {
        syncs.incrementAndGet();
        if (unsynced) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "no disk");
        }
    }
}
