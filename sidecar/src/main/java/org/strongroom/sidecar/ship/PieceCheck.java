package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.Md5;

/**
 * Compares what is about to be sent with the digests of the plan: a disk that forgot a bit must not become a copy. Keeps 256 KiB,
 * however large the parts are. For one thread.
 */
final class PieceCheck {
    private static final int BUFFER = 256 * 1024;

    private final ByteSource source;
    private final List<Piece> pieces = new ArrayList<>();
    private final byte[] buffer = new byte[BUFFER];
    private MessageDigest digest = Sha256.digest();
    private int piece;
    private long position;

    private record Piece(long start, long end, Sha256 digest, PackMember member) {}

    PieceCheck(PackLayout layout, ByteSource source) {
        this.source = source;
        List<PackMember> members = layout.index().members();
        members.forEach(member -> add(member.bodyOffset(), member.bodyLength(), member.bodyDigest(), member));
        members.forEach(member -> add(member.headOffset(), member.headLength(), member.headDigest(), member));
    }

    private void add(long start, long length, Sha256 expected, PackMember member) {
        pieces.add(new Piece(start, start + length, expected, member));
    }

    /**
     * Reads a part and checks every piece that ends in it, with the bytes of it that lie before. Parts come in their order; some
     * may be left out.
     *
     * @return the part's MD5
     * @throws SourceException CORRUPT if a piece is not that of the plan
     */
    byte[] check(long offset, long length) throws IOException {
        if (position != offset) {
            skipTo(offset);
        }
        MessageDigest md5 = Md5.digest();
        for (long end = offset + length; position < end; ) {
            int count = (int) Math.min(buffer.length, end - position);
            source.read(position, buffer, 0, count);
            md5.update(buffer, 0, count);
            pass(count);
        }
        return md5.digest();
    }

    /** Begins with the piece that goes on at {@code offset}; what of it lies before is read again. */
    private void skipTo(long offset) throws IOException {
        piece = 0;
        while (piece < pieces.size() && pieces.get(piece).end <= offset) {
            piece++;
        }
        digest = Sha256.digest();
        position = piece < pieces.size() ? Math.min(offset, pieces.get(piece).start) : offset;
        while (position < offset) {
            int count = (int) Math.min(buffer.length, offset - position);
            source.read(position, buffer, 0, count);
            pass(count);
        }
    }

    /** Takes the first bytes of the buffer, which are those from the position on. */
    private void pass(int count) throws SourceException {
        long end = position + count;
        while (position < end) {
            if (piece == pieces.size() || pieces.get(piece).start >= end) {
                position = end; // prologue, index and footer, which the plan itself makes
                return;
            }
            Piece now = pieces.get(piece);
            int from = count - (int) (end - Math.max(position, now.start));
            int to = count - (int) (end - Math.min(end, now.end));
            digest.update(buffer, from, to - from);
            position = Math.min(end, now.end);
            if (position == now.end) {
                finish(now);
            }
        }
    }

    private void finish(Piece done) throws SourceException {
        if (!new Sha256(digest.digest()).equals(done.digest)) {
            throw new SourceException(
                    StrongroomException.of(FailureKind.CORRUPT, "a sealed file changed after its pack was planned")
                            .with("attachment", done.member.header().attachment())
                            .cure("Restore the file from a backup; its pack is not shipped"));
        }
        digest = Sha256.digest();
        piece++;
    }
}
