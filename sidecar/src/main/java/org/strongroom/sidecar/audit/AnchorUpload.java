package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.ControlJson;
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
    private final PruneNotice notice;
    private final AnchoredLog there;
    /** The newest checkpoint that is there. */
    private Checkpoint from;
    /** Bundles and tiles of level 0 below this index are there: an outage in the midst of many begins where it ended. */
    private long held;
    /** Whether nothing can ever be deleted there. */
    private boolean keepsAll;
    /** Up to this name what is not kept was taken away, as far as the tier lets it; empty at the beginning of each round. */
    private String swept = "";

    /**
     * @param notice what the log says of those of its events that are not kept
     * @param from the newest checkpoint that is there
     */
    AnchorUpload(Tiles tiles, PruneNotice notice, Tier tier, NoteKey key, Checkpoint from) {
        this.tiles = tiles;
        this.tier = tier;
        this.key = key;
        this.log = AnchorName.log(key);
        this.notice = notice;
        this.there = new AnchoredLog(tier, key);
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
     * @param minimum the first entry that is kept, as an entry says that {@code now} covers
     * @throws StrongroomException CORRUPT if the tier holds something else under a name of this log, or a part is missing here
     */
    void write(Checkpoint now, byte[] note, long minimum) throws IOException {
        hold(AnchorName.key(log), AnchorName.keyFile(key));
        if (minimum > 0) {
            holdMinimum(minimum); // nobody heeds it before the checkpoint is there
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

    /** Any checkpoint proves it: one that was proved by an earlier one stays. */
    private void holdMinimum(long minimum) throws IOException {
        String name = AnchorName.minimum(log, minimum);
        if (tier.head(name).isEmpty()) {
            hold(name, ControlJson.write(notice.proof(minimum, key)));
        } else if (there.notice(minimum).isEmpty()) {
            throw other(name);
        }
    }

    private void hold(String name, byte[] content) throws IOException {
        if (!WrittenOnce.ensure(tier, name, content)) {
            throw other(name);
        }
    }

    private StrongroomException other(String object) {
        return corrupt("a tier holds another audit log than the one that is here")
                .with("object", object);
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
        List<Checkpoint> claims = there.claims();
        claims.subList(Math.max(0, claims.size() - most), claims.size()).forEach(claim -> kept.addAll(edge(claim)));
        List<String> older = new ArrayList<>();
        tier.list(AnchorName.file(log, "tile/"), object -> {
            if (AnchorName.isPartial(object.name()) && !kept.contains(object.name())) {
                older.add(object.name());
            }
        });
        older.forEach(this::drop);
    }

    /**
     * Takes away some of what ends before the first event that is kept, if the tier holds the event that says so and a checkpoint that covers
     * it. Only where the tier lets it.
     *
     * @param minimum the first entry that is kept, as the log says
     * @param most so many are asked for at once
     * @return whether there is more
     */
    boolean dropPruned(long minimum, int most) throws IOException {
        if (minimum == 0 || MinimumIndex.read(there) < minimum) {
            return false;
        }
        List<String> pruned = new ArrayList<>();
        String folder = AnchorName.file(log, "");
        tier.list(AnchorName.file(log, "tile/"), object -> {
            if (object.name().compareTo(swept) > 0
                    && TilePath.end(object.name().substring(folder.length())) <= minimum) {
                pruned.add(object.name());
            }
        });
        Collections.sort(pruned);
        List<String> now = pruned.subList(0, Math.min(most, pruned.size()));
        now.forEach(this::drop);
        boolean more = now.size() < pruned.size();
        swept = more ? now.get(now.size() - 1) : "";
        return more;
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
