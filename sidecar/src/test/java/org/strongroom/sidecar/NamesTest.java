package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.sidecar.ledger.FileRow;

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

    private Instant removed(UUID which) {
        return clinic.rooms.files.find(which).orElseThrow().removed();
    }

    /** A file of another key, to which names move. */
    private UUID successor() throws Exception {
        UUID fresh = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
        clinic.ship();
        return fresh;
    }

    private List<UUID> givenBack() {
        return clinic.rooms.files.removedSince(Instant.EPOCH, 0, 10).stream()
                .map(FileRow::uuid)
                .toList();
    }

    @Test
    void aFileWhoseNameMovedIsRemovedAndItsSuccessorLivesByTheName() throws Exception {
        UUID fresh = successor();
        Instant at = clinic.clock.instant().truncatedTo(ChronoUnit.MILLIS);
        journal.moved(file, fresh, at);
        assertThat(removed()).isEqualTo(at);
        assertThat(removed(fresh)).isNull();
        assertThat(clinic.rooms.files.names(fresh)).containsExactly(file);
        assertThat(givenBack())
                .as("nobody gives it back: its successor is there")
                .isEmpty();
        remove(file);
        removed();
        assertThat(removed(fresh)).isNotNull();
        assertThat(givenBack()).containsExactly(fresh);
        journal.append(JournalType.RESTORED, file, clinic.clock.instant());
        assertThat(removed()).as("the name means the successor").isNotNull();
        assertThat(removed(fresh)).isNull();
    }

    @Test
    void aFileLivesUntilItsLastNameMoved() throws Exception {
        UUID fresh = successor();
        journal.alias(first, file, clinic.clock.instant());
        journal.moved(file, fresh, clinic.clock.instant());
        assertThat(removed()).isNull();
        journal.moved(first, fresh, clinic.clock.instant());
        assertThat(removed()).isNotNull();
        assertThat(clinic.rooms.files.names(fresh)).containsExactlyInAnyOrder(file, first);
        remove(file);
        removed();
        assertThat(removed(fresh)).isNull();
        remove(first);
        removed();
        assertThat(removed(fresh)).isNotNull();
    }

    @Test
    void aSuccessorHasSuccessorsAndMoreNamesWithoutItsOwn() throws Exception {
        UUID fresh = successor();
        UUID last = successor();
        journal.moved(file, fresh, clinic.clock.instant());
        journal.alias(first, fresh, clinic.clock.instant());
        journal.moved(file, last, clinic.clock.instant());
        removed();
        assertThat(removed(fresh)).isNull();
        remove(first);
        removed();
        assertThat(removed(fresh)).as("its own name is none of Orthanc's").isNotNull();
        assertThat(removed(last)).isNull();
    }

    @Test
    void aFileThatWasRemovedBeforeItWasThereLivesByTheNameThatItGets() throws Exception {
        UUID fresh = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
        journal.append(JournalType.TOMBSTONE, fresh, clinic.clock.instant());
        clinic.rooms.journal.read();
        clinic.ship();
        assertThat(removed(fresh)).as("nobody means it").isNotNull();
        journal.moved(file, fresh, clinic.clock.instant());
        assertThat(removed()).isNotNull();
        assertThat(removed(fresh)).isNull();
        clinic.ship();
        assertThat(clinic.read(fresh)).isEqualTo(clinic.spool.bytes(fresh));
    }

    @Test
    void aSuccessorThatGetsAnotherNameLosesTheFirstOneAndNotItsLife() throws Exception {
        UUID fresh = successor();
        journal.moved(file, fresh, clinic.clock.instant());
        journal.alias(first, fresh, clinic.clock.instant());
        remove(fresh); // of an index that is lost: it is none of its names
        removed();
        assertThat(removed(fresh)).isNull();
        remove(file);
        removed();
        assertThat(removed(fresh)).as("the new name lives").isNull();
        remove(first);
        removed();
        assertThat(removed(fresh)).isNotNull();
    }

    @Test
    void whatHasNoReceiptsUnderItsNewKeyKeepsThoseOfTheFormerOne() throws Exception {
        UUID former = clinic.rooms.files.find(file).orElseThrow().header().key();
        clinic.store(0).away = true;
        UUID fresh = clinic.spool.study(UUID.randomUUID(), 1_000).get(0);
        clinic.rooms.refresh();
        journal.moved(file, fresh, clinic.clock.instant());
        clinic.rooms.refresh();
        assertThat(clinic.rooms.receipts.isNeeded(file)).isTrue();
        clinic.store(0).away = false;
        clinic.clock.advance(Duration.ofDays(31));
        clinic.purge();
        assertThat(clinic.store(0).objects("packs/"))
                .as("the only copy in a tier")
                .hasSize(1);
        clinic.ship();
        assertThat(clinic.rooms.receipts.isNeeded(file)).isFalse();
        assertThat(clinic.rooms.receipts.of(List.of(file)))
                .as("by the name that Orthanc knows")
                .containsExactly(file);
        assertThat(clinic.rooms.remains(former).waiting()).isZero();
        clinic.purge();
        assertThat(clinic.store(0).objects("packs/")).as("the successor's").hasSize(1);
        assertThat(clinic.read(fresh)).isEqualTo(clinic.spool.bytes(fresh));
    }

    @Test
    void whatMovedStaysMovedInALedgerThatIsBuiltAgain() throws Exception {
        UUID fresh = successor();
        journal.moved(file, fresh, clinic.clock.instant());
        assertThat(removed()).isNotNull();
        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        clinic.ship();
        assertThat(clinic.rooms.rebuild.isRunning()).isFalse();
        assertThat(removed()).isNotNull();
        assertThat(removed(fresh)).isNull();
        assertThat(givenBack()).isEmpty();
        clinic.clock.advance(Duration.ofDays(31));
        clinic.purge();
        assertThat(clinic.store(0).objects("packs/")).as("the successor's").hasSize(1);
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
