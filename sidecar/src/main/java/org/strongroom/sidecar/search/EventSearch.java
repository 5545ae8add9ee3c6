package org.strongroom.sidecar.search;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;

/**
 * Finds events, the oldest first: in the index where there is one, and entry by entry in what it does not have. Every event is read in
 * the log and compared with the question, so an index can hide events but not make any up. Uses the memory of one block, however
 * long the log is. For one thread.
 */
public final class EventSearch {
    private static final EventQuery RESEALED =
            EventQuery.ALL.of(Set.of(AuditType.KEY)).with("step", "resealed");

    private final LogReader log;
    private final Optional<Path> index;
    private final long size;
    private final long kept;
    private List<LogEntry> file = List.of();

    /** Who is told of what is found. */
    public interface Hits {
        /** False: that is enough. */
        boolean found(LogEntry stored, AuditEntry entry);

        /** One that this version cannot read, whatever it is. */
        void unreadable(long index);
    }

    private EventSearch(Path folder, Optional<Path> index) throws IOException {
        this.log = new LogReader(folder);
        this.index = index;
        this.size = log.size();
        this.kept = log.first();
    }

    /**
     * In the log of a Home, with the index that its sidecar keeps.
     *
     * @throws StrongroomException NOT_FOUND if there is no log
     */
    public static EventSearch indexed(Path folder) throws IOException {
        return new EventSearch(folder, Optional.of(folder));
    }

    /** Believes nothing but the log: reads all of it, however long that takes. */
    public static EventSearch ofEverything(Path folder) throws IOException {
        return new EventSearch(folder, Optional.empty());
    }

    /** How many entries are searched: those that were there when this was made. */
    public long size() {
        return size;
    }

    /** The first that is kept: 0, unless the log was pruned. */
    public long first() {
        return kept;
    }

    /** Tells what there is. */
    public void run(EventQuery query, Hits hits) throws IOException {
        long[] next = {kept};
        if (index.isPresent() && !lookUp(query, hits, next)) {
            return;
        }
        while (next[0] < size) {
            if (!show(next[0]++, query, hits)) {
                return;
            }
        }
    }

    /**
     * These keys, and those that their studies had before files of them were sealed anew ({@code strongroom shred order --removed}): the keyring
     * forgets a key that is destroyed, and what happened before is still about the same study.
     *
     * @param studies ids of keys, and what is known of the study of each
     */
    public Map<String, String> withFormer(Map<String, String> studies) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(studies);
        Set<String> asked = studies.keySet();
        while (!asked.isEmpty()) {
            Map<String, String> more = new LinkedHashMap<>();
            run(RESEALED.about(asked), new Hits() {
                @Override
                public boolean found(LogEntry stored, AuditEntry entry) {
                    Map<String, String> details = entry.event().details();
                    String former = details.get("former");
                    if (former != null && !all.containsKey(former)) {
                        more.put(former, all.getOrDefault(details.get(Terms.KEY), ""));
                    }
                    return true;
                }

                @Override
                public void unreadable(long index) {
                    // told by the search that follows
                }
            });
            all.putAll(more);
            asked = more.keySet();
        }
        return all;
    }

    /**
     * @param next is set behind what is done with
     * @return false if that is enough
     */
    private boolean lookUp(EventQuery query, Hits hits, long[] next) throws IOException {
        try (IndexReader reader = IndexReader.open(index.get(), log.name())) {
            int known = (int) Math.min(reader.size(), size / Postings.BLOCK);
            BitSet blocks = reader.blocks(query);
            for (int block = blocks.nextSetBit(0); block >= 0 && block < known; block = blocks.nextSetBit(block + 1)) {
                BitSet entries = reader.entries(block, query);
                long first = (long) block * Postings.BLOCK;
                for (int place = entries.nextSetBit(0); place >= 0; place = entries.nextSetBit(place + 1)) {
                    long at = first + place;
                    if (at < kept) {
                        continue; // it was kept when the index was made
                    }
                    next[0] = at + 1;
                    if (!show(at, query, hits)) {
                        return false;
                    }
                }
            }
            next[0] = Math.max(kept, (long) known * Postings.BLOCK);
        } catch (SQLException e) {
            return true; // there is none, or it is damaged: the log has everything
        }
        return true;
    }

    private boolean show(long at, EventQuery query, Hits hits) throws IOException {
        if (file.isEmpty()
                || at < file.get(0).index()
                || at > file.get(file.size() - 1).index()) {
            file = log.from(at, size);
        }
        LogEntry stored = file.get((int) (at - file.get(0).index()));
        AuditEntry entry;
        try {
            entry = stored.entry();
        } catch (StrongroomException e) {
            hits.unreadable(at);
            return true;
        }
        return !query.matches(entry) || hits.found(stored, entry);
    }
}
