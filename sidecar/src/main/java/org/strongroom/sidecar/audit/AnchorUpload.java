package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.sidecar.tier.Locked;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.WrittenOnce;

/** Writes one log into one tier, its checkpoint last: what a checkpoint there covers is there. For one thread. */
final class AnchorUpload {
    private static final Logger LOG = LoggerFactory.getLogger(AnchorUpload.class);

    private final Tiles tiles;
    private final Tier tier;
    private final NoteKey key;
    private final String log;
    /** The newest checkpoint that is there. */
    private Checkpoint from;
    /** Bundles and tiles of level 0 below this index are there: an outage in the midst of many begins where it ended. */
    private long held;
    /** Whether nothing can ever be deleted there. */
    private boolean keepsAll;

    /** @param from the newest checkpoint that is there */
    AnchorUpload(Tiles tiles, Tier tier, NoteKey key, Checkpoint from) {
        this.tiles = tiles;
        this.tier = tier;
        this.key = key;
        this.log = AnchorName.log(key);
        this.from = from;
        this.held = TilePath.fullTiles(0, from.size());
    }

    /** Whether it goes on from there. */
    boolean isFrom(Checkpoint newest, String ofLog) {
        return from.equals(newest) && log.equals(ofLog);
    }

    /**
     * Brings the log there up to a checkpoint.
     *
     * @param note the signed {@code now}
     * @throws StrongroomException CORRUPT if the tier holds something else under a name of this log, or a part is missing here
     */
    void write(Checkpoint now, byte[] note) throws IOException {
        hold(AnchorName.key(log), AnchorName.keyFile(key));
        long minimum = MinimumIndex.read(tiles);
        if (minimum > 0) {
            hold(AnchorName.minimum(log, minimum), MinimumIndex.file(minimum));
        }
        held = Math.max(held, TilePath.fullTiles(0, minimum));
        for (; held < TilePath.fullTiles(0, now.size()); held++) {
            bundle(held, TilePath.FULL);
            tile(0, held, TilePath.FULL);
        }
        for (int level = 1; level < TilePath.LEVELS; level++) {
            long first = TilePath.fullTiles(level, Math.max(minimum, from.size()));
            for (long i = first; i < TilePath.fullTiles(level, now.size()); i++) {
                tile(level, i, TilePath.FULL);
            }
        }
        int width = TilePath.lastWidth(0, now.size());
        if (width > 0) {
            bundle(TilePath.fullTiles(0, now.size()), width);
        }
        for (int level = 0; level < TilePath.LEVELS; level++) {
            int last = TilePath.lastWidth(level, now.size());
            if (last > 0) {
                tile(level, TilePath.fullTiles(level, now.size()), last);
            }
        }
        hold(AnchorName.checkpoint(log, now), note);
        from = now;
    }

    private void bundle(long index, int width) throws IOException {
        List<byte[]> entries = tiles.entries(index, width)
                .filter(all -> all.size() >= width)
                .orElseThrow(() -> corrupt("a part of the audit log is missing"));
        hold(AnchorName.file(log, TilePath.entries(index, width)), Tiles.bundle(entries.subList(0, width)));
    }

    private void tile(int level, long index, int width) throws IOException {
        List<Sha256> hashes =
                tiles.tile(level, index, width).orElseThrow(() -> corrupt("a part of the audit log is missing"));
        hold(AnchorName.file(log, TilePath.tile(level, index, width)), Tiles.tile(hashes));
    }

    private void hold(String name, byte[] content) throws IOException {
        if (!WrittenOnce.ensure(tier, name, content)) {
            throw corrupt("a tier holds another audit log than the one that is here")
                    .with("object", name);
        }
    }

    private StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text)
                .with("tier", tier.name())
                .cure(TierAnchor.CURE + tier.name());
    }

    /**
     * Takes away right edges that are neither that of {@code now} nor of one of the newest {@code most} checkpoints there: whoever verifies
     * reads by the checkpoint that was the newest when he began. Only where the tier lets it: a lock ends some day.
     */
    void dropOlderEdges(Checkpoint now, int most) {
        Set<String> kept = edge(now);
        List<Checkpoint> claims = new AnchoredLog(tier, key).claims();
        claims.subList(Math.max(0, claims.size() - most), claims.size()).forEach(claim -> kept.addAll(edge(claim)));
        List<String> older = new ArrayList<>();
        tier.list(AnchorName.file(log, "tile/"), object -> {
            if (AnchorName.isPartial(object.name()) && !kept.contains(object.name())) {
                older.add(object.name());
            }
        });
        older.forEach(this::drop);
    }

    /** Takes away what ends before the first event that is kept, and that says so is there. Only where the tier lets it. */
    void dropPruned() throws IOException {
        long minimum = MinimumIndex.read(tiles);
        if (minimum == 0 || tier.head(AnchorName.minimum(log, minimum)).isEmpty()) {
            return;
        }
        List<String> pruned = new ArrayList<>();
        String folder = AnchorName.file(log, "");
        tier.list(AnchorName.file(log, "tile/"), object -> {
            if (TilePath.end(object.name().substring(folder.length())) <= minimum) {
                pruned.add(object.name());
            }
        });
        pruned.forEach(this::drop);
    }

    private Set<String> edge(Checkpoint of) {
        Set<String> names = new HashSet<>();
        for (int level = 0; level < TilePath.LEVELS; level++) {
            int width = TilePath.lastWidth(level, of.size());
            if (width > 0) {
                names.add(AnchorName.file(log, TilePath.tile(level, TilePath.fullTiles(level, of.size()), width)));
                if (level == 0) {
                    names.add(AnchorName.file(log, TilePath.entries(TilePath.fullTiles(0, of.size()), width)));
                }
            }
        }
        return names;
    }

    private void drop(String name) {
        if (keepsAll) {
            return;
        }
        try {
            tier.delete(name);
        } catch (StrongroomException e) {
            keepsAll = !e.kind().retryable() && Locked.until(e).isEmpty();
            LOG.debug("{} stays for now", name, e); // only space: the newest checkpoint does not need it
        }
    }
}
