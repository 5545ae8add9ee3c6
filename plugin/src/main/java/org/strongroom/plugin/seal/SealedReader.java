package org.strongroom.plugin.seal;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.BlockCodec;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.CobblestoneReader;
import org.strongroom.core.format.v1.HeadCodec;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;

/**
 * The plain bytes of one sealed file (format.md §3), at any position: only the blocks that a range touches are read and decoded,
 * adjacent ones with one read. The head is read without touching the body. Whatever does not open is CORRUPT. Keeps block table, a
 * short head and message keys once used, so that a second read is cheap: drop the reader when its key is shredded.
 * Thread-safe as far as its sources are.
 */
public final class SealedReader implements ByteSource {
    /** Longer heads are decoded again for each read. */
    private static final int KEPT_HEAD = 256 << 10;

    private final SealedHeader header;
    private final ByteSource headPiece;
    private final SealedBody body;
    private final Function<UUID, Key32> keys;
    private volatile byte[] head;

    private SealedReader(SealedHeader header, ByteSource headPiece, ByteSource bodyPiece, Function<UUID, Key32> keys) {
        this.header = header;
        this.headPiece = headPiece;
        this.keys = keys;
        this.body = new SealedBody(header, bodyPiece, this::key);
    }

    /**
     * Opens a sealed file; reads its header and nothing else.
     *
     * @param sealed the whole file, or at least its head piece if only the head will be read
     * @param installation whose file it must be
     * @param attachment which it must be, whatever the name it was found under
     * @param keys finds a key by its id or throws; asked when head or body is first opened
     * @throws StrongroomException CORRUPT if it is not a sealed file or another's
     */
    public static SealedReader open(ByteSource sealed, UUID installation, UUID attachment, Function<UUID, Key32> keys)
            throws IOException {
        SealedHeader header = readHeader(sealed);
        if (!header.installation().equals(installation) || !header.attachment().equals(attachment)) {
            throw corrupt("sealed file is not the one its name says")
                    .with("expected", attachment)
                    .with("found", header.attachment());
        }
        long headEnd = header.headPieceSize();
        if (sealed.size() < headEnd) {
            throw corrupt("sealed file is cut short").with("attachment", attachment);
        }
        return of(header, sealed.slice(0, headEnd), sealed.slice(headEnd, sealed.size() - headEnd), keys);
    }

    /**
     * A sealed file whose pieces lie in different places: a head kept here and a body fetched from a tier, or two ranges of a pack.
     *
     * @param header as the caller knows it, and whose names it has checked; what opens proves it
     * @param headPiece header and head message
     * @param bodyPiece the body message
     */
    public static SealedReader of(
            SealedHeader header, ByteSource headPiece, ByteSource bodyPiece, Function<UUID, Key32> keys) {
        return new SealedReader(header, headPiece, bodyPiece, keys);
    }

    /**
     * The header of a sealed file, as claimed: it is proven by opening head or body.
     *
     * @throws StrongroomException CORRUPT if it has none
     */
    public static SealedHeader readHeader(ByteSource sealed) throws IOException {
        if (sealed.size() < SealedHeader.FIXED_SIZE) {
            throw corrupt("sealed file is shorter than its header");
        }
        byte[] bytes = sealed.read(0, SealedHeader.FIXED_SIZE);
        int size = SealedHeader.sizeOf(bytes);
        if (size > bytes.length) {
            if (sealed.size() < size) {
                throw corrupt("sealed file is shorter than its header");
            }
            bytes = Arrays.copyOf(bytes, size);
            sealed.read(SealedHeader.FIXED_SIZE, bytes, SealedHeader.FIXED_SIZE, size - SealedHeader.FIXED_SIZE);
        }
        return SealedHeader.decode(bytes);
    }

    public SealedHeader header() {
        return header;
    }

    /** Bytes of the attachment as Orthanc gave it, as claimed: {@link #prove} before memory is made for them. */
    @Override
    public long size() {
        return header.plainSize();
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        Objects.checkFromIndexSize(targetOffset, length, target.length);
        copy(
                position,
                length,
                (at, bytes, offset, count) -> System.arraycopy(bytes, offset, target, targetOffset + (int) at, count));
    }

