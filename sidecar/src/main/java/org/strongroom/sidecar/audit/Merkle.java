package org.strongroom.sidecar.audit;

import java.security.MessageDigest;
import java.util.List;
import org.strongroom.core.format.v1.Sha256;

/** The hashes of RFC 6962 §2.1. Stateless. */
final class Merkle {
    private Merkle() {}

    /** The root of the empty tree. */
    static Sha256 empty() {
        return Sha256.of();
    }

    static Sha256 leaf(byte[] entry) {
        MessageDigest digest = Sha256.digest();
        digest.update((byte) 0);
        return new Sha256(digest.digest(entry));
    }

    static Sha256 node(Sha256 left, Sha256 right) {
        MessageDigest digest = Sha256.digest();
        digest.update((byte) 1);
        digest.update(left.toBytes());
        return new Sha256(digest.digest(right.toBytes()));
    }

    /** The root over hashes of complete subtrees of one size; at least one. */
    static Sha256 root(List<Sha256> hashes) {
        if (hashes.size() == 1) {
            return hashes.get(0);
        }
        int left = Integer.highestOneBit(hashes.size() - 1);
        return node(root(hashes.subList(0, left)), root(hashes.subList(left, hashes.size())));
    }
}
