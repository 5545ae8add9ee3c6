package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.strongroom.core.format.v1.Cobblestone.CHUNK_PLAIN;
import static org.strongroom.core.format.v1.Cobblestone.CHUNK_SEALED;
import static org.strongroom.core.format.v1.Cobblestone.PREFIX;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.CountingSource;
import org.strongroom.core.secret.Key32;

class CobblestoneTest {
    private static final Key32 KEY = Key32.random(new SecureRandom());
    private static final byte[] CONTEXT = "here".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                15,
                16,
                CHUNK_PLAIN - 1,
                CHUNK_PLAIN,
                CHUNK_PLAIN + 1,
                2 * CHUNK_PLAIN - 1,
                2 * CHUNK_PLAIN,
                2 * CHUNK_PLAIN + 1,
                300 * CHUNK_PLAIN + 5
            })
    void givesBackWhatItSealed(int length) {
        byte[] plain = bytes(length);
        byte[] message = Cobblestone.seal(KEY, CONTEXT, plain);
        assertThat(message).hasSize((int) Cobblestone.messageSize(length));
        assertThat(Cobblestone.plainSize(message.length)).isEqualTo(length);
        assertThat(Cobblestone.open(KEY, CONTEXT, message)).isEqualTo(plain);
        assertThat(Cobblestone.open(KEY.toBytes(), CONTEXT, Cobblestone.seal(KEY.toBytes(), CONTEXT, plain)))
                .isEqualTo(plain);
    }

    @Test
    void sealsTheSameHoweverItIsFed() throws IOException {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] plain = bytes(5 * CHUNK_PLAIN);
        SecureRandom salt = new FixedRandom(new byte[] {7});
        byte[] whole = Cobblestone.seal(KEY, CONTEXT, plain, salt);
        for (int most : new int[] {1, 100, CHUNK_PLAIN, 3 * CHUNK_PLAIN}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            CobblestoneSealer sealer = CobblestoneSealer.begin(KEY, CONTEXT, salt, out);
            for (int at = 0; at < plain.length; ) {
                int count = Math.min(plain.length - at, random.nextInt(most + 1));
                sealer.write(plain, at, count);
                at += count;
            }
            sealer.finish();
            assertThat(out.toByteArray()).isEqualTo(whole);
            assertThatThrownBy(sealer::finish).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> sealer.write(plain, 0, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void everySaltIsNew() {
        assertThat(Cobblestone.seal(KEY, CONTEXT, bytes(10))).isNotEqualTo(Cobblestone.seal(KEY, CONTEXT, bytes(10)));
    }

    @Test
    void readsRangesAndOpensOnlyTheirChunks() throws IOException {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] plain = bytes(7 * CHUNK_PLAIN + 100);
        CountingSource message = new CountingSource(Cobblestone.seal(KEY, CONTEXT, plain));
        CobblestoneReader reader = CobblestoneReader.open(KEY, CONTEXT, message);
        for (int i = 0; i < 2000; i++) {
            int from = random.nextInt(plain.length + 1);
            int length = random.nextInt(Math.min(plain.length - from, 3 * CHUNK_PLAIN) + 1);
            byte[] target = new byte[length + 4];
            message.reset();
            reader.read(from, target, 2, length);
            assertThat(Arrays.copyOfRange(target, 2, 2 + length))
                    .isEqualTo(Arrays.copyOfRange(plain, from, from + length));
            assertThat(message.reads()).isLessThanOrEqualTo(1);
            assertThat(message.bytes()).isLessThanOrEqualTo((long) (length / CHUNK_PLAIN + 2) * CHUNK_SEALED);
            assertThat(new byte[] {target[0], target[1], target[length + 2], target[length + 3]})
                    .containsOnly(0);
        }
        assertThatThrownBy(() -> reader.read(plain.length, new byte[1], 0, 1)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> reader.read(-1, new byte[1], 0, 1)).isInstanceOf(EOFException.class);
    }

    @Test
    void opensOneChunk() throws IOException {
        byte[] plain = bytes(2 * CHUNK_PLAIN);
        byte[] message = Cobblestone.seal(KEY, CONTEXT, plain);
        message[PREFIX + CHUNK_SEALED + 5] ^= 1;
        CobblestoneReader reader = CobblestoneReader.open(KEY, CONTEXT, ByteSource.of(message));
        assertThat(reader.chunks()).isEqualTo(3);
        assertThat(reader.chunk(0)).isEqualTo(Arrays.copyOf(plain, CHUNK_PLAIN));
        assertCorrupt(() -> reader.chunk(1));
        assertThat(reader.chunk(2)).isEmpty();
        assertThatThrownBy(() -> reader.chunk(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readsTheSameMessageFromAnotherCopy() throws IOException {
        byte[] plain = bytes(CHUNK_PLAIN + 9);
        byte[] message = Cobblestone.seal(KEY, CONTEXT, plain);
        CobblestoneReader reader = CobblestoneReader.open(KEY, CONTEXT, ByteSource.of(message));
        assertThat(reader.from(ByteSource.of(message.clone())).read(0, plain.length))
                .isEqualTo(plain);
        byte[] another = Cobblestone.seal(KEY, CONTEXT, plain);
        assertCorrupt(() -> reader.from(ByteSource.of(another)).read(0, 1));
        assertThatThrownBy(() -> reader.from(ByteSource.of(new byte[5]))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noFlippedBitOpens() {
        byte[] message = Cobblestone.seal(KEY, CONTEXT, bytes(40));
        for (int bit = 0; bit < 8 * message.length; bit++) {
            byte[] changed = message.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertCorrupt(() -> Cobblestone.open(KEY, CONTEXT, changed));
        }
    }

    @Test
    void noTruncationOpens() {
        byte[] small = Cobblestone.seal(KEY, CONTEXT, bytes(100));
        for (int length = 0; length < small.length; length++) {
            byte[] cut = Arrays.copyOf(small, length);
            assertCorrupt(() -> Cobblestone.open(KEY, CONTEXT, cut));
        }
        byte[] large = Cobblestone.seal(KEY, CONTEXT, bytes(2 * CHUNK_PLAIN));
        IntStream.range(0, large.length)
                .filter(length -> length % 211 == 0 || (length - PREFIX) % CHUNK_SEALED < 20)
                .forEach(length -> assertCorrupt(() -> Cobblestone.open(KEY, CONTEXT, Arrays.copyOf(large, length))));
    }

    @Test
    void noExtensionOpens() {
        for (int plain : new int[] {0, 100, CHUNK_PLAIN}) {
            byte[] message = Cobblestone.seal(KEY, CONTEXT, bytes(plain));
            for (int more : new int[] {1, 15, 16, 17, CHUNK_SEALED - 1, CHUNK_SEALED, CHUNK_SEALED + 16}) {
                byte[] longer = Arrays.copyOf(message, message.length + more);
                assertCorrupt(() -> Cobblestone.open(KEY, CONTEXT, longer));
            }
        }
    }

    @Test
    void chunksKeepTheirPlaces() {
        byte[] message = Cobblestone.seal(KEY, CONTEXT, bytes(3 * CHUNK_PLAIN + 1));
        byte[] swapped = message.clone();
        System.arraycopy(message, PREFIX, swapped, PREFIX + CHUNK_SEALED, CHUNK_SEALED);
        System.arraycopy(message, PREFIX + CHUNK_SEALED, swapped, PREFIX, CHUNK_SEALED);
        assertCorrupt(() -> Cobblestone.open(KEY, CONTEXT, swapped));
        byte[] cut = Arrays.copyOf(message, message.length - CHUNK_SEALED);
        assertCorrupt(() -> Cobblestone.open(KEY, CONTEXT, cut));
    }

    @Test
    void opensUnderItsOwnKeyAndContextOnly() {
        byte[] message = Cobblestone.seal(KEY, CONTEXT, bytes(10));
        assertCorrupt(() -> Cobblestone.open(Key32.random(new SecureRandom()), CONTEXT, message));
        assertCorrupt(() -> Cobblestone.open(KEY, new byte[0], message));
        assertCorrupt(() -> Cobblestone.open(KEY, "herE".getBytes(StandardCharsets.US_ASCII), message));
    }

    @Test
    void refusesImpossibleLengths() {
        for (long length : new long[] {-1, 0, 55, 56, 71, PREFIX + CHUNK_SEALED, PREFIX + CHUNK_SEALED + 15}) {
            assertCorrupt(() -> Cobblestone.plainSize(length));
        }
        assertThat(Cobblestone.plainSize(Cobblestone.messageSize(1L << 40))).isEqualTo(1L << 40);
    }

    @Test
    void warmsUp() {
        assertThatCode(Cobblestone::warmUp).doesNotThrowAnyException();
    }

    private static void assertCorrupt(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureKind.CORRUPT));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
