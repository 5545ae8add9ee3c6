package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.format.v1.Sha256;

/** That a tree grew out of a smaller one (RFC 6962 §2.1.2; checked as RFC 9162 §2.1.4.2 says). Stateless. */
final class ConsistencyProof {
    private ConsistencyProof() {}

    /**
     * The proof between the first {@code old} and the first {@code size} entries.
     *
     * @param old at most {@code size}
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if a tile is missing
     */
    static List<Sha256> of(Tiles tiles, long old, long size) throws IOException {
        List<Sha256> proof = new ArrayList<>();
        if (old > 0 && old < size) {
            add(new Subtrees(tiles, size), old, 0, size, true, proof);
        }
        return List.copyOf(proof);
    }

    /**
     * Whether the tiles agree with the checkpoint on what the tree was when it was smaller: else a tile is damaged, and says nothing of
     * whether somebody changed the log.
     *
     * @param old at most the checkpoint's size
     */
    static boolean isSound(Tiles tiles, long old, Checkpoint now) throws IOException {
        return verifies(old, new Subtrees(tiles, now.size()).root(old), now, of(tiles, old, now.size()));
    }

    /** SUBPROOF: of the subtree over {@code from} to {@code to}; {@code whole} if the smaller tree's root is known to be that of it. */
    private static void add(Subtrees tree, long old, long from, long to, boolean whole, List<Sha256> proof)
            throws IOException {
        if (old == to) {
            if (!whole) {
                proof.add(tree.hash(from, to));
            }
            return;
        }
        long middle = from + Long.highestOneBit(to - from - 1);
        if (old <= middle) {
            add(tree, old, from, middle, whole, proof);
            proof.add(tree.hash(middle, to));
        } else {
            add(tree, old, middle, to, false, proof);
            proof.add(tree.hash(from, middle));
        }
    }

    /** Whether the proof shows that {@code now} grew out of a tree of this size and root. */
    static boolean verifies(long old, Sha256 oldRoot, Checkpoint now, List<Sha256> proof) {
        if (old > now.size()) {
            return false;
        }
        if (old == now.size()) {
            return proof.isEmpty() && oldRoot.equals(now.root());
        }
        if (old == 0) {
            return proof.isEmpty();
        }
        List<Sha256> path = new ArrayList<>(proof);
        if (Long.bitCount(old) == 1) {
            path.add(0, oldRoot);
        }
        return !path.isEmpty() && folds(old - 1, now.size() - 1, path, oldRoot, now.root());
    }

    private static boolean folds(long first, long second, List<Sha256> path, Sha256 oldRoot, Sha256 root) {
        int low = Long.numberOfTrailingZeros(~first);
        long fn = first >>> low;
        long sn = second >>> low;
        Sha256 before = path.get(0);
        Sha256 after = path.get(0);
        for (Sha256 next : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                before = Merkle.node(next, before);
                after = Merkle.node(next, after);
                int zeros = fn == 0 ? 0 : Long.numberOfTrailingZeros(fn);
                fn >>>= zeros;
                sn >>>= zeros;
            } else {
                after = Merkle.node(after, next);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && before.equals(oldRoot) && after.equals(root);
    }
}
