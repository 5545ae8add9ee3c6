package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.strongroom.plugin.seal.Sealing.image;
import static org.strongroom.plugin.seal.Sealing.opaque;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.CountingSource;
import org.strongroom.plugin.seal.Sealing.Shape;

/** How much of a sealed file is read, and when. */
class SealedReaderTest {
    private static final ImageLayout LAYOUT = new ImageLayout(2, true, false, 1, 512);
    private static final Shape SLICE = image(LAYOUT, 512, 1, 3000, 0);
    private static final Shape FRAMES = image(LAYOUT, 512, 40, 3000, 0);

    @Test
    void theHeadIsReadWithoutTheBody() throws IOException {
        byte[] sealed = Sealing.seal(SLICE);
        int headEnd = (int) SealedReader.readHeader(ByteSource.of(sealed)).headPieceSize();
        CountingSource onlyHead = new CountingSource(Arrays.copyOf(sealed, headEnd));
        SealedReader reader = Sealing.open(onlyHead);
        assertThat(reader.read(10, 2990)).isEqualTo(Arrays.copyOfRange(SLICE.plain(), 10, 3000));
        assertThat(reader.head()).isEqualTo(Arrays.copyOf(SLICE.plain(), 3000));
        assertThat(onlyHead.reads()).isEqualTo(3); // fixed header, its parameters, head piece: then it is kept
        assertThatThrownBy(() -> reader.read(3000, 1)).isInstanceOf(StrongroomException.class);
    }

    @Test
    void aSmallFileTakesOneReadForItsBody() throws IOException {
        CountingSource source = new CountingSource(Sealing.seal(SLICE));
        SealedReader reader = Sealing.open(source);
        assertThat(source.reads()).isEqualTo(2);
        reader.read(0, SLICE.plain().length);
        assertThat(source.reads()).isEqualTo(4);
        assertThat(source.bytes()).isLessThanOrEqualTo(source.size() + SealedHeader.MAX_SIZE);
    }

    @Test
    void theKeysOfAMessageAreDerivedOnce() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        SealedReader reader =
                SealedReader.open(ByteSource.of(Sealing.seal(SLICE)), Sealing.INSTALLATION, Sealing.ATTACHMENT, id -> {
                    asked.incrementAndGet();
                    return Sealing.key(id);
                });
        reader.prove();
        reader.read(0, SLICE.plain().length);
        reader.verify();
        assertThat(asked).hasValue(2); // head and body
    }

    @Test
    void openingTakesNoNewMemoryForBlocks() throws IOException {
        byte[] sealed = Sealing.seal(SLICE);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Sealing.open(ByteSource.of(sealed)).verify(); // makes the desk
        long before = threads.getCurrentThreadAllocatedBytes();
        Sealing.open(ByteSource.of(sealed)).verify();
        // Neither for the message nor for what it is opened with; what is left are ciphers and their tables.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(sealed.length);
        assertThat(SLICE.plain()).hasSizeGreaterThan(2 * sealed.length);
    }

    @Test
    void readersAtTheSameTimeDoNotDisturbEachOther() {
        List<Shape> shapes = List.of(SLICE, FRAMES, opaque(3 << 20), image(LAYOUT, 100, 3, 50, 1));
        List<CompletableFuture<Void>> running = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    Shape shape = shapes.get(i % shapes.size());
                    try {
                        byte[] sealed = Sealing.seal(shape);
                        for (int again = 0; again < 10; again++) {
                            assertThat(Sealing.open(ByteSource.of(sealed)).read(0, shape.plain().length))
                                    .isEqualTo(shape.plain());
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .toList();
        running.forEach(CompletableFuture::join);
    }

    @Test
    void oneFrameOfManyIsOneSmallRead() throws IOException {
        byte[] sealed = Sealing.seal(FRAMES);
        CountingSource source = new CountingSource(sealed);
        SealedReader reader = Sealing.open(source);
        int frame = 512 * 512 * 2;
        byte[] seventh = reader.read(3012 + 7 * frame, frame);
        assertThat(seventh).isEqualTo(Arrays.copyOfRange(FRAMES.plain(), 3012 + 7 * frame, 3012 + 8 * frame));
        assertThat(source.reads()).isEqualTo(5); // header, parameters; salt and commitment; table; frame
        assertThat(source.bytes()).isLessThan(sealed.length / 20);
        source.reset();
        reader.read(3012 + 20 * frame + 100, 10);
        assertThat(source.reads()).isEqualTo(1);
        assertThat(source.bytes()).isLessThan(sealed.length / 20);
        source.reset();
        reader.read(0, FRAMES.plain().length);
        assertThat(source.reads()).isLessThanOrEqualTo(2 + sealed.length / (1 << 20));
    }

    @Test
    void piecesMayLieInDifferentPlaces() throws IOException {
        byte[] sealed = Sealing.seal(SLICE);
        SealedHeader header = SealedReader.readHeader(ByteSource.of(sealed));
        int headEnd = (int) header.headPieceSize();
        ByteSource head = ByteSource.of(Arrays.copyOf(sealed, headEnd));
        ByteSource body = ByteSource.of(Arrays.copyOfRange(sealed, headEnd, sealed.length));
        SealedReader reader = SealedReader.of(header, head, body, Sealing::key);
        assertThat(reader.read(0, SLICE.plain().length)).isEqualTo(SLICE.plain());
    }

    @Test
    void opensSingleChunksForAReceipt() throws IOException {
        byte[] sealed = Sealing.seal(FRAMES);
        int bodyStart = (int) SealedReader.readHeader(ByteSource.of(sealed)).headPieceSize();
        sealed[bodyStart + 56 + 2 * 16_400 + 77] ^= 4;
        CountingSource source = new CountingSource(sealed);
        SealedReader reader = Sealing.open(source);
        source.reset();
        reader.checkBodyChunk(0);
        assertThat(source.reads()).isEqualTo(2);
        assertThat(source.bytes()).isEqualTo(56 + 16_400);
        reader.checkBodyChunk(1);
        reader.checkBodyChunk(reader.bodyChunks() - 1);
        assertThatThrownBy(() -> reader.checkBodyChunk(2))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        assertThatThrownBy(() -> reader.checkBodyChunk(reader.bodyChunks()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(reader::verify).isInstanceOf(StrongroomException.class);
    }

    @Test
    void keysAreAskedForOnlyWhenNeeded() throws IOException {
        StrongroomException shredded = StrongroomException.of(FailureKind.NOT_FOUND, "key is shredded");
        SealedReader reader =
                SealedReader.open(ByteSource.of(Sealing.seal(SLICE)), Sealing.INSTALLATION, Sealing.ATTACHMENT, id -> {
                    throw shredded;
                });
        assertThat(reader.header().key()).isEqualTo(Sealing.KEY_ID);
        assertThatThrownBy(() -> reader.read(0, 1)).isSameAs(shredded);
        assertThatThrownBy(() -> reader.read(5000, 1)).isSameAs(shredded);
    }
}
