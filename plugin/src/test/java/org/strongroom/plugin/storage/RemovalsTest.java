package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;

/** A journal that takes nothing for a while: what Orthanc removes meanwhile is in it afterwards. */
class RemovalsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final List<Attachment> journaled = new CopyOnWriteArrayList<>();
    /** When those were removed that were not journaled then. */
    private final List<Instant> late = new CopyOnWriteArrayList<>();

    private volatile Exception trouble;
    private volatile Duration running = Duration.ZERO;

    private Removals removals() {
        return new Removals(() -> NOON, () -> running);
    }

    private void journal(Attachment attachment, Optional<Instant> happened) throws IOException {
        if (trouble instanceof IOException disk) {
            throw disk;
        }
        if (trouble instanceof StrongroomException log) {
            throw log;
        }
        journaled.add(attachment);
        happened.ifPresent(late::add);
    }

    @Test
    void whatTheDiskDoesNotTakeIsJournaledInItsOrderWhenItDoes() throws IOException {
        List<Attachment> all = List.of(image(), image(), image(), image());
        try (Removals removals = removals()) {
            removals.now(all.get(0).uuid(), happened -> journal(all.get(0), happened));
            trouble = new IOException("No space left on device");
            assertThatThrownBy(() -> removals.now(all.get(1).uuid(), happened -> journal(all.get(1), happened)))
                    .isSameAs(trouble);
            trouble = StrongroomException.of(FailureKind.UNAVAILABLE, "an audit event could not be recorded");
            assertThatThrownBy(() -> removals.now(all.get(2).uuid(), happened -> journal(all.get(2), happened)))
                    .isSameAs(trouble);
            removals.again();
            assertThat(journaled).containsExactly(all.get(0));
            assertThat(all.stream().map(image -> removals.isHeld(image.uuid()::equals)))
                    .containsExactly(false, true, true, false);

            trouble = null;
            removals.now(all.get(3).uuid(), happened -> journal(all.get(3), happened));
            removals.again();
            removals.again();
            assertThat(journaled).containsExactly(all.get(0), all.get(3), all.get(1), all.get(2));
            assertThat(late).containsExactly(NOON, NOON);
            assertThat(all).noneMatch(image -> removals.isHeld(image.uuid()::equals));
        }
        assertThat(journaled).hasSize(4);
    }

    /** Orthanc that stops, or loads its plugins anew, may do so right after the disk was mended. */
    @Test
    void anEndTriesALastTime() {
        Attachment image = image();
        try (Removals removals = removals()) {
            trouble = new IOException("Input/output error");
            assertThatThrownBy(() -> removals.now(image.uuid(), happened -> journal(image, happened)))
                    .isInstanceOf(IOException.class);
            trouble = null;
        }
        assertThat(journaled).containsExactly(image);
    }

    /** Nobody waits longer for it, however slow the disk is. */
    @Test
    void anEndIsNotHeldUpByWhatIsTooMuch() {
        try (Removals removals = removals()) {
            for (int i = 0; i < 100; i++) {
                Attachment image = image();
                removals.later(image.uuid(), happened -> {
                    running = running.plusSeconds(1);
                    journal(image, happened);
                });
            }
        }
        assertThat(journaled).hasSize((int) Removals.LAST_TRY.toSeconds() + 1);
    }

    @Test
    void whatIsBeingBroughtBackMeanwhileIsTheEnds() throws InterruptedException {
        Thread ending = Thread.currentThread();
        List<Thread> by = new CopyOnWriteArrayList<>();
        Thread pulse;
        try (Removals removals = removals()) {
            for (int i = 0; i < 3; i++) {
                removals.later(UUID.randomUUID(), happened -> {
                    by.add(Thread.currentThread());
                    while (Thread.currentThread() != ending && ending.getState() != Thread.State.BLOCKED) {
                        Thread.onSpinWait();
                    }
                });
            }
            pulse = new Thread(removals::again);
            pulse.start();
            while (by.isEmpty()) {
                Thread.onSpinWait();
            }
        }
        pulse.join();
        assertThat(by).containsExactly(pulse, ending, ending);
    }

    @Test
    void oneThatCannotBeJournaledAtAllHoldsUpNoOther() {
        Attachment image = image();
        try (Removals removals = removals()) {
            assertThatThrownBy(() -> removals.now(image.uuid(), happened -> {
                        throw new IllegalStateException("a mistake of ours");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            removals.later(image.uuid(), happened -> journal(image, happened));
            removals.again();
            assertThat(journaled).containsExactly(image);
        }
    }

    /** Whoever looks at the log is to know before a kill makes it a loss, and not once for each file. */
    @Test
    void aDiskThatTakesNoneIsToldAtTheFirstAndEveryTenfold() {
        Logger log = Logger.getLogger(Removals.class.getName());
        List<Object> told = new CopyOnWriteArrayList<>();
        Handler listening = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().equals(Level.WARNING)) {
                    told.add(entry.getParameters()[0]);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(listening);
        try (Removals removals = removals()) {
            trouble = new IOException("Input/output error");
            refuse(removals, 120);
            assertThat(told).containsExactly(1, 10, 100);
            trouble = null;
            removals.again();
            trouble = new IOException("Input/output error");
            refuse(removals, 1);
            assertThat(told).containsExactly(1, 10, 100, 1);
            trouble = null;
        } finally {
            log.removeHandler(listening);
        }
    }

    private void refuse(Removals removals, int count) {
        for (int i = 0; i < count; i++) {
            Attachment image = image();
            assertThatThrownBy(() -> removals.now(image.uuid(), happened -> journal(image, happened)))
                    .isInstanceOf(IOException.class);
        }
    }

    private static Attachment image() {
        return new Attachment(UUID.randomUUID(), Attachment.DICOM);
    }
}
