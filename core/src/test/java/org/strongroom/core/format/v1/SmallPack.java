package org.strongroom.core.format.v1;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.secret.Key32;

/** A pack of small sealed files whose blocks are stored, under fixed ids, key and salt: the same bytes each time. */
final class SmallPack {
    static final UUID PACK = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    static final UUID INSTALLATION = new UUID(1, 2);
    static final Key32 KEY = Key32.of("thirty-two bytes of a fixed key.".getBytes(StandardCharsets.US_ASCII));
    private static final FixedRandom RANDOM = new FixedRandom(new byte[] {7, 1, 3});

    private final List<PackLayout.Piece> pieces = new ArrayList<>();
    private final List<byte[]> plain = new ArrayList<>();
    private final ByteArrayOutputStream bodies = new ByteArrayOutputStream();
    private final ByteArrayOutputStream heads = new ByteArrayOutputStream();

    /** Adds a sealed file: {@code head} bytes of it are the head. */
    SmallPack add(byte[] content, int head, ImageLayout layout) {
        SealedHeader header = new SealedHeader(
                INSTALLATION,
                new UUID(0xa, pieces.size()),
                new UUID(3, 4),
                new UUID(5, 6),
                Tag16.NONE,
                pieces.size(),
                1,
                content.length,
                head,
                head,
                HeadCodec.STORE,
                layout);
        byte[] headPiece = headPiece(header, Arrays.copyOf(content, head));
        byte[] body = Cobblestone.seal(
                KEY, context(header, "body"), body(Arrays.copyOfRange(content, head, content.length)), RANDOM);
        pieces.add(new PackLayout.Piece(header, body.length, Sha256.of(body), Sha256.of(headPiece)));
        bodies.writeBytes(body);
        heads.writeBytes(headPiece);
        plain.add(content);
        return this;
    }

    private static byte[] headPiece(SealedHeader header, byte[] head) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        piece.writeBytes(header.encode());
        if (head.length > 0) {
            piece.writeBytes(Cobblestone.seal(KEY, context(header, "head"), head, RANDOM));
        }
        return piece.toByteArray();
    }

    private static byte[] body(byte[] content) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(content);
        BlockTable.Builder table = new BlockTable.Builder();
        if (content.length > 0) {
            table.add(BlockCodec.STORE, content.length, content.length);
        }
        body.writeBytes(table.build().encode());
        return body.toByteArray();
    }

    static byte[] context(SealedHeader header, String piece) {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        context.writeBytes(header.encode());
        context.writeBytes(piece.getBytes(StandardCharsets.US_ASCII));
        return context.toByteArray();
    }

    /** What was added. */
    List<byte[]> plain() {
        return plain;
    }

    byte[] toBytes() {
        PackLayout layout = PackLayout.of(PACK, pieces);
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.writeBytes(layout.prologue().encode());
        pack.writeBytes(bodies.toByteArray());
        pack.writeBytes(heads.toByteArray());
        pack.writeBytes(layout.index().encode());
        pack.writeBytes(layout.footer().encode());
        return pack.toByteArray();
    }

    /** Two images with heads, and an empty attachment. */
    static SmallPack ofThree() {
        return new SmallPack()
                .add("head of the first, then its body".getBytes(StandardCharsets.US_ASCII), 17, null)
                .add(
                        "head two; rows and rows".getBytes(StandardCharsets.US_ASCII),
                        9,
                        new ImageLayout(1, false, false, 1, 4))
                .add(new byte[0], 0, null);
    }
}
