package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;

/** What is there of the keyring is deleted only if an interrupted recovery made it. */
class EmptyHomeTest {
    private static final RecoveryNote BEGUN = RecoveryNote.begun("far", Instant.EPOCH);

    @TempDir
    Path folder;

    private Home home;

    @BeforeEach
    void name() {
        home = new Home(folder);
    }

    private void refused() {
        assertThatThrownBy(() -> EmptyHome.require(home)).hasMessageContaining("Home holds something already");
    }

    @Test
    void anAttemptThatHadNotAllKeysIsWrittenOver() throws IOException {
        EmptyHome.require(home);
        Files.createDirectories(home.keyring());
        refused();
        BEGUN.write(home.recovery());
        assertThatCode(() -> EmptyHome.require(home)).doesNotThrowAnyException();
    }

    /** Only its installation.json is lost; keys of studies that are in the spool alone are in no tier. */
    @Test
    void theKeyringOfAHomeThatWasRecoveredAndLivedOnIsNot() throws IOException {
        Files.createDirectories(home.keyring());
        Instant now = Instant.EPOCH;
        for (RecoveryNote recovered : new RecoveryNote[] {
            BEGUN.ended(now),
            new RecoveryNote("far", List.of(), now, now, 0, false, 0, null, null, null),
            new RecoveryNote("far", List.of(), now, null, 1, false, 0, null, null, null),
            new RecoveryNote("far", List.of(), now, null, 0, false, 1, null, null, null)
        }) {
            recovered.write(home.recovery());
            refused();
        }
        BEGUN.write(home.recovery());
        Files.createFile(home.ledger());
        refused();
    }
}
