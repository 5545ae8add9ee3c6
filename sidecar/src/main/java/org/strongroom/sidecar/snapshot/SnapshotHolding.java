package org.strongroom.sidecar.snapshot;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.scrub.Holding;
import org.strongroom.sidecar.tier.WrittenOnce;

/** The snapshots in a tier (format.md §10), and the chunks that those need which are kept. Home holds the newest ones. */
public final class SnapshotHolding implements Holding {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotHolding.class);
    private final SnapshotsHere here;
    private final MarkedTier marked;
    private final SnapshotRules rules;
    private final InstantSource clock;

    public SnapshotHolding(Home home, MarkedTier marked, SnapshotRules rules, InstantSource clock) {
        this.clock = clock;
        this.here = new SnapshotsHere(home);
        this.marked = marked;
        this.rules = rules;
    }

    @Override
    public String prefix() {
        return SnapshotLabel.PREFIX;
    }

    @Override
    public Set<String> expected() throws IOException {
        SnapshotsThere there = SnapshotsThere.list(marked.tier(), clock.instant());
        Set<String> names = new HashSet<>();
        for (String name : there.staying(rules.keep())) {
            try {
                byte[] snapshot = here.has(name) ? here.read(name) : there.read(name);
                SnapshotLabel.decode(snapshot).chunks().forEach(chunk -> names.add(SnapshotLabel.objectName(chunk)));
            } catch (NoSuchFileException e) {
                LOG.debug("a newer snapshot took the place of {} just now", name);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.NOT_FOUND) {
                    throw e;
                }
                LOG.debug("{} is told of when it is read itself", name, e);
            }
        }
        return names;
    }

    @Override
    public Verdict compare(String name, byte[] bytes) throws IOException {
        if (!SnapshotLabel.isChunk(name)) {
            return SnapshotLabel.isWhole(name, bytes) ? Verdict.WHOLE : Verdict.DAMAGED;
        }
        try {
            return !here.has(name) || Arrays.equals(here.read(name), bytes) ? Verdict.WHOLE : Verdict.DAMAGED;
        } catch (NoSuchFileException e) {
            return Verdict.WHOLE; // it is not here any more, and could be read
        }
    }

    /** Of two different chunks nobody without keys knows which is right: only what is gone is put again, and what its name tells. */
    @Override
    public boolean mend(String name, boolean absent) throws IOException {
        try {
            if (!here.has(name) || !(absent || SnapshotLabel.isWhole(name, here.read(name)))) {
                return false;
            }
            if (!absent) {
                marked.tier().withdraw(name);
            }
            return WrittenOnce.ensure(marked.tier(), name, here.read(name));
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
