package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class SealedHeaderTest {
    private static final ImageLayout CT = new ImageLayout(2, true, false, 1, 512);
    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static SealedHeader header(ImageLayout layout) {
        byte[] tag = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        return new SealedHeader(
                ID,
                new UUID(1, 2),
                new UUID(3, 4),
                new UUID(5, 6),
                new Tag16(tag),
                77,
                1,
                526_000,
                1_712,
                900,
                HeadCodec.ZSTD,
                layout);
    }

    /** format.md §3.1, byte by byte. */
    @Test
    void hasTheBytesOfTheSpecification() {
        String expected = "53545247 01 00 007c" + "00112233445566778899aabbccddeeff"
                + "00000000000000010000000000000002"
                + "00000000000000030000000000000004"
                + "00000000000000050000000000000006"
                + "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
                + "0000004d 00000001 00000000000806b0 000006b0 00000384 01 01 0008"
                + "02 01 0001 00000200";
        assertThat(HexFormat.of().formatHex(header(CT).encode())).isEqualTo(expected.replace(" ", ""));
    }

    @Test
    void comesBack() {
        for (ImageLayout layout : new ImageLayout[] {
            null, CT, new ImageLayout(1, false, false, 3, 1), new ImageLayout(4, true, true, 4, 65535)
        }) {
            SealedHeader header = header(layout);
            byte[] bytes = header.encode();
            assertThat(bytes).hasSize(header.size());
            assertThat(SealedHeader.sizeOf(bytes)).isEqualTo(bytes.length);
            assertThat(SealedHeader.decode(bytes)).isEqualTo(header);
            assertThat(SealedHeader.decode(Arrays.copyOf(bytes, 1000))).isEqualTo(header);
        }
    }

    @Test
    void everyFlippedBitIsRefusedOrSeen() {
        for (SealedHeader header : List.of(header(null), header(CT))) {
            byte[] bytes = header.encode();
            for (int bit = 0; bit < 8 * bytes.length; bit++) {
                byte[] changed = bytes.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                SealedHeader decoded;
                try {
                    decoded = SealedHeader.decode(changed);
                } catch (StrongroomException e) {
                    assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
                    continue;
                }
                assertThat(decoded).as("bit %d", bit).isNotEqualTo(header);
                assertThat(decoded.encode()).as("bit %d", bit).isEqualTo(changed);
            }
        }
    }

    @Test
    void noTruncationIsRead() {
        byte[] bytes = header(CT).encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> SealedHeader.decode(cut))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        }
    }

    @Test
    void knowsWhereItsPiecesAre() {
        SealedHeader header = header(CT);
        assertThat(header.headMessageSize()).isEqualTo(Cobblestone.messageSize(900));
        assertThat(header.headPieceSize()).isEqualTo(124 + Cobblestone.messageSize(900));
        assertThat(header.bodyPlainSize()).isEqualTo(526_000 - 1_712);
        SealedHeader headless = new SealedHeader(ID, ID, ID, ID, Tag16.NONE, 0, 0, 10, 0, 0, HeadCodec.STORE, null);
        assertThat(headless.headPieceSize()).isEqualTo(SealedHeader.FIXED_SIZE);
    }

    @Test
    void cannotBeImpossible() {
        IntFunction<SealedHeader> withHead =
                head -> new SealedHeader(ID, ID, ID, ID, Tag16.NONE, 0, 0, 100, head, 0, HeadCodec.STORE, null);
        assertThatThrownBy(() -> withHead.apply(101)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> withHead.apply(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SealedHeader(ID, ID, ID, ID, Tag16.NONE, 0, 0, 100, 10, 11, HeadCodec.ZSTD, null))
                .isInstanceOf(IllegalArgumentException.class);
        int tooLong = SealedHeader.MAX_HEAD_SIZE + 1;
        assertThatThrownBy(() ->
                        new SealedHeader(ID, ID, ID, ID, Tag16.NONE, 0, 0, tooLong, tooLong, 1, HeadCodec.ZSTD, null))
                .isInstanceOf(IllegalArgumentException.class);
        for (int[] wrong : new int[][] {{3, 1, 1}, {0, 1, 1}, {2, 0, 1}, {2, 5, 1}, {2, 1, 0}, {2, 1, 65536}}) {
            assertThatThrownBy(() -> new ImageLayout(wrong[0], false, false, wrong[1], wrong[2]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Tag16(new byte[15])).isInstanceOf(IllegalArgumentException.class);
    }
}
