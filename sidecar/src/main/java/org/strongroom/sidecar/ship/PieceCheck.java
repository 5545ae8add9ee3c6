package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.security.MessageDigest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.ByteSource;

/** Compares what is about to be sent with the digests of the plan: a disk that forgot a bit must not become a copy. */
final class PieceCheck {
    private static final int BUFFER = 256 * 1024;

    private final PackLayout layout;
    private final ByteSource source;

    PieceCheck(PackLayout layout, ByteSource source) {
        this.layout = layout;
        this.source = source;
    }

    /**
     * Checks every piece that ends within {@code part}.
     *
     * @param offset where {@code part} starts in the pack
     * @throws StrongroomException CORRUPT if a piece is not that of the plan
     */
    void check(byte[] part, int length, long offset) throws IOException {
        for (PackMember member : layout.index().members()) {
            check(part, length, offset, member.bodyOffset(), member.bodyLength(), member.bodyDigest(), member);
            check(part, length, offset, member.headOffset(), member.headLength(), member.headDigest(), member);
        }
    }

    private void check(byte[] part, int length, long offset, long start, long size, Sha256 expected, PackMember member)
            throws IOException {
        long end = start + size;
        if (end <= offset || end > offset + length) {
            return;
        }
        MessageDigest digest = Sha256.digest();
        for (long at = start; at < Math.min(offset, end); ) {
            byte[] before = source.read(at, (int) Math.min(BUFFER, offset - at));
            digest.update(before);
            at += before.length;
        }
        int from = (int) Math.max(0, start - offset);
        digest.update(part, from, (int) (end - offset) - from);
        if (!new Sha256(digest.digest()).equals(expected)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a sealed file changed after its pack was planned")
                    .with("attachment", member.header().attachment())
                    .cure("Restore the file from a backup; its pack is not shipped");
        }
    }
}
