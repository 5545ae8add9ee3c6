package org.strongroom.sidecar.replica;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.ArchivedRow;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;

/**
 * Reads a pack from whichever tier gives the right bytes. A tier that failed lately is asked last, and one that is silent is not
 * waited for while another may answer: a dead tier costs the first reader some seconds and the others nothing. Thread-safe.
 */
public final class Replicas implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Tiers tiers;
    private final CopyTable copies;
    private final ArchiveTable archive;
    private final Problems problems;
    private final Failings failings;
    private final Patience patience;

    public Replicas(Tiers tiers, CopyTable copies, ArchiveTable archive, Problems problems, RunningTime time) {
        this(tiers, copies, archive, problems, time, PATIENCE);
    }

    /** @param patience how long a tier may take to begin its answer while there is another one */
    Replicas(
            Tiers tiers,
            CopyTable copies,
            ArchiveTable archive,
            Problems problems,
            RunningTime time,
            Duration patience) {
        this.tiers = tiers;
        this.copies = copies;
        this.archive = archive;
        this.problems = problems;
        this.failings = new Failings(time);
        this.patience = new Patience(patience);
    }

    /** The object of a pack in one tier. */
    @FunctionalInterface
    public interface Bytes {
        /** Opens {@code length} bytes from {@code offset} on; the caller closes the stream. */
        InputStream open(long offset, long length) throws IOException;
    }

    /** One attempt to read from one tier; is called again with the next one. */
    @FunctionalInterface
    public interface Read<T> {
        T from(Bytes object) throws IOException;
    }

    /** A copy that may be read. */
    public record Source(MarkedTier tier, CopyRow copy) {
        private boolean isSuspect() {
            return copy.state() == CopyState.SUSPECT;
        }
    }

    /**
     * What {@code read} makes of the first tier that it does not fail on: healthy ones with a receipt first, those that gave
     * wrong bytes before last, and archived ones behind those that can be read.
     *
     * @throws StrongroomException ARCHIVED if only an archived copy may have the right bytes, or can be asked for them;
     *     UNAVAILABLE if a tier that may have them could not be asked; else CORRUPT
     */
    public <T> T read(PackRow pack, Read<T> read) throws IOException {
        StrongroomException last = null;
        List<Source> sources = sources(pack);
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            String tier = source.tier.name();
            try {
                T result = read.from(object(pack, source, i + 1 < sources.size()));
                failings.served(tier);
                return result;
            } catch (NoSuchFileException | InterruptedIOException e) {
                throw e; // this machine's business, not the tier's
            } catch (IOException e) {
                failings.failed(tier);
                StrongroomException broken = StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                        .with("tier", tier)
                        .causedBy(e);
                last = last != null && rank(last) > rank(broken) ? last : broken;
            } catch (StrongroomException e) {
                if (OwnDiskException.isCauseOf(e)) {
                    throw e;
                }
                StrongroomException judged = doubt(pack, source, e);
                last = last != null && rank(last) > rank(judged) ? last : judged;
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

    /** Of two tiers' failures that of the one which may still have the right bytes, and of these one that can be helped. */
    private static int rank(StrongroomException e) {
        return e.kind() == FailureKind.ARCHIVED ? 2 : e.kind().retryable() ? 1 : 0;
    }

    /** The object of a source, for somebody who has no other choice, or has. */
    private Bytes object(PackRow pack, Source source, boolean hasOthers) {
        String name = PackPrologue.objectName(pack.pack());
        return hasOthers
                ? (offset, length) -> patience.open(source.tier.tier(), name, offset, length)
                : (offset, length) -> source.tier.tier().get(name, offset, length);
    }

    /** Copies of a pack that may be read, the best first; perhaps none. */
    public List<Source> sources(PackRow pack) {
        Map<String, CopyRow> holding = new HashMap<>();
        for (CopyRow copy : copies.of(pack.id())) {
            switch (copy.state()) {
                case UPLOADED, CHECKED, RECEIVED, SUSPECT -> holding.put(copy.tier(), copy);
                case QUEUED, UPLOADING, PURGED, SEEDED -> {}
            }
        }
        Map<String, ArchivedRow> archived = archive.of(pack.id());
        List<Source> sources = new ArrayList<>();
        for (MarkedTier tier : tiers.healthyFirst(holding.keySet())) {
            sources.add(new Source(tier, holding.get(tier.name())));
        }
        sources.sort(Comparator.comparing(Source::isSuspect)
                .thenComparing(source -> isAway(archived.get(source.tier.name())))
                .thenComparing(source -> isFailing(source.tier)));
        return sources;
    }

    private static boolean isAway(ArchivedRow row) {
        return row != null && row.isAway();
    }

    private boolean isFailing(MarkedTier tier) {
        return tier.trouble().isPresent() || failings.isRemembered(tier.name());
    }

    /**
     * Judges what reading a source failed with. Wrong bytes are no receipt any more; an object that an unmounted disk does not
     * show proves nothing, nor one that was deleted on purpose meanwhile.
     *
     * @return what is to be told
     */
    public StrongroomException doubt(PackRow pack, Source source, StrongroomException e) {
        String tier = source.tier.name();
        if (e.kind() == FailureKind.ARCHIVED) {
            archive.archived(pack.id(), tier, Instant.EPOCH);
            return e;
        }
        if (e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.NOT_FOUND) {
            failings.failed(tier);
            return e;
        }
        try {
            source.tier.requireOurs();
        } catch (StrongroomException away) {
            failings.failed(tier);
            return away;
        }
        if (!copies.isMissed(source.copy)) {
            return e;
        }
        copies.suspect(source.copy);
        problems.raise(
                problem(tier, pack),
                FailureKind.CORRUPT,
                "pack " + pack.pack() + " in tier " + tier + " is damaged or gone: " + e.text(),
                "Check the tier; other copies are used instead, and it is made again from one of them");
        return e;
    }

    /** Name of the problem that a copy is damaged or gone. */
    public static String problem(String tier, PackRow pack) {
        return "fetch/" + tier + "/" + pack.pack();
    }

    @Override
    public void close() {
        patience.close();
    }
}
