package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.format.v1.JournalType;

/** Files that Orthanc knows under other names than their own: removed with the last of them, and not before. */
class NamesTest {
    @TempDir
    Path folder;

    private Clinic clinic;
    private TestJournal journal;
    private UUID file;
    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();

    @BeforeEach
    void store() throws Exception {
        clinic = new Clinic(folder, "near").open();
        journal = new TestJournal(clinic.home, clinic.installation);
        file = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
        clinic.ship();
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private Instant removed() throws Exception {
        clinic.rooms.journal.read();
        return clinic.rooms.files.find(file).orElseThrow().removed();
    }

    private void remove(UUID name) throws Exception {
        journal.append(JournalType.TOMBSTONE, name, clinic.clock.instant());
    }

    @Test
    void theOwnNameAloneRemovesNothingWhileAnotherLives() throws Exception {
        journal.alias(first, file, clinic.clock.instant());
        remove(file);
        assertThat(removed()).isNull();
        remove(first);
        assertThat(removed()).isNotNull();
        clinic.clock.advance(Duration.ofDays(31));
        clinic.purge();
        assertThat(clinic.store(0).objects("packs/")).isEmpty();
    }

    @Test
    void aNameThatOrthancGaveBackAtOnceTakesNothingWithIt() throws Exception {
        journal.alias(first, file, clinic.clock.instant());
        journal.alias(second, file, clinic.clock.instant());
        remove(second);
        remove(file);
        assertThat(removed()).isNull();
        journal.append(JournalType.RESTORED, second, clinic.clock.instant());
        remove(first);
        assertThat(removed()).isNull();
        remove(second);
        assertThat(removed()).isNotNull();
    }

    @Test
    void aNewNameBringsBackWhatWasRemoved() throws Exception {
        remove(file);
        assertThat(removed()).isNotNull();
        journal.alias(first, file, clinic.clock.instant());
        assertThat(removed()).isNull();
        remove(first);
        assertThat(removed()).isNotNull();
    }

    @Test
    void aLedgerThatIsBuiltAgainSaysTheSame() throws Exception {
        List<UUID> more = clinic.spool.study(UUID.randomUUID(), 1_000, 1_000);
        clinic.ship();
        journal.alias(first, file, clinic.clock.instant());
        remove(file);
        journal.alias(second, more.get(0), clinic.clock.instant());
        remove(more.get(0));
        remove(second);
        assertThat(removed()).isNull();
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
        assertThat(removed()).isNull();
        assertThat(clinic.rooms.files.find(more.get(0)).orElseThrow().removed()).isNotNull();
        assertThat(clinic.rooms.files.find(more.get(1)).orElseThrow().removed()).isNull();
    }
}
