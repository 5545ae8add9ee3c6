package org.strongroom.sidecar.fetch;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Tier;

/** Reads a pack from whichever tier gives the right bytes. Thread-safe. */
final class Replicas {
    private final Tiers tiers;
    private final CopyTable copies;
    private final Problems problems;

    Replicas(Tiers tiers, CopyTable copies, Problems problems) {
        this.tiers = tiers;
        this.copies = copies;
        this.problems = problems;
    }

    /** One attempt to read from one tier; is called again with the next one. */
    @FunctionalInterface
    interface Read<T> {
        T from(Tier tier, String object) throws IOException;
    }

    /**
     * What {@code read} makes of the first tier that it does not fail on: healthy ones with a receipt first, those that gave
     * wrong bytes before last.
     *
     * @throws StrongroomException UNAVAILABLE if a tier that may have the right bytes could not be asked; else CORRUPT
     */
    <T> T read(PackRow pack, Read<T> read) throws IOException {
        StrongroomException last = null;
        for (Source source : sources(pack)) {
            MarkedTier tier = source.tier;
            try {
                return read.from(tier.tier(), PackPrologue.objectName(pack.pack()));
            } catch (NoSuchFileException | InterruptedIOException e) {
                throw e; // this machine's business, not the tier's
            } catch (IOException e) {
                last = StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                        .with("tier", tier.name())
                        .causedBy(e);
            } catch (StrongroomException e) {
                if (e.kind() == FailureKind.FULL) {
                    throw e; // this machine's disk, not the tier's
                }
                StrongroomException judged = doubt(pack, source.copy, e);
                last = last != null && last.kind().retryable() ? last : judged;
            }
        }
        if (last == null) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "no tier holds a usable copy of the pack")
                    .with("pack", pack.pack());
        }
        if (last.kind() == FailureKind.NOT_FOUND) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a pack is gone from every tier that held it")
                    .with("pack", pack.pack())
                    .causedBy(last);
        }
        throw last;
    }

    private record Source(MarkedTier tier, CopyRow copy) {}

    private List<Source> sources(PackRow pack) {
        Map<String, CopyRow> holding = new HashMap<>();
        for (CopyRow copy : copies.of(pack.id())) {
            switch (copy.state()) {
                case UPLOADED, CHECKED, RECEIVED, SUSPECT -> holding.put(copy.tier(), copy);
                case QUEUED, UPLOADING, PURGED -> {}
            }
        }
        List<Source> sources = new ArrayList<>();
        for (MarkedTier tier : tiers.healthyFirst(holding.keySet())) {
            sources.add(new Source(tier, holding.get(tier.name())));
        }
        sources.sort((a, b) -> Boolean.compare(isSuspect(a), isSuspect(b)));
        return sources;
    }

    private static boolean isSuspect(Source source) {
        return source.copy.state() == CopyState.SUSPECT;
    }

    /** Wrong bytes are no receipt any more; an object that an unmounted disk does not show proves nothing. */
    private StrongroomException doubt(PackRow pack, CopyRow copy, StrongroomException e) {
        if (e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.NOT_FOUND) {
            return e;
        }
        try {
            tiers.get(copy.tier()).requireOurs();
        } catch (StrongroomException away) {
            return away;
        }
        copies.suspect(copy);
        problems.raise(
                "fetch/" + copy.tier() + "/" + pack.pack(),
                FailureKind.CORRUPT,
                "pack " + pack.pack() + " in tier " + copy.tier() + " is damaged or gone: " + e.text(),
                "Check the tier; other tiers are used instead. If it cannot be repaired delete the object: it is sent again");
        return e;
    }
}
