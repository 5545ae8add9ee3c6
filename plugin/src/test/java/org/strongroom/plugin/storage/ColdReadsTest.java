package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;

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
            reads.park(new Read(), () -> {
                started.countDown();
                await(line);
                answered.countDown();
            });
        }
        await(started);

        Read third = new Read();
        reads.park(third, () -> {
            throw new AssertionError("a third read waits");
        });
        assertThat(third.failure).isNotNull();
        assertThat(third.failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(third.failure.context().toString()).contains("limit").contains("2");
        assertThat(third.failure.cure()).contains("Strongroom.Read.ColdRequests");

        line.countDown();
        await(answered);
        CountDownLatch later = new CountDownLatch(1);
        Read again = new Read();
        while (later.getCount() > 0) {
            again.failure = null;
            reads.park(again, later::countDown);
            if (again.failure == null) {
                await(later);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A read of which only the failure is looked at. */
    private static final class Read implements PendingRead {
        private StrongroomException failure;

        @Override
        public Attachment attachment() {
            return new Attachment(new UUID(1, 1), Attachment.DICOM);
        }

        @Override
        public boolean isWhole() {
            return false;
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public long length() {
            return 1;
        }

        @Override
        public void allocate(long size) {
            throw new AssertionError("not a whole read");
        }

        @Override
        public void copyOut(long position, byte[] source, int offset, int length) {
            throw new AssertionError("nothing is copied");
        }

        @Override
        public void succeed() {
            throw new AssertionError("nothing was read");
        }

        @Override
        public void fail(StrongroomException cause) {
            failure = cause;
        }

        @Override
        public boolean isAlive() {
            return true;
        }
    }
}