    /**
     * Gives {@code length} bytes from {@code position} on to {@code sink}, in pieces of at most 16 MiB (1 MiB if our own writer
     * sealed the file).
     *
     * @throws EOFException if the range leaves the attachment
     * @throws StrongroomException CORRUPT if something does not open; pieces already given were genuine
     */
    public void copy(long position, long length, PlainSink sink) throws IOException {
        if (position < 0 || length < 0 || position > size() - length) {
            throw new EOFException("range leaves the attachment");
        }
        long end = position + length;
        int headSize = header.headPlainSize();
        if (position < headSize && length > 0) {
            sink.accept(0, head(), (int) position, (int) (Math.min(end, headSize) - position));
        }
        // Nothing else proves an empty attachment than its empty body.
        if (end > headSize || size() == 0) {
            long from = Math.max(position, headSize);
            body.copy(from - headSize, end - headSize, from - position, sink);
        }
    }

    /**
     * The bytes before PixelData; empty if the attachment has no head. Reads nothing of the body, but for its first bytes if there is no
     * head. The caller must not change them.
     */
    public byte[] head() throws IOException {
        byte[] kept = head;
        if (kept != null) {
            return kept;
        }
        byte[] plain = openHead();
        if (plain.length <= KEPT_HEAD) {
            head = plain;
        }
        return plain;
    }

    private byte[] openHead() throws IOException {
        if (header.headPlainSize() == 0) {
            if (body.messageSize() > 0) {
                prove(); // that there is no head is a claim too
            }
            return new byte[0];
        }
        if (headPiece.size() != header.headPieceSize()) {
            throw corrupt("head piece has another length").with("attachment", header.attachment());
        }
        long size = header.headPieceSize();
        // One read of what may be far away; but a long one is not held beside what it opens to.
        ByteSource piece = size <= KEPT_HEAD ? ByteSource.of(headPiece.read(0, (int) size)) : headPiece;
        if (!SealedHeader.decode(piece.read(0, header.size())).equals(header)) {
            throw corrupt("head piece has another header").with("attachment", header.attachment());
        }
        ByteSource message = piece.slice(header.size(), size - header.size());
        CobblestoneReader opened = CobblestoneReader.open(key(), Contexts.head(header), message);
        byte[] plain = new byte[header.headPlainSize()];
        OpenDesk desk = OpenDesk.take();
        try {
            decodeHead(opened, plain, desk);
        } finally {
            desk.give();
        }
        return plain;
    }

    private void decodeHead(CobblestoneReader message, byte[] plain, OpenDesk desk) throws IOException {
        int length = header.headStoredSize();
        boolean isPlain = header.headCodec() == HeadCodec.STORE && length == plain.length;
        byte[] stored = isPlain ? plain : desk.stored(length);
        for (int at = 0; at < length; at += SealedBody.RUN) {
            message.read(at, stored, at, Math.min(SealedBody.RUN, length - at), desk::sealed);
        }
        if (!isPlain) {
            BlockCodec codec = header.headCodec() == HeadCodec.ZSTD ? BlockCodec.ZSTD : BlockCodec.STORE;
            desk.decoder.decode(codec, stored, 0, length, plain, 0, plain.length, null);
        }
    }

    /** How many chunks the body message has, at least 1. */
    public long bodyChunks() {
        return Cobblestone.plainSize(body.messageSize()) / Cobblestone.CHUNK_PLAIN + 1;
    }

    /**
     * Opens one chunk of the body message and nothing else of it but salt and commitment: the check behind a receipt.
     *
     * @param chunk 0 to {@link #bodyChunks()} − 1
     * @throws StrongroomException CORRUPT if it does not open
     */
    public void checkBodyChunk(long chunk) throws IOException {
        body.checkChunk(chunk);
    }

    /**
     * Returns only if the header is genuine, so that what it says of sizes may be believed: salt and commitment of the body
     * message bind every bit of it. Opens nothing.
     *
     * @throws StrongroomException CORRUPT if header and body do not belong together
     */
    public void prove() throws IOException {
        body.prove();
    }

    /** Opens and decodes everything; returns only if all of it is genuine. */
    public void verify() throws IOException {
        copy(0, size(), (position, bytes, offset, length) -> {});
        if (size() == header.headPlainSize()) {
            body.copy(0, 0, 0, (position, bytes, offset, length) -> {});
        }
    }

    private Key32 key() {
        return keys.apply(header.key());
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
