package org.strongroom.plugin.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.FileSource;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;

/**
 * A process with as many threads as the plugin has, all of which seal or open at the same time. Arguments: the folder, the image as a file, its
 * name here, and its name where only the sidecar has it. Ends with 0 if each was answered with every byte.
 */
final class Crowd {
    private static final int SENDERS = 8;
    private static final int READERS = 4;
    private static final int FAR_READERS = 25;
    private static final int ROUNDS = 3;
    /** What the plugin has in its heap besides: the keyring of a hundred thousand studies. */
    private static final int OTHERS = 24 << 20;

    private final StorageFixture open;
    private final FileSource image;
    private final long crc;
    private final AtomicInteger wrong = new AtomicInteger();
    private final CyclicBarrier together = new CyclicBarrier(SENDERS + READERS + FAR_READERS);

    private Crowd(StorageFixture open, FileSource image) throws IOException {
        this.open = open;
        this.image = image;
        CRC32 sum = new CRC32();
        byte[] piece = new byte[1 << 16];
        for (long at = 0; at < image.size(); at += piece.length) {
            int count = (int) Math.min(piece.length, image.size() - at);
            image.read(at, piece, 0, count);
            sum.update(piece, 0, count);
        }
        this.crc = sum.getValue();
    }

    public static void main(String[] arguments) throws Exception {
        byte[] others = new byte[OTHERS];
        Path folder = Path.of(arguments[0]);
        try (StorageFixture open = new StorageFixture(
                        folder,
                        Set.of(),
                        fixture -> Optional.empty(),
                        FAR_READERS,
                        Duration.ofSeconds(60),
                        ControlClient::connect);
                FileSource image = FileSource.open(Path.of(arguments[1]))) {
            Crowd crowd = new Crowd(open, image);
            crowd.meet(UUID.fromString(arguments[2]), UUID.fromString(arguments[3]));
            System.out.println(crowd.wrong + " wrong, beside " + others.length + " bytes");
            System.exit(crowd.wrong.get() == 0 ? 0 : 1);
        }
    }

    private void meet(UUID here, UUID far) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            threads.add(new Thread(() -> repeat(this::send)));
        }
        for (int i = 0; i < READERS; i++) {
            threads.add(new Thread(() -> repeat(() -> read(here))));
        }
        for (int i = 0; i < FAR_READERS; i++) {
            threads.add(new Thread(() -> repeat(() -> read(far))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private interface Deed {
        void run() throws InterruptedException;
    }

    private void repeat(Deed deed) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                together.await();
                deed.run();
            }
        } catch (Exception e) {
            e.printStackTrace();
            wrong.incrementAndGet();
        }
    }

    private void send() {
        open.storage.create(new Attachment(UUID.randomUUID(), Attachment.DICOM), image, () -> true);
    }

    private void read(UUID name) throws InterruptedException {
        Compared read = new Compared(new Attachment(name, Attachment.DICOM));
        open.storage.read(read);
        read.over.await();
    }

    /** A whole image into memory that is not Java's. */
    private final class Compared implements PendingRead {
        private final Attachment attachment;
        private final CountDownLatch over = new CountDownLatch(1);
        private final CRC32 sum = new CRC32();

        private Compared(Attachment attachment) {
            this.attachment = attachment;
        }

        @Override
        public Attachment attachment() {
            return attachment;
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
            return image.size();
        }

        @Override
        public void allocate(long size) {
            throw new IllegalStateException("a range");
        }

        @Override
        public void copyOut(long position, byte[] source, int offset, int length) {
            if (position == 0) {
                sum.reset();
            }
            sum.update(source, offset, length);
        }

        @Override
        public void succeed() {
            if (sum.getValue() != crc) {
                wrong.incrementAndGet();
            }
            over.countDown();
        }

        @Override
        public void fail(StrongroomException cause) {
            cause.printStackTrace();
            wrong.incrementAndGet();
            over.countDown();
        }

        @Override
        public boolean isAlive() {
            return over.getCount() > 0;
        }
    }
}
