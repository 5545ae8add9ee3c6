package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class PackLayoutTest {
    private static final UUID PACK = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    private static final UUID INSTALLATION = new UUID(1, 2);
    private static final UUID TENANT = new UUID(3, 4);
    private static final UUID KEY = new UUID(5, 6);

    private static SealedHeader header(int number, UUID key, ImageLayout layout) {
        return new SealedHeader(
                INSTALLATION,
                new UUID(0xa, number),
                TENANT,
                key,
                new Tag16("sixteen byte tag".getBytes(StandardCharsets.US_ASCII)),
                number,
                1,
                1000,
                300,
                200,
                HeadCodec.ZSTD,
                layout);
    }

    private static PackLayout.Piece piece(int number, long bodyLength, ImageLayout layout) {
        return new PackLayout.Piece(
                header(number, KEY, layout), bodyLength, Sha256.of(new byte[] {(byte) number}), Sha256.of(new byte[] {
                    (byte) -number
                }));
    }

    private static PackLayout layout() {
        return PackLayout.of(PACK, List.of(piece(1, 500, null), piece(2, 80, new ImageLayout(2, true, false, 1, 512))));
    }

    @Test
    void places_bodies_then_heads_then_index_and_footer() {
        PackLayout layout = layout();
        PackMember first = layout.index().members().get(0);
        PackMember second = layout.index().members().get(1);
        assertThat(first.bodyOffset()).isEqualTo(76);
        assertThat(second.bodyOffset()).isEqualTo(576);
        assertThat(layout.headsOffset()).isEqualTo(656);
        assertThat(first.headLength()).isEqualTo(116 + 56 + 200 + 16);
        assertThat(second.headOffset()).isEqualTo(656 + 388);
        assertThat(layout.footer().indexOffset()).isEqualTo(656 + 388 + 396);
        assertThat(layout.size())
                .isEqualTo(layout.footer().indexOffset() + layout.index().encode().length + 64);
    }

    @Test
    void writes_the_golden_bytes() {
        PackLayout layout = layout();
        assertThat(HexFormat.of().formatHex(layout.prologue().encode()))
                .isEqualTo("535452500100004c0102030405060708090a0b0c0d0e0f10"
                        + "00000000000000010000000000000002" + "00000000000000030000000000000004"
                        + "00000000000000050000000000000006" + "00000002");
        assertThat(Sha256.of(layout.index().encode()).toString())
                .isEqualTo("7c3f3f30d55d5ec234e8d7f7510d0c0a63945a1c30eb8e6c7946a4b299a8458e");
        assertThat(HexFormat.of().formatHex(layout.footer().encode()))
                .isEqualTo("00000000000005a0" + "00000000000001b4"
                        + layout.footer().digest() + "0000000000000794" + "00000001" + "53545245");
        assertThat(layout.footer().digest())
                .isEqualTo(Sha256.of(layout.prologue().encode(), layout.index().encode()));
    }

    @Test
    void comes_back_from_its_bytes() {
        PackLayout layout = layout();
        assertThat(PackLayout.decode(
                        layout.prologue().encode(),
                        layout.index().encode(),
                        layout.footer().encode()))
                .isEqualTo(layout);
    }

    @Test
    void refuses_every_flipped_bit_and_every_truncation() {
        PackLayout layout = layout();
        byte[][] parts = {
            layout.prologue().encode(), layout.index().encode(), layout.footer().encode()
        };
        for (int part = 0; part < parts.length; part++) {
            for (int bit = 0; bit < parts[part].length * 8; bit++) {
                byte[][] damaged = parts.clone();
                damaged[part] = parts[part].clone();
                damaged[part][bit / 8] ^= (byte) (1 << (bit % 8));
                assertCorrupt(damaged, "part " + part + " bit " + bit);
            }
            for (int length = 0; length < parts[part].length; length++) {
                byte[][] damaged = parts.clone();
                damaged[part] = Arrays.copyOf(parts[part], length);
                assertCorrupt(damaged, "part " + part + " cut to " + length);
            }
            byte[][] damaged = parts.clone();
            damaged[part] = Arrays.copyOf(parts[part], parts[part].length + 1);
            assertCorrupt(damaged, "part " + part + " with a byte more");
        }
    }

    private static void assertCorrupt(byte[][] parts, String what) {
        assertThatThrownBy(() -> PackLayout.decode(parts[0], parts[1], parts[2]))
                .as(what)
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }

    @Test
    void refuses_plans_that_mix_keys_or_repeat_an_attachment() {
        PackLayout.Piece stranger = new PackLayout.Piece(header(2, new UUID(7, 8), null), 80, Sha256.of(), Sha256.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackLayout.of(PACK, List.of(piece(1, 80, null), stranger)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackLayout.of(PACK, List.of(piece(1, 80, null), piece(1, 80, null))));
        assertThatIllegalArgumentException().isThrownBy(() -> PackLayout.of(PACK, List.of()));
    }

    @Test
    void refuses_a_footer_of_another_pack() {
        PackLayout layout = layout();
        PackLayout other = PackLayout.of(new UUID(9, 9), List.of(piece(1, 500, null), piece(3, 80, null)));
        assertCorrupt(
                new byte[][] {
                    layout.prologue().encode(),
                    layout.index().encode(),
                    other.footer().encode()
                },
                "foreign footer");
    }
}
