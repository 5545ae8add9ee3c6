package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;

/** A defect that ends the thread of a read ends the read as well: nobody waits for its deadline. */
class DefectTest {
    @TempDir
    Path folder;

    @Test
    void aReadThatFindsPartsOfStrongroomMissingIsAnswered() throws Exception {
        try (StorageFixture open =
                new StorageFixture(folder, Set.of(), fixture -> Optional.empty(), 1, Duration.ofSeconds(1), home -> {
                    throw new NoClassDefFoundError("org/strongroom/Gone");
                })) {
            Waiting read = new Waiting();
            open.storage.read(read);
            assertThat(read.over.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(read.kind).isEqualTo(FailureKind.BUG);
        }
    }

    private static final class Waiting implements PendingRead {
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile FailureKind kind;

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
            throw new IllegalStateException("a range");
        }

        @Override
        public void copyOut(long position, byte[] source, int offset, int length) {
            throw new IllegalStateException("there is nothing");
        }

        @Override
        public void succeed() {
            over.countDown();
        }

        @Override
        public void fail(StrongroomException cause) {
            kind = cause.kind();
            over.countDown();
        }

        @Override
        public boolean isAlive() {
            return over.getCount() > 0;
        }
    }
}
