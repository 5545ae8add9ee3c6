package org.strongroom.sidecar.intake;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.FileTable.Change;
import org.strongroom.sidecar.ledger.HoldTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.problem.Problems;

/** Follows the plugin's journal. For one thread; {@link #isSound} for any. */
public final class JournalTail {
    private static final String PROBLEM = "journal";
    private static final String POSITION = "journal";
    private static final int BATCH = 500;

    private final Home home;
    private final UUID installation;
    private final FileTable files;
    private final TierTable table;
    private final Problems problems;
    private final Hindsight hindsight;
    private JournalReader reader;
    private Instant latest = Instant.EPOCH;
    private volatile boolean sound;
    /** How the journal looked when it was found damaged; null if it was not, or nobody knows. */
    private JournalState damaged;

    public JournalTail(
            Home home,
            UUID installation,
            FileTable files,
            TierTable table,
            Problems problems,
            InstantSource clock,
            RunningTime running) {
        this.home = home;
        this.installation = installation;
        this.files = files;
        this.table = table;
        this.problems = problems;
        this.hindsight = new Hindsight(files, table, clock, running);
    }

    /**
     * Applies what is new.
     *
     * @return whether there was something
     */
    public boolean read() throws IOException {
        JournalState state = damaged == null ? null : JournalState.of(home.journal());
        if (state != null && state.equals(damaged)) {
            return false; // all of it read once more would tell the same
        }
        try {
            if (reader == null) {
                state = JournalState.of(home.journal()); // before it is read: what changes meanwhile counts
                reader = resume();
            }
            boolean news = apply();
            sound = true;
            damaged = null;
            problems.clear(PROBLEM);
            return news;
        } catch (StrongroomException e) {
            forget();
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            damaged = state;
            problems.raise(PROBLEM, e.cure("Restore the journal from a tier; nothing is deleted until then"));
            return false;
        } catch (IOException | RuntimeException e) {
            forget();
            throw e;
        }
    }

    /** The reader may be ahead of the ledger, or the journal may be repaired: it is read again from the start, the next time. */
    private void forget() {
        sound = false;
        reader = null;
    }

    /** Whether the journal was whole, from its first entry to its last, when it was read last. */
    public boolean isSound() {
        return sound;
    }

    /** Checks all that was read in an earlier life of this process: the past must not have changed. */
    private JournalReader resume() throws IOException {
        JournalReader fresh = new JournalReader(home.journal(), installation);
        latest = Instant.EPOCH;
        Optional<String> position = table.remembered(POSITION);
        if (position.isPresent()) {
            long sequence =
                    Long.parseLong(position.get().substring(0, position.get().indexOf(' ')));
            Map<UUID, UUID> assigned = new LinkedHashMap<>();
            skipTo(fresh, sequence, files.isAssignedUntold() ? assigned::put : (key, tenant) -> {});
            if (!position(fresh).equals(position.get())) {
                throw StrongroomException.of(FailureKind.CORRUPT, "the journal is not the one that was read before")
                        .with("sequence", sequence);
            }
            if (!assigned.isEmpty()) { // nothing else of it is applied twice
                files.journaled(List.of(), List.of(), List.of(), assigned, position.get());
                table.want(assigned.keySet());
            }
        }
        return fresh;
    }

    private void skipTo(JournalReader fresh, long sequence, BiConsumer<UUID, UUID> assigned) throws IOException {
        while (fresh.sequence() < sequence) {
            Optional<JournalEntry> entry = fresh.next();
            if (entry.isEmpty()) {
                return;
            }
            advance(entry.get());
            if (entry.get().type() == JournalType.ASSIGNED) {
                UUID tenant = entry.get().tenant();
                entry.get().keys().forEach(key -> assigned.accept(key, tenant));
            }
        }
    }

    /** Whether an entry's time can be right: time goes on from entry to entry. */
    private boolean advance(JournalEntry entry) {
        Instant time = Instant.ofEpochMilli(entry.time());
        boolean inOrder = !time.isBefore(latest);
        if (inOrder) {
            latest = time;
        }
        return inOrder;
    }

    private boolean apply() throws IOException {
        boolean news = false;
        List<Change> changes = new ArrayList<>();
        List<HoldTable.Change> holds = new ArrayList<>();
        List<UUID> destroyed = new ArrayList<>();
        Map<UUID, UUID> assigned = new LinkedHashMap<>();
        for (Optional<JournalEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            news = true;
            boolean inOrder = advance(entry.get());
            switch (entry.get().type()) {
                case TOMBSTONE ->
                    changes.add(new Change(
                            entry.get().id(),
                            inOrder ? Instant.ofEpochMilli(entry.get().time()) : FileTable.UNDATED));
                case RESTORED -> changes.add(new Change(entry.get().id(), null));
                case ALIAS ->
                    changes.add(Change.named(entry.get().id(), entry.get().sealed()));
                case MOVED ->
                    changes.add(Change.moved(
                            entry.get().id(),
                            entry.get().sealed(),
                            inOrder ? Instant.ofEpochMilli(entry.get().time()) : FileTable.UNDATED));
                case HELD ->
                    holds.add(new HoldTable.Change(
                            entry.get().id(), Optional.of(entry.get().held()), latest));
                // A clock that was behind must not make the grace shorter: not before any entry before it.
                case HOLD_ENDED -> holds.add(new HoldTable.Change(entry.get().id(), Optional.empty(), latest));
                case KEY_DESTROYED -> destroyed.add(entry.get().key());
                case ASSIGNED -> {
                    UUID tenant = entry.get().tenant();
                    entry.get().keys().forEach(key -> assigned.put(key, tenant));
                }
                case KEY_CLOSED, BUNDLE, PACK, HOLD, ERASURE, TO_BE_ERASED, ERASURE_APPROVED, ERASURE_WITHDRAWN -> {}
            }
            if (changes.size() + holds.size() + destroyed.size() + assigned.size() >= BATCH) {
                files.journaled(changes, holds, destroyed, assigned, position(reader));
                table.want(assigned.keySet());
                assigned.clear();
                changes.clear();
                holds.clear();
                destroyed.clear();
            }
        }
        if (news) {
            files.journaled(changes, holds, destroyed, assigned, position(reader));
            table.want(assigned.keySet());
        }
        hindsight.date(latest);
        return news;
    }

    private static String position(JournalReader reader) {
        return reader.sequence() + " " + reader.chain();
    }
}
