package org.strongroom.plugin.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Installation;

/** Reads a journal from its first entry to its last and compares it with its signed head, before anybody appends. */
final class JournalOpening {
    private final Path folder;
    private final Installation installation;
    private final Optional<JournalHead> head;

    JournalOpening(Path folder, Installation installation) throws IOException {
        this.folder = folder;
        this.installation = installation;
        this.head = readHead();
    }

    /** Whether there is nothing at all: the first start. */
    boolean isNew() {
        return head.isEmpty() && !Files.exists(JournalReader.segment(folder, 1));
    }

    /**
     * The reader after the last entry.
     *
     * @param each is given every entry and the chain after it
     * @throws StrongroomException CORRUPT if an entry does not fit, or if there are fewer entries than were signed
     */
    JournalReader replay(BiConsumer<JournalEntry, Sha256> each) throws IOException {
        if (head.isEmpty()) {
            throw corrupt("the journal has entries but no signed head");
        }
        long signed = head.get().sequence();
        JournalReader reader = new JournalReader(folder, installation.id());
        Sha256 chain = reader.chain();
        try {
            for (Optional<JournalEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                if (reader.sequence() == signed) {
                    chain = reader.chain();
                }
                each.accept(entry.get(), reader.chain());
            }
        } catch (StrongroomException e) {
            throw e.cure(CURE);
        }
        if (reader.sequence() < signed) {
            throw corrupt("the journal is shorter than its signed head says")
                    .with("signed", signed)
                    .with("found", reader.sequence());
        }
        if (!chain.equals(head.get().chain())) {
            throw corrupt("the journal is not the one that its head signs").with("signed", signed);
        }
        return reader;
    }

    private Optional<JournalHead> readHead() throws IOException {
        try {
            return Optional.of(JournalHead.decode(Files.readAllBytes(headFile(folder)), installation.journalKey()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (StrongroomException e) {
            throw e.with("folder", folder).cure(CURE);
        }
    }

    static Path headFile(Path folder) {
        return folder.resolve("head");
    }

    private static final String CURE = "Restore the journal folder from a tier; do not delete it";

    private StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text)
                .with("folder", folder)
                .cure(CURE);
    }
}
