package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.format.v1.JournalType;

/** What may be committed to: files with the receipts of as many tiers as {@code Copies} asks for. */
class ReceiptsTest {
    private static final UUID KEY = UUID.randomUUID();

    @TempDir
    Path folder;

    private static List<UUID> received(Clinic clinic, List<UUID> files) {
        return clinic.rooms.receipts.of(files);
    }

    @Test
    void everyTierIsWaitedForAndAnEvictedFileKeepsItsReceipts() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near", "far").open()) {
            clinic.ship(); // every tier was seen once
            List<UUID> files = clinic.spool.study(KEY, 5_000, 300);
            assertThat(received(clinic, files)).as("never seen").isEmpty();
            clinic.plan();
            assertThat(received(clinic, files)).as("planned").isEmpty();
            clinic.store(1).away = true;
            clinic.ship();
            assertThat(received(clinic, files)).as("one of two").isEmpty();
            clinic.store(1).away = false;
            clinic.ship();
            assertThat(received(clinic, files)).isEqualTo(files);
            assertThat(received(clinic, List.of(UUID.randomUUID(), files.get(1))))
                    .containsExactly(files.get(1));
            clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
            assertThat(received(clinic, files)).isEqualTo(files);
        }
    }

    @Test
    void aCopyInDoubtIsNoReceipt() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 5_000);
            clinic.ship();
            assertThat(received(clinic, files)).isEqualTo(files);
            long pack = clinic.rooms
                    .packs
                    .holding(clinic.rooms.files.find(files.get(0)).orElseThrow().id())
                    .get(0)
                    .pack();
            clinic.rooms.copies.suspect(clinic.rooms.copies.find(pack, "near").orElseThrow());
            assertThat(received(clinic, files)).isEmpty();
        }
    }

    @Test
    void whatOrthancRemovedHasNone() throws Exception {
        try (Clinic clinic = new Clinic(folder, "near").open()) {
            List<UUID> files = clinic.spool.study(KEY, 5_000, 300);
            clinic.ship();
            TestJournal journal = new TestJournal(clinic.home, clinic.installation);
            journal.append(JournalType.TOMBSTONE, files.get(0), clinic.clock.instant());
            clinic.rooms.journal.read();
            assertThat(received(clinic, files)).containsExactly(files.get(1));
            journal.append(JournalType.RESTORED, files.get(0), clinic.clock.instant());
            clinic.rooms.journal.read();
            assertThat(received(clinic, files)).isEqualTo(files);
        }
    }
}
