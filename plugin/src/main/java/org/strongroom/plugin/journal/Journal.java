package org.strongroom.plugin.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.AppendLog;
import org.strongroom.core.io.DurableFiles;

/**
 * Appends to the journal (format.md §6). Thread-safe: threads that append at the same time share one fsync. At most one per
 * Home; who holds Home's lock may open it.
 */
public final class Journal implements Closeable {
    private static final long MAX_FILE = 1 << 20;
    private static final Duration HEAD_DELAY = Duration.ofSeconds(1);

    private final Path folder;
    private final Installation installation;
    private final AppendLog log;
    private final HeadWriter head;
    private final Clock clock;
    private final JournaledPacks packs;
    private final Object order = new Object();
    private long sequence;
    private Sha256 chain;

    private Journal(
            Path folder, Installation installation, AppendLog log, HeadWriter head, Clock clock, JournalReader end) {
        this.folder = folder;
        this.installation = installation;
        this.packs = new JournaledPacks(folder, installation);
        this.log = log;
        this.head = head;
        this.clock = clock;
        this.sequence = end.sequence();
        this.chain = end.chain();
    }

    /**
     * Opens the journal in {@code folder}, or begins it. Every entry is checked; an unfinished last one is cut off.
     *
     * @param replay is given every entry that is there, in order
     * @throws IOException if it cannot be read or written
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if it is not, whole, what was signed
     */
    public static Journal open(
            Path folder, Installation installation, HeadSigner signer, Clock clock, Consumer<JournalEntry> replay)
            throws IOException {
        DurableFiles.createDirectories(folder);
        JournalOpening opening = new JournalOpening(folder, installation);
        Path headFile = JournalOpening.headFile(folder);
        JournalReader end = opening.isNew()
                ? new JournalReader(folder, installation.id())
                : opening.replay((entry, chain) -> replay.accept(entry));
        HeadWriter head = new HeadWriter(headFile, signer, clock, HEAD_DELAY, end.sequence(), end.chain());
        if (opening.isNew()) {
            head.write(); // before the first file: a journal without a head has been tampered with
        }
        AppendLog log = new AppendLog(number -> JournalReader.segment(folder, number), end.segment(), end.offset());
        head.write(); // after opening has made durable what a killed writer left
        return new Journal(folder, installation, log, head, clock, end);
    }

    /** Whether there is a journal in {@code folder}. */
    public static boolean isBegun(Path folder, Installation installation) throws IOException {
        return !new JournalOpening(folder, installation).isNew();
    }

