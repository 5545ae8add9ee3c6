package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.strongroom.core.format.v1.Sha256;

/** Of every size to every size, also across tiles; and nothing else is a proof. */
class ConsistencyProofTest {
    private static final int[] SIZES = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 255, 256, 257, 300, 511, 512, 513, 600
    };

    private final List<Sha256> leaves = new ArrayList<>();

    ConsistencyProofTest() {
        for (int i = 0; i < 600; i++) {
            leaves.add(Merkle.leaf(("entry " + i).getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void everySizeGrewOutOfEverySmallerOne() throws Exception {
        for (int size : SIZES) {
            Tiles tiles = tiles(size);
            Checkpoint now = new Checkpoint("log", size, root(size));
            for (int old : SIZES) {
                if (old <= size) {
                    List<Sha256> proof = ConsistencyProof.of(tiles, old, size);
                    assertThat(ConsistencyProof.verifies(old, root(old), now, proof))
                            .as(old + " of " + size)
                            .isTrue();
                    refusesOthers(old, now, proof);
                }
            }
            assertThat(ConsistencyProof.verifies(size + 1, root(size), now, List.of()))
                    .isFalse();
        }
    }

    private void refusesOthers(int old, Checkpoint now, List<Sha256> proof) {
        Sha256 other = Merkle.leaf(new byte[] {1, 2, 3});
        if (old > 0) {
            assertThat(ConsistencyProof.verifies(old, other, now, proof)).isFalse();
            assertThat(ConsistencyProof.verifies(old, root(old), new Checkpoint("log", now.size(), other), proof))
                    .isFalse();
        }
        List<Sha256> longer = new ArrayList<>(proof);
        longer.add(other);
        assertThat(ConsistencyProof.verifies(old, root(old), now, longer)).isFalse();
        for (int at = 0; at < proof.size(); at++) {
            List<Sha256> changed = new ArrayList<>(proof);
            changed.set(at, other);
            assertThat(ConsistencyProof.verifies(old, root(old), now, changed)).isFalse();
            changed.remove(at);
            assertThat(ConsistencyProof.verifies(old, root(old), now, changed)).isFalse();
        }
    }

    private Sha256 root(int size) {
        return size == 0 ? Merkle.empty() : Merkle.root(leaves.subList(0, size));
    }

    private Tiles tiles(int size) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        Edge edge = new Edge();
        for (Sha256 leaf : leaves.subList(0, size)) {
            edge.add(
                    leaf,
                    (level, index, hashes) ->
                            files.put(TilePath.tile(level, index, TilePath.FULL), Tiles.tile(hashes)));
        }
        for (int level = 0; level < TilePath.LEVELS; level++) {
            int width = edge.hashes(level).size();
            if (width > 0) {
                files.put(TilePath.tile(level, TilePath.fullTiles(level, size), width), Tiles.tile(edge.hashes(level)));
            }
        }
        return path -> Optional.ofNullable(files.get(path));
    }
}
