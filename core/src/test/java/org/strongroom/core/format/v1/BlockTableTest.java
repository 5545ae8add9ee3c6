package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

class BlockTableTest {
    private static final BlockTable THREE = new BlockTable.Builder()
            .add(BlockCodec.STORE, 12, 12)
            .add(BlockCodec.IMAGE, 1000, 300)
            .add(BlockCodec.ZSTD, 7, 6)
            .build();

    private static byte[] body(BlockTable table) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[(int) table.storedStart(table.blocks())]);
        out.writeBytes(table.encode());
        return out.toByteArray();
    }

    private static BlockTable read(byte[] body, long plainSize) throws IOException {
        return BlockTable.read(ByteSource.of(body), plainSize, true);
    }

    /** format.md §3.3, byte by byte. */
    @Test
    void hasTheBytesOfTheSpecification() {
        String expected =
                "00 0000000c 0000000c" + "02 000003e8 0000012c" + "01 00000007 00000006" + "00000003 424c4b31";
        assertThat(HexFormat.of().formatHex(THREE.encode())).isEqualTo(expected.replace(" ", ""));
    }

    @Test
    void comesBack() throws IOException {
        BlockTable table = read(body(THREE), 1019);
        assertThat(table.encode()).isEqualTo(THREE.encode());
        assertThat(table.codec(1)).isEqualTo(BlockCodec.IMAGE);
        assertThat(table.plainStart(1)).isEqualTo(12);
        assertThat(table.storedStart(2)).isEqualTo(312);
        assertThat(table.storedLength(2)).isEqualTo(6);
        assertThat(new long[] {0, 11, 12, 1011, 1012, 1018}).satisfies(positions -> assertThat(
                        Arrays.stream(positions).mapToInt(table::blockAt).toArray())
                .containsExactly(0, 0, 1, 1, 2, 2));
        assertThatThrownBy(() -> table.blockAt(1019)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void mayBeEmptyOrLong() throws IOException {
        assertThat(read(body(new BlockTable.Builder().build()), 0).blocks()).isZero();
        BlockTable.Builder builder = new BlockTable.Builder();
        for (int i = 0; i < 5000; i++) {
            builder.add(BlockCodec.STORE, 2, 2);
        }
        assertThat(read(body(builder.build()), 10_000).blocks()).isEqualTo(5000);
    }

    @Test
    void fitsItsBodyExactly() {
        assertCorrupt(body(THREE), 1018);
        assertCorrupt(body(THREE), 1020);
        byte[] body = body(THREE);
        assertCorrupt(Arrays.copyOfRange(body, 1, body.length), 1019);
        assertCorrupt(Arrays.copyOf(body, body.length - 1), 1019);
        assertCorrupt(new byte[7], 0);
        assertThatThrownBy(() -> BlockTable.read(ByteSource.of(body), 1019, false))
                .isInstanceOf(StrongroomException.class);
    }

    /** Who writes here has the key, but a reader must neither run out of memory nor leave its arrays. */
    @Test
    void noFlippedBitDoesMoreThanBeRefused() throws IOException {
        byte[] body = body(THREE);
        for (int bit = 8 * (body.length - THREE.encode().length); bit < 8 * body.length; bit++) {
            byte[] changed = body.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(read(changed, 1019).encode()).isNotEqualTo(THREE.encode());
            } catch (StrongroomException e) {
                assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            }
        }
    }

    @Test
    void hasNoImpossibleBlocks() {
        for (int[] wrong : new int[][] {{0, 0}, {1, 0}, {1, 2}, {-1, -1}, {BlockTable.MAX_BLOCK + 1, 5}}) {
            assertThatThrownBy(() -> new BlockTable.Builder().add(BlockCodec.ZSTD, wrong[0], wrong[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new BlockTable.Builder().add(BlockCodec.STORE, 5, 4))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertCorrupt(byte[] body, long plainSize) {
        assertThatThrownBy(() -> read(body, plainSize))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }
}
