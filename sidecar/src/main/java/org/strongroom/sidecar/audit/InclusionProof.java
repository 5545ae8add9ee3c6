package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/**
 * That an entry is in the log, for somebody who has nothing but the entry and the verifier key: a C2SP tlog-proof. Immutable.
 *
 * @param index of the entry
 * @param entry its bytes: the leaf
 * @param text the proof, with the signed checkpoint
 */
public record InclusionProof(long index, String entry, String text) {
    static final String VERSION = "c2sp.org/tlog-proof@v1";

    /** @throws StrongroomException CORRUPT if the tiles do not prove it */
    static InclusionProof of(Tiles tiles, NoteKey key, long index, byte[] entry) throws IOException {
        byte[] note = tiles.read(AuditLog.CHECKPOINT).orElseThrow(InclusionProof::unproved);
        Checkpoint checkpoint = LogReader.open(note, key);
        Subtrees tree = new Subtrees(tiles, checkpoint.size());
        List<Sha256> path = new ArrayList<>();
        Sha256 root = path(tree, index, 0, checkpoint.size(), Merkle.leaf(entry), path);
        if (!root.equals(checkpoint.root())) {
            throw unproved();
        }
        StringBuilder text =
                new StringBuilder(VERSION).append("\nindex ").append(index).append('\n');
        path.forEach(hash ->
                text.append(Base64.getEncoder().encodeToString(hash.toBytes())).append('\n'));
        text.append('\n').append(new String(note, StandardCharsets.UTF_8));
        return new InclusionProof(index, new String(entry, StandardCharsets.UTF_8), text.toString());
    }

    private static StrongroomException unproved() {
        return StrongroomException.of(FailureKind.CORRUPT, "the audit log does not prove this entry")
                .cure("Run \"strongroom audit verify\": it names the first entry that is wrong");
    }

    /** Adds the audit path of a leaf in the subtree over entries {@code from} to {@code to}, and returns that subtree's root. */
    private static Sha256 path(Subtrees tree, long index, long from, long to, Sha256 leaf, List<Sha256> path)
            throws IOException {
        if (to - from == 1) {
            return leaf;
        }
        long middle = from + Long.highestOneBit(to - from - 1);
        if (index < middle) {
            Sha256 left = path(tree, index, from, middle, leaf, path);
            Sha256 right = tree.hash(middle, to);
            path.add(right);
            return Merkle.node(left, right);
        }
        Sha256 right = path(tree, index, middle, to, leaf, path);
        Sha256 left = tree.hash(from, middle);
        path.add(left);
        return Merkle.node(left, right);
    }
}
