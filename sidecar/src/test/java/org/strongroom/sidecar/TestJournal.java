package org.strongroom.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Home;

/** The plugin's journal, written entry by entry. */
final class TestJournal {
    private final Home home;
    private Sha256 chain;
    private long sequence;

    TestJournal(Home home, UUID installation) {
        this.home = home;
        this.chain = JournalEntry.firstChain(installation);
    }

    /** Goes on behind the first entries of the one that is there. */
    TestJournal(Home home, UUID installation, long entries) throws IOException {
        this(home, installation);
        JournalReader reader = new JournalReader(home.journal(), installation);
        reader.skipTo(entries);
        this.chain = reader.chain();
        this.sequence = reader.sequence();
    }

    void append(JournalType type, UUID id, Instant at) throws IOException {
        append(new JournalEntry(++sequence, at.toEpochMilli(), type, JournalEntry.payload(id)));
    }

    void alias(UUID name, UUID sealed, Instant at) throws IOException {
        byte[] payload = JournalEntry.payload(name, sealed);
        append(new JournalEntry(++sequence, at.toEpochMilli(), JournalType.ALIAS, payload));
    }

    void moved(UUID name, UUID sealed, Instant at) throws IOException {
        byte[] payload = JournalEntry.payload(name, sealed);
        append(new JournalEntry(++sequence, at.toEpochMilli(), JournalType.MOVED, payload));
    }

    void held(UUID hold, UUID keyOrTenant, Instant at) throws IOException {
        byte[] payload = JournalEntry.payload(hold, keyOrTenant);
        append(new JournalEntry(++sequence, at.toEpochMilli(), JournalType.HELD, payload));
    }

    void holdEnded(UUID hold, Instant at) throws IOException {
        byte[] payload = JournalEntry.payload(hold, new byte[] {1});
        append(new JournalEntry(++sequence, at.toEpochMilli(), JournalType.HOLD_ENDED, payload));
    }

    void destroyed(UUID erasure, UUID key, Instant at) throws IOException {
        byte[] payload = JournalEntry.payload(erasure, key);
        append(new JournalEntry(++sequence, at.toEpochMilli(), JournalType.KEY_DESTROYED, payload));
    }

    void assigned(UUID tenant, UUID key, Instant at) throws IOException {
        byte[] payload = JournalEntry.payload(UUID.randomUUID(), tenant, List.of(key), new byte[] {1});
        append(new JournalEntry(++sequence, at.toEpochMilli(), JournalType.ASSIGNED, payload));
    }

    private void append(JournalEntry entry) throws IOException {
        Files.write(
                JournalReader.segment(home.journal(), 1),
                entry.encode(chain),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        chain = entry.chain(chain);
    }
}
