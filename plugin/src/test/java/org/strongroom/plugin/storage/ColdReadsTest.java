package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Two reads may wait for the line; a third is told to come back, at once, and is let in when one of them is done. */
@Timeout(60)
class ColdReadsTest {
    private static final long SLICE = 512 << 10;
    private static final long LOOP = 200 << 20;

    private final ColdReads reads = new ColdReads(2, Duration.ofSeconds(30));

    @AfterEach
    void close() {
        reads.close();
    }

    @Test
    void whatIsOverTheLimitIsToldToComeBackAndTheRestIsAnswered() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        CountDownLatch line = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            reads.park(() -> {
                started.countDown();
                await(line);
                answered.countDown();
            });
        }
        await(started);

        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> reads.park(() -> {
                    throw new AssertionError("a third read waits");
                }))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                    assertThat(failure.context()).containsEntry("limit", "2");
                    assertThat(failure.cure()).contains("Strongroom.Read.ColdRequests");
                });

        line.countDown();
        await(answered);
        CountDownLatch later = new CountDownLatch(1);
        while (later.getCount() > 0) {
            if (isParked(later::countDown)) {
                await(later);
            }
        }
    }

    /** In a heap of the usual size four open what has come, in a smaller one two. */
    @Test
    void howManyOpenAtTheSameTimeFollowsFromTheHeap() {
        assertThat(ColdReads.turns(158L << 20)).isEqualTo(4); // Java counts only one of its two survivor spaces
        assertThat(ColdReads.turns(64L << 20)).isEqualTo(2);
        assertThat(ColdReads.turns(2L << 30)).isEqualTo(56);
    }

    @Test
    void whoDoesNotGetItsTurnIsToldToComeBack() throws Exception {
        int turns = ColdReads.turns(Runtime.getRuntime().maxMemory());
        CountDownLatch opening = new CountDownLatch(turns);
        CountDownLatch line = new CountDownLatch(1);
        try (ColdReads impatient = new ColdReads(turns, Duration.ofMillis(50))) {
            for (int i = 0; i < turns; i++) {
                impatient.park(() -> open(impatient, SLICE, () -> {
                    opening.countDown();
                    await(line);
                }));
            }
            await(opening);
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(() -> impatient.inTurn(SLICE, 0, () -> {}))
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE));
            line.countDown();
            while (!isOpened(impatient)) {
                Thread.onSpinWait();
            }
        }
    }

    /** Loops that come over a poor line, as many as there are turns. */
    @Test
    void whatIsLargeLeavesTurnsForSlices() {
        int turns = ColdReads.turns(Runtime.getRuntime().maxMemory());
        CountDownLatch opening = new CountDownLatch(turns / 2);
        CountDownLatch line = new CountDownLatch(1);
        try (ColdReads impatient = new ColdReads(turns, Duration.ofSeconds(1))) {
            for (int i = 0; i < turns; i++) {
                impatient.park(() -> open(impatient, LOOP, () -> {
                    opening.countDown();
                    await(line);
                }));
            }
            await(opening);
            assertThat(isOpened(impatient)).isTrue();
            line.countDown();
        }
    }

    /** Another one has the last turn but one. */
    @Test
    void aLongHeadTakesTwoTurns() throws Exception {
        int turns = ColdReads.turns(Runtime.getRuntime().maxMemory());
        CountDownLatch opening = new CountDownLatch(turns - 1);
        CountDownLatch line = new CountDownLatch(1);
        try (ColdReads impatient = new ColdReads(turns, Duration.ofMillis(50))) {
            for (int i = 1; i < turns; i++) {
                impatient.park(() -> open(impatient, SLICE, () -> {
                    opening.countDown();
                    await(line);
                }));
            }
            await(opening);
            assertThat(isOpened(impatient)).isTrue();
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(() -> impatient.inTurn(SLICE, 2 << 20, () -> {}));
            line.countDown();
        }
    }

    private static boolean isOpened(ColdReads reads) {
        try {
            open(reads, SLICE, () -> {});
            return true;
        } catch (StrongroomException e) {
            return false;
        }
    }

    private static void open(ColdReads reads, long size, ColdReads.Opening opening) {
        try {
            reads.inTurn(size, 0, opening);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isParked(Runnable answer) {
        try {
            reads.park(answer);
            return true;
        } catch (StrongroomException e) {
            return false;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
