package org.strongroom.plugin.offline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.strongroom.core.home.SidecarLock;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.offline.OneStudyCommands;

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
    void theLedgerIsSetAsideWhole() throws Exception {
        Path log = home.ledger().resolveSibling("ledger.db-wal");
        Files.writeString(home.ledger(), "a ledger");
        Files.writeString(log, "what was written last");
        LedgerRebuild rebuild = LedgerRebuild.begin(home, Instant.ofEpochMilli(7), Sleeper.SYSTEM);
        assertThat(home.ledger()).doesNotExist();
        assertThat(log).doesNotExist();
        Path aside = home.ledger().resolveSibling("ledger.db.before-7");
        assertThat(aside).hasContent("a ledger");
        assertThat(aside.resolveSibling("ledger.db.before-7-wal")).hasContent("what was written last");
        assertThat(rebuild.lines()).last().asString().contains(aside.toString());
        assertThat(LedgerRebuild.begin(home, Instant.ofEpochMilli(8), Sleeper.SYSTEM)
                        .json())
                .containsEntry("setAside", null);
    }

    @Test
    void aSidecarThatIsEndingIsWaitedForAndOneThatStaysIsNot() throws Exception {
        Files.writeString(home.ledger(), "a ledger");
        SidecarLock sidecar = SidecarLock.take(home).orElseThrow();
        assertThatThrownBy(() -> LedgerRebuild.begin(home, Instant.ofEpochMilli(7), looked -> {}))
                .hasMessageContaining("a sidecar uses the ledger");
        assertThat(home.ledger()).hasContent("a ledger");
        LedgerRebuild.begin(home, Instant.ofEpochMilli(7), looked -> close(sidecar));
        assertThat(home.ledger()).doesNotExist();
    }

    private static void close(SidecarLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
