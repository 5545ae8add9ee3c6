package org.strongroom.sidecar.pack;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.ByteSource;

/** Reads a sealed file once for the digests of its two pieces. */
final class PieceDigests {
    private static final int BUFFER = 256 * 1024;

    private PieceDigests() {}

    /**
     * The file as a piece of a plan.
     *
     * @throws StrongroomException CORRUPT if it is not what the ledger says
     */
    static PackLayout.Piece of(ByteSource file, SealedHeader header, long bytes) throws IOException {
        byte[] encoded = header.encode();
        if (file.size() != bytes || !Arrays.equals(file.read(0, encoded.length), encoded)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a sealed file changed after it was stored")
                    .with("attachment", header.attachment());
        }
        long head = header.headPieceSize();
        Sha256 headDigest = digest(file, 0, head);
        return new PackLayout.Piece(header, bytes - head, digest(file, head, bytes - head), headDigest);
    }

    private static Sha256 digest(ByteSource file, long from, long length) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[(int) Math.min(BUFFER, length)];
        long at = from;
        long end = from + length;
        while (at < end) {
            int count = (int) Math.min(buffer.length, end - at);
            file.read(at, buffer, 0, count);
            digest.update(buffer, 0, count);
            at += count;
        }
        return new Sha256(digest.digest());
    }
}
