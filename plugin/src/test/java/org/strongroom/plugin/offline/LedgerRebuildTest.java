package org.strongroom.plugin.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.install.HomeLock;

/** What {@code fsck --rebuild} does before a sidecar is asked. */
class LedgerRebuildTest extends OneStudyCommands {
    @Test
    void aDryRunSaysWhatWouldBeDoneAndDoesNothing() throws IOException {
        assertThat(run("fsck", "--rebuild", "--dry-run")).as(err).isZero();
        assertThat(out).contains("There is no ledger");
        Files.writeString(home.ledger(), "a ledger");
        assertThat(run("fsck", "--rebuild", "--dry-run")).isZero();
        assertThat(out).contains("would be set aside as " + home.ledger() + ".before-");
        assertThat(run("fsck", "--rebuild", "--dry-run", "--json")).isZero();
        assertThat(out).contains("\"bytes\":8");
        assertThat(home.ledger()).hasContent("a ledger");
    }

    @Test
    void theLedgerIsSetAsideWhole() throws IOException {
        Path log = home.ledger().resolveSibling("ledger.db-wal");
        Files.writeString(home.ledger(), "a ledger");
        Files.writeString(log, "what was written last");
        LedgerRebuild rebuild = LedgerRebuild.begin(home, java.time.Instant.ofEpochMilli(7));
        assertThat(home.ledger()).doesNotExist();
        assertThat(log).doesNotExist();
        Path aside = home.ledger().resolveSibling("ledger.db.before-7");
        assertThat(aside).hasContent("a ledger");
        assertThat(aside.resolveSibling("ledger.db.before-7-wal")).hasContent("what was written last");
        assertThat(rebuild.lines()).last().asString().contains(aside.toString());
        assertThat(LedgerRebuild.begin(home, java.time.Instant.ofEpochMilli(8)).json())
                .containsEntry("setAside", null);
    }

    @Test
    void nothingIsSetAsideWhileOrthancRuns() throws IOException {
        Files.writeString(home.ledger(), "a ledger");
        HomeLock orthanc = HomeLock.take(home);
        try (orthanc) {
            assertThat(run("fsck", "--rebuild")).isEqualTo(1);
            assertThat(err).contains("Stop Orthanc first");
        }
        assertThat(home.ledger()).hasContent("a ledger");
    }
}
