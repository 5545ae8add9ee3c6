package org.strongroom.plugin.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.BlockTable;
import org.strongroom.core.format.v1.CobblestoneReader;
import org.strongroom.core.format.v1.ImageLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.codec.PixelData;
import org.strongroom.plugin.seal.Sealing.Shape;

/** Files that version 1 wrote. They are never made again: whatever changes, they must open. */
class GoldenFileTest {
    private static final ImageLayout LAYOUT = new ImageLayout(2, true, false, 1, 40);

    /** What was sealed: a head, an element header, three frames of 20 rows, a trailer; integers only, so that it is the same everywhere. */
    static Shape attachment() {
        int pixelStart = 300 + 12;
        int pixelBytes = 3 * 20 * LAYOUT.rowBytes();
        byte[] plain = new byte[pixelStart + pixelBytes + 600];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (i % 50);
        }
        for (int i = 0; i < 12; i++) {
            plain[300 + i] = (byte) (i * 77);
        }
        for (int i = 0; i < pixelBytes / 2; i++) {
            int x = i % 40;
            int y = i / 40;
            int value = x * y - 1000 + (x * 31 + y * 17) % 7;
            plain[pixelStart + 2 * i] = (byte) value;
            plain[pixelStart + 2 * i + 1] = (byte) (value >> 8);
        }
        return new Shape("golden", plain, 300, new PixelData(pixelStart, pixelBytes, 20L * LAYOUT.rowBytes(), LAYOUT));
    }

    /** What the file of a sorted block holds: 300 rows of the same kind, in one block. */
    static Shape large() {
        byte[] plain = new byte[300 * LAYOUT.rowBytes()];
        for (int i = 0; i < plain.length / 2; i++) {
            int x = i % 40;
            int y = i / 40;
            int value = x * y - 1000 + x * y / 40 * 31 % (1 + y / 10);
            plain[2 * i] = (byte) value;
            plain[2 * i + 1] = (byte) (value >> 8);
        }
        return new Shape("large", plain, 0, new PixelData(0, plain.length, plain.length, LAYOUT));
    }

    private static byte[] golden(EncodeEffort effort) throws IOException {
        return golden(effort.name());
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = GoldenFileTest.class.getResourceAsStream("sealed-v1-" + name + ".strg")) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({"IMAGE, IMAGE", "SHUFFLE, SHUFFLE", "ZSTD, ZSTD"})
    void opens(EncodeEffort effort, BlockCodec codec) throws IOException {
        assertThat(opened(golden(effort), attachment())).containsExactly(BlockCodec.STORE, codec, BlockCodec.ZSTD);
    }

    @Test
    void aSortedOneOpens() throws IOException {
        assertThat(opened(golden("SORTED"), large())).containsExactly(BlockCodec.SORTED);
    }

    private static List<BlockCodec> opened(byte[] sealed, Shape shape) throws IOException {
        byte[] plain = shape.plain();
        SealedReader reader = Sealing.open(ByteSource.of(sealed));
        assertThat(reader.read(0, plain.length)).isEqualTo(plain);
        SealedHeader header = reader.header();
        long bodyStart = header.headPieceSize();
        CobblestoneReader body = CobblestoneReader.open(
                Sealing.KEY, Contexts.body(header), ByteSource.of(sealed).slice(bodyStart, sealed.length - bodyStart));
        BlockTable table = BlockTable.read(body, header.bodyPlainSize(), true);
        List<BlockCodec> codecs = new ArrayList<>();
        for (int block = 0; block < table.blocks(); block++) {
            codecs.add(table.codec(block));
        }
        return codecs;
    }

    /** The writer still makes what version 1 made; the zstd frames inside may differ in length from one zstd to the next. */
    @Test
    void isWrittenTheSameWay() throws IOException {
        SealedHeader then = SealedReader.readHeader(ByteSource.of(golden(EncodeEffort.IMAGE)));
        SealedHeader now = SealedReader.readHeader(ByteSource.of(Sealing.seal(attachment())));
        assertThat(now.encode()).startsWith(Arrays.copyOf(then.encode(), 108));
        assertThat(now.imageLayout()).isEqualTo(then.imageLayout());
    }
}