    /**
     * Reads the journal in {@code folder}, which another process may be writing, from its first entry to its last.
     *
     * @param each is given every entry and the chain after it, in order
     * @throws IOException if it cannot be read
     * @throws org.strongroom.core.error.StrongroomException NOT_FOUND if there is no journal; CORRUPT if it is not, whole,
     *     what was signed
     */
    public static void read(Path folder, Installation installation, BiConsumer<JournalEntry, Sha256> each)
            throws IOException {
        if (!isBegun(folder, installation)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "Home has no journal")
                    .with("folder", folder)
                    .cure("Restore the journal folder from a tier");
        }
        new JournalOpening(folder, installation).replay(each);
    }

    /** Whether Orthanc removed this attachment, and did not take it back. Reads all there is: for who asks seldom. */
    public boolean hasRemoved(UUID attachment) throws IOException {
        boolean[] removed = {false};
        read(folder, installation, (entry, chain) -> {
            switch (entry.type()) {
                case TOMBSTONE -> removed[0] |= entry.id().equals(attachment);
                case RESTORED, ALIAS -> removed[0] &= !entry.id().equals(attachment);
                default -> {} // of no file
            }
        });
        return removed[0];
    }

    /** Journals that Orthanc removed an attachment. As {@link #append}. */
    public long tombstone(UUID attachment) throws IOException {
        return append(JournalType.TOMBSTONE, JournalEntry.payload(attachment));
    }

    /** Journals that an attachment's tombstone is taken back. As {@link #append}. */
    public long restored(UUID attachment) throws IOException {
        return append(JournalType.RESTORED, JournalEntry.payload(attachment));
    }

    /** Journals that a key is no longer used for new files. As {@link #append}. */
    public long keyClosed(UUID key) throws IOException {
        return append(JournalType.KEY_CLOSED, JournalEntry.payload(key));
    }

    /** Journals that a bundle is genuine. As {@link #append}. */
    public long bundle(Sha256 bundle) throws IOException {
        return append(JournalType.BUNDLE, bundle.toBytes());
    }

    /** Journals that a pack is genuine. As {@link #append}. */
    public long pack(UUID pack, Sha256 prologueAndIndex) throws IOException {
        return append(JournalType.PACK, JournalEntry.payload(pack, prologueAndIndex));
    }

    /** Journals one more name of a sealed attachment. As {@link #append}. */
    public long alias(UUID name, UUID sealed) throws IOException {
        return append(JournalType.ALIAS, JournalEntry.payload(name, sealed));
    }

    /** Journals that a name means another sealed attachment from now on. As {@link #append}. */
    public long moved(UUID name, UUID sealed) throws IOException {
        return append(JournalType.MOVED, JournalEntry.payload(name, sealed));
    }

    /** Journals a hold, which holds nothing yet. As {@link #append}. */
    public long hold(UUID hold, byte[] sealedText) throws IOException {
        return append(JournalType.HOLD, JournalEntry.payload(hold, sealedText));
    }

    /** Journals that what a key, or any key of a tenant, seals is under a hold. As {@link #append}. */
    public long held(UUID hold, UUID keyOrTenant) throws IOException {
        return append(JournalType.HELD, JournalEntry.payload(hold, keyOrTenant));
    }

    /** Journals that a hold is over. As {@link #append}. */
    public long holdEnded(UUID hold, byte[] sealedText) throws IOException {
        return append(JournalType.HOLD_ENDED, JournalEntry.payload(hold, sealedText));
    }

    /** Journals the order of an erasure, which is about nothing yet. As {@link #append}. */
    public long erasure(UUID erasure, byte[] sealedText) throws IOException {
        return append(JournalType.ERASURE, JournalEntry.payload(erasure, sealedText));
    }

    /** Journals that an erasure is about a key. As {@link #append}. */
    public long toBeErased(UUID erasure, UUID key) throws IOException {
        return append(JournalType.TO_BE_ERASED, JournalEntry.payload(erasure, key));
    }

    /** Journals that somebody else agrees to an erasure. As {@link #append}. */
    public long erasureApproved(UUID erasure, byte[] sealedText) throws IOException {
        return append(JournalType.ERASURE_APPROVED, JournalEntry.payload(erasure, sealedText));
    }

    /** Journals that an erasure is not to be carried out. As {@link #append}. */
    public long erasureWithdrawn(UUID erasure, byte[] sealedText) throws IOException {
        return append(JournalType.ERASURE_WITHDRAWN, JournalEntry.payload(erasure, sealedText));
    }

    /** Journals that a key is destroyed; whoever calls this sees to it that it is. As {@link #append}. */
    public long keyDestroyed(UUID erasure, UUID key) throws IOException {
        return append(JournalType.KEY_DESTROYED, JournalEntry.payload(erasure, key));
    }

    /** Journals that what these keys sealed is a tenant's from now on. As {@link #append}. */
    public long assigned(UUID assignment, UUID tenant, List<UUID> keys, byte[] sealedText) throws IOException {
        return append(JournalType.ASSIGNED, JournalEntry.payload(assignment, tenant, keys, sealedText));
    }

    /** Whether the journal says that a pack is genuine. */
    public boolean knowsPack(UUID pack, Sha256 prologueAndIndex) throws IOException {
        return packs.knows(pack, prologueAndIndex, sequence());
    }

    /**
     * Appends an entry, durable on return; the signed head follows within about a second.
     *
     * @return the entry's sequence
     * @throws IOException if it could not be made durable: then it may or may not be there after a restart
     */
    public long append(JournalType type, byte[] payload) throws IOException {
        long mine;
        Sha256 after;
        long ticket;
        synchronized (order) {
            JournalEntry entry = new JournalEntry(sequence + 1, clock.millis(), type, payload);
            byte[] bytes = entry.encode(chain);
            if (log.length() + bytes.length > MAX_FILE) {
                log.rotate();
            }
            ticket = log.write(bytes);
            chain = entry.chain(chain);
            sequence = entry.sequence();
            mine = sequence;
            after = chain;
        }
        log.sync(ticket);
        head.durable(mine, after);
        return mine;
    }

    /** Sequence of the last entry; 0 if there is none. */
    public long sequence() {
        synchronized (order) {
            return sequence;
        }
    }

    /** Signs the last head and ends; closing twice does no harm. */
    @Override
    public void close() throws IOException {
        try {
            log.close();
        } finally {
            head.close();
        }
    }
}
