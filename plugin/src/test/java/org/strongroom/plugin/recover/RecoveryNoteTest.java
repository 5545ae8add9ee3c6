package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only while a recovery goes on, and its index is that of a snapshot, may Orthanc delete what it deleted before. */
class RecoveryNoteTest {
    private static final Instant NOW = Instant.parse("2026-11-26T02:00:00Z");

    @TempDir
    Path folder;

    private boolean isOfSnapshot(RecoveryNote note) throws IOException {
        Path file = folder.resolve("recovery.json");
        note.write(file);
        return RecoveryNote.isOfSnapshot(file);
    }

    @Test
    void oneGoesOnFromTheIndexOfASnapshotUntilAllIsListed() throws IOException {
        assertThat(RecoveryNote.isOfSnapshot(folder.resolve("recovery.json"))).isFalse();
        RecoveryNote begun = RecoveryNote.begun("offsite", NOW);
        assertThat(isOfSnapshot(begun)).isFalse();
        RecoveryNote listed = begun.listed(NOW);
        assertThat(isOfSnapshot(listed)).isTrue();
        assertThat(isOfSnapshot(listed.listed(null))).isFalse();
        assertThat(isOfSnapshot(listed.ended(NOW))).isFalse();
    }
}
