package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.List;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The event by which a log itself says from where on it is kept (format.md §9.8). {@code minimum-index} alone is a claim of whoever has the
 * disk: nothing is taken away, here or in a tier, by a number that the log does not prove. For one thread.
 */
final class PruneNotice {
    private final Tiles tiles;
    private long minimum;
    /** The event that says {@link #minimum}; null while nothing was looked for. */
    private LogEntry told;

    PruneNotice(Tiles tiles) {
        this.tiles = tiles;
    }

    /**
     * The first entry that is kept, as the log says; 0 if it was never pruned. What was found once is not looked for again.
     *
     * @throws StrongroomException CORRUPT if no event that is in the log says so
     */
    long minimum(NoteKey key) throws IOException {
        long claimed = MinimumIndex.read(tiles);
        if (claimed > 0) {
            require(claimed, key);
        }
        return claimed;
    }

    /**
     * The event that says so, proved by the checkpoint that the log has now.
     *
     * @param said the first entry that is kept
     */
    ProvedEvent proof(long said, NoteKey key) throws IOException {
        require(said, key);
        InclusionProof proof = InclusionProof.of(tiles, key, told.index(), told.json());
        return new ProvedEvent(proof.index(), proof.entry(), proof.text());
    }

    /** Of a log that was altered there is no proof. */
    private void require(long said, NoteKey key) throws IOException {
        if (told != null && minimum == said) {
            return;
        }
        LogEntry found = find(said, LogReader.checkpoint(tiles, key).size());
        InclusionProof proof = InclusionProof.of(tiles, key, found.index(), found.json());
        told = new LogEntry(proof.index(), found.json());
        minimum = said;
    }

    /** The last one: it stands near the end, unless nothing went for long. */
    private LogEntry find(long said, long size) throws IOException {
        for (long bundle = (size - 1) / TilePath.FULL; bundle >= said / TilePath.FULL; bundle--) {
            long first = bundle * TilePath.FULL;
            int width = (int) Math.min(TilePath.FULL, size - first);
            List<byte[]> entries = tiles.entries(bundle, width).orElse(List.of());
            for (int at = Math.min(width, entries.size()) - 1; at >= 0; at--) {
                if (tells(entries.get(at), said)) {
                    return new LogEntry(first + at, entries.get(at));
                }
            }
        }
        throw StrongroomException.of(FailureKind.CORRUPT, "the audit log does not say that it is kept from there on")
                .with("file", MinimumIndex.FILE)
                .with("minimum", said)
                .cure(MinimumIndex.CURE);
    }

    /** Whether an entry says that the log is kept from {@code minimum} on. */
    static boolean tells(byte[] json, long minimum) {
        try {
            return tells(AuditEntry.decode(json).event(), minimum);
        } catch (StrongroomException e) {
            return false; // of a later version
        }
    }

    static boolean tells(AuditEvent event, long minimum) {
        return event.type() == AuditType.LOG_PRUNE
                && Long.toString(minimum).equals(event.details().get("minimum"));
    }
}
