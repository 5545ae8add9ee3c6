package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;

/** A large file needs no more memory than a small one: proven by what the thread allocates at all, garbage included. */
class SealerMemoryTest {
    private static final int SIZE = 64 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Pixels that are computed, never held. */
    private static final ByteSource LARGE = new ByteSource() {
        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public void read(long position, byte[] target, int targetOffset, int length) {
            for (int i = 0; i < length; i++) {
                long at = position + i;
                target[targetOffset + i] = (byte) ((at & 1) == 0 ? (at >> 7) ^ ((at * 0x9e37_79b9L) >>> 29) : 0);
            }
        }
    };

    private static final class CountingChannel implements WritableByteChannel {
        private long bytes;

        @Override
        public int write(ByteBuffer source) {
            int count = source.remaining();
            source.position(source.limit());
            bytes += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Pixels that are too wide are bytes like any others: what predicts them would take more for each row than for a whole image. */
    @Test
    void sealingDoesNotGrowWithTheRows() throws IOException {
        ImageLayout wide = new ImageLayout(1, false, false, 4, 65_535);
        PixelData pixels = new PixelData(1000, 8L * wide.rowBytes(), 8L * wide.rowBytes(), wide);
        SealRequest request = Sealing.request(Sealing.ATTACHMENT, LARGE.slice(0, 3 << 20), 900, pixels);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Sealed sealed =
                new Sealer(new SecureRandom()).seal(request, Sealing.KEY, new CountingChannel(), EncodeEffort.IMAGE);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
        assertThat(sealed.header().imageLayout()).isNull();
    }

    @Test
    void sealingDoesNotGrowWithTheFile() throws IOException {
        Sealer sealer = new Sealer(new SecureRandom());
        PixelData pixels = new PixelData(1000, SIZE - 1000, 512 * 1024, new ImageLayout(2, false, false, 1, 512));
        for (PixelData each : new PixelData[] {pixels, null}) {
            SealRequest request = Sealing.request(Sealing.ATTACHMENT, LARGE, 900, each);
            CountingChannel out = new CountingChannel();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Sealed sealed = sealer.seal(request, Sealing.KEY, out, EncodeEffort.IMAGE);
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(SIZE / 4);
            assertThat(out.bytes).isEqualTo(sealed.size());
            assertThat(sealed.size()).isLessThan(SIZE + SIZE / 100);
        }
    }

    @Test
    @Timeout(60)
    void noMoreAreSealedAtTheSameTimeThanTwoForEachProcessor() throws Exception {
        requireAtOnce(4, new Sealer(new SecureRandom(), 2, 1L << 30));
    }

    /** Of a usual heap and many processors. */
    @Test
    @Timeout(60)
    void noMoreAreSealedAtTheSameTimeThanTheHeapHasRoomFor() throws Exception {
        requireAtOnce(6, new Sealer(new SecureRandom(), 16, 158L << 20));
        requireAtOnce(1, new Sealer(new SecureRandom(), 16, 10L << 20));
    }

    private static void requireAtOnce(int most, Sealer sealer) throws Exception {
        AtomicInteger inside = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        ByteSource waiting = ByteSource.of(100, (position, target, offset, length) -> {
            inside.incrementAndGet();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        });
        SealRequest request = Sealing.request(Sealing.ATTACHMENT, waiting, 0, null);
        List<Thread> senders = new ArrayList<>();
        List<Sealed> sealed = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < most + 3; i++) {
            Thread sender = new Thread(() -> {
                try {
                    sealed.add(sealer.seal(request, Sealing.KEY, new CountingChannel(), EncodeEffort.IMAGE));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            senders.add(sender);
        }
        while (senders.stream().anyMatch(sender -> sender.getState() != Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        assertThat(inside).hasValue(most);
        goOn.countDown();
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(sealed).hasSize(most + 3);
    }
}
