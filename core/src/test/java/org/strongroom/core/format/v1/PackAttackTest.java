package org.strongroom.core.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/** Whatever is done to a pack: each member opens bit for bit, or does not open. */
class PackAttackTest {
    private static final SmallPack SMALL = SmallPack.ofThree();
    private static final byte[] PACK = SMALL.toBytes();
    private static final String SHUT = "does not open";
    private static final List<String> OPENED =
            SMALL.plain().stream().map(HexFormat.of()::formatHex).toList();

    @Test
    void everyMemberOpens() {
        assertThat(open(PACK)).isEqualTo(OPENED);
    }

    @Test
    void noFlippedBitIsServed() {
        for (int bit = 0; bit < 8 * PACK.length; bit++) {
            byte[] changed = PACK.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            List<String> opened = open(changed);
            assertThat(opened).as("bit %d", bit).isNotEqualTo(OPENED);
            for (int i = 0; i < opened.size(); i++) {
                assertThat(opened.get(i)).as("bit %d", bit).isIn(SHUT, OPENED.get(i));
            }
        }
    }

    @Test
    void noTruncationAndNoExtensionIsAPack() {
        for (int length = 0; length < PACK.length + 40; length++) {
            if (length != PACK.length) {
                byte[] changed = Arrays.copyOf(PACK, length);
                assertThat(open(changed)).as("length %d", length).isEmpty();
            }
        }
    }

    @Test
    void noByteLessAndNoByteMoreAnywhereIsAPack() {
        for (int at = 0; at < PACK.length; at++) {
            byte[] less = new byte[PACK.length - 1];
            System.arraycopy(PACK, 0, less, 0, at);
            System.arraycopy(PACK, at + 1, less, at, less.length - at);
            assertThat(open(less)).as("without byte %d", at).isEmpty();
            byte[] more = new byte[PACK.length + 1];
            System.arraycopy(PACK, 0, more, 0, at);
            System.arraycopy(PACK, at, more, at + 1, PACK.length - at);
            assertThat(open(more)).as("with a byte at %d", at).isEmpty();
        }
    }

    @Test
    void swappedMembersDoNotOpen() throws IOException {
        // Two members whose pieces change places, under an index that is right for what is there.
        SmallPack twins = new SmallPack().add(new byte[100], 20, null).add(new byte[100], 20, null);
        byte[] pack = twins.toBytes();
        List<PackMember> both =
                PackReader.open(ByteSource.of(pack)).layout().index().members();
        byte[] swapped = pack.clone();
        swap(
                swapped,
                both.get(0).bodyOffset(),
                both.get(1).bodyOffset(),
                both.get(0).bodyLength());
        assertThat(open(swapped)).containsExactly(SHUT, SHUT);
        byte[] heads = pack.clone();
        swap(
                heads,
                both.get(0).headOffset(),
                both.get(1).headOffset(),
                both.get(0).headLength());
        assertThat(open(heads)).containsExactly(SHUT, SHUT);
    }

    /** Also the only way to play an old image in place of the one that overwrote it: each has a uuid of its own. */
    @Test
    void membersThatTookEachOthersNamesDoNotOpen() throws IOException {
        // Index, digests and headers all agree: whoever writes them needs no key.
        SmallPack twins = new SmallPack().add(new byte[100], 20, null).add(new byte[100], 20, null);
        List<String> opened =
                twins.plain().stream().map(HexFormat.of()::formatHex).toList();
        PackReader reader = PackReader.open(ByteSource.of(twins.toBytes()));
        List<PackMember> both = reader.layout().index().members();
        assertThat(open(packed(reader, both.get(0).header(), both.get(1).header())))
                .containsExactlyElementsOf(opened);
        assertThat(open(packed(
                        reader,
                        named(both.get(0).header(), both.get(1).header().attachment()),
                        named(both.get(1).header(), both.get(0).header().attachment()))))
                .containsExactly(SHUT, SHUT);
    }

    private static SealedHeader named(SealedHeader header, UUID attachment) {
        return new SealedHeader(
                header.installation(),
                attachment,
                header.tenant(),
                header.key(),
                header.seriesTag(),
                header.order(),
                header.contentType(),
                header.plainSize(),
                header.headPlainSize(),
                header.headStoredSize(),
                header.headCodec(),
                header.imageLayout());
    }

    /** The members of a pack under other headers. */
    private static byte[] packed(PackReader from, SealedHeader... headers) throws IOException {
        List<PackLayout.Piece> pieces = new ArrayList<>();
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        ByteArrayOutputStream heads = new ByteArrayOutputStream();
        for (SealedHeader header : headers) {
            PackMember member = from.layout().index().members().get(pieces.size());
            ByteSource sealed = from.sealedFile(member);
            byte[] head = sealed.read(0, (int) header.headPieceSize());
            System.arraycopy(header.encode(), 0, head, 0, header.size());
            byte[] body = sealed.read(head.length, (int) sealed.size() - head.length);
            pieces.add(new PackLayout.Piece(header, body.length, Sha256.of(body), Sha256.of(head)));
            heads.writeBytes(head);
            bodies.writeBytes(body);
        }
        PackLayout layout = PackLayout.of(SmallPack.PACK, pieces);
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.writeBytes(layout.prologue().encode());
        pack.writeBytes(bodies.toByteArray());
        pack.writeBytes(heads.toByteArray());
        pack.writeBytes(layout.index().encode());
        pack.writeBytes(layout.footer().encode());
        return pack.toByteArray();
    }

    private static void swap(byte[] bytes, long one, long other, long length) {
        byte[] kept = Arrays.copyOfRange(bytes, (int) one, (int) (one + length));
        System.arraycopy(bytes, (int) other, bytes, (int) one, (int) length);
        System.arraycopy(kept, 0, bytes, (int) other, (int) length);
    }

    /** The members in hex, as far as they open; nothing if it is no pack. */
    private static List<String> open(byte[] pack) {
        List<String> opened = new ArrayList<>();
        try {
            PackReader reader = PackReader.open(ByteSource.of(pack));
            for (PackMember member : reader.layout().index().members()) {
                opened.add(open(reader.sealedFile(member), member.header()));
            }
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
        } catch (IOException e) {
            fail(e);
        }
        return opened;
    }

    private static String open(ByteSource sealed, SealedHeader indexed) throws IOException {
        try {
            byte[] piece = sealed.read(0, (int) indexed.headPieceSize());
            SealedHeader header = SealedHeader.decode(piece);
            if (!header.equals(indexed)) {
                return SHUT;
            }
            byte[] plain = new byte[(int) header.plainSize()];
            if (header.headPlainSize() > 0) {
                byte[] message = Arrays.copyOfRange(piece, header.size(), piece.length);
                byte[] head = Cobblestone.open(SmallPack.KEY, SmallPack.context(header, "head"), message);
                System.arraycopy(head, 0, plain, 0, head.length);
            }
            byte[] body = Cobblestone.open(
                    SmallPack.KEY,
                    SmallPack.context(header, "body"),
                    sealed.read(piece.length, (int) sealed.size() - piece.length));
            BlockTable table =
                    BlockTable.read(ByteSource.of(body), header.bodyPlainSize(), header.imageLayout() != null);
            System.arraycopy(body, 0, plain, header.headPlainSize(), (int) table.plainStart(table.blocks()));
            return HexFormat.of().formatHex(plain);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
            return SHUT;
        }
    }
}
