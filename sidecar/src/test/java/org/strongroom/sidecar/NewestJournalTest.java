package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.JournalType;

/** A journal that came back from a backup does not know what must stay: nothing is purged by it. */
class NewestJournalTest {
    @TempDir
    Path folder;

    private Clinic clinic;
    private TestJournal journal;
    private int heads;

    @BeforeEach
    void open() throws Exception {
        clinic = new Clinic(folder, "near", "far").open();
        journal = new TestJournal(clinic.home, clinic.installation);
    }

    @AfterEach
    void close() throws Exception {
        clinic.close();
    }

    private void append(int entries) throws Exception {
        for (int i = 0; i < entries; i++) {
            journal.append(JournalType.TOMBSTONE, UUID.randomUUID(), clinic.clock.instant());
        }
        clinic.rooms.journal.read();
    }

    /** What the sidecar would copy of the journal as it is. */
    private String copyHead(int store) throws Exception {
        JournalReader reader = new JournalReader(clinic.home.journal(), clinic.installation);
        reader.skipTo(Long.MAX_VALUE);
        JournalHead head = new JournalHead(reader.sequence(), 1, reader.chain());
        String name = "journal/head-" + reader.sequence() + "-" + String.format("%016x", ++heads);
        clinic.store(store).memory.put(name, head.encode(new byte[64]));
        return name;
    }

    private boolean mayPurge() {
        clinic.clock.advance(Duration.ofHours(1));
        return clinic.rooms.deletions.mayPurge();
    }

    private void fails(String text) {
        assertThat(mayPurge()).isFalse();
        assertThat(clinic.rooms.problems.standing()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(FailureKind.STALE);
            assertThat(problem.message()).contains(text).contains("nothing is purged");
            assertThat(problem.cure()).contains("restore its journal");
        });
    }

    /** Back to the first so many entries. */
    private void restore(byte[] segment, int entries) throws Exception {
        Path file = JournalReader.segment(clinic.home.journal(), 1);
        Files.write(file, segment);
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        journal = new TestJournal(clinic.home, clinic.installation, entries);
        clinic.rooms.journal.read();
    }

    @Test
    void aJournalThatGrewSinceItWasCopiedIsTheNewest() throws Exception {
        append(3);
        copyHead(0);
        copyHead(1);
        append(2);
        assertThat(mayPurge()).isTrue();
        copyHead(0);
        assertThat(mayPurge()).isTrue();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    @Test
    void anOlderOnePurgesNothingUntilTheNewerIsBackOrGivenUp() throws Exception {
        append(3);
        byte[] backup = Files.readAllBytes(JournalReader.segment(clinic.home.journal(), 1));
        append(2);
        byte[] newest = Files.readAllBytes(JournalReader.segment(clinic.home.journal(), 1));
        String head = copyHead(1);
        restore(backup, 3);
        fails("tier far has seen a journal with an entry 5");
        append(1);
        fails("entry 5");
        append(4);
        copyHead(1); // newer than that, and of another journal
        fails("entry 5");

        restore(newest, 5);
        clinic.store(1).memory.delete("journal/head-8-0000000000000002");
        assertThat(mayPurge()).isTrue();

        restore(backup, 3);
        fails("entry 5");
        clinic.store(1).memory.delete(head);
        assertThat(mayPurge()).isTrue();
        assertThat(clinic.rooms.problems.standing()).isEmpty();
    }

    @Test
    void whatCannotBeReadAsAHeadMayBeANewerOne() throws Exception {
        append(3);
        String head = copyHead(0);
        clinic.store(0).damage(head, 0);
        fails("tier near has seen a journal with an entry 3");
        clinic.store(0).memory.delete(head);
        assertThat(mayPurge()).isTrue();
    }

    @Test
    void everyTierIsAskedOnceBeforeAnythingIsPurged() throws Exception {
        append(1);
        clinic.store(1).away = true;
        assertThat(mayPurge()).isFalse();
        clinic.store(1).away = false;
        assertThat(mayPurge()).isTrue();
        clinic.store(1).away = true;
        assertThat(mayPurge()).as("it was asked").isTrue();
    }
}
