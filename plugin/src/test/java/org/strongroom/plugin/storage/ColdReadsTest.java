package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
    private final ColdReads reads = new ColdReads(2);

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
