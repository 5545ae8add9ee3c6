package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;

/** What is there of keyring and journal is written over only if an interrupted recovery made it. */
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

    @Test
    void aSpoolOnAnotherDiskIsLookedInto(@TempDir Path disk) throws IOException {
        Files.createSymbolicLink(home.spool(), disk);
        EmptyHome.require(home);
        Files.createFile(disk.resolve("image"));
        refused();
    }

    /** Only its installation.json is lost; keys of studies that are in the spool alone are in no tier. */
    @Test
    void theKeyringOfAHomeThatWasRecoveredAndLivedOnIsNot() throws IOException {
        Files.createDirectories(home.keyring());
        Instant now = Instant.EPOCH;
        for (RecoveryNote recovered : new RecoveryNote[] {
            BEGUN.ended(now),
            new RecoveryNote("far", List.of(), now, now, 0, false, 0, null, null, null, false),
            new RecoveryNote("far", List.of(), now, null, 1, false, 0, null, null, null, false),
            new RecoveryNote("far", List.of(), now, null, 0, false, 1, null, null, null, false)
        }) {
            recovered.write(home.recovery());
            refused();
        }
        BEGUN.write(home.recovery());
        Files.createFile(home.ledger());
        refused();
    }

    /** Its disk lost some of it: what else is there may be nowhere else. */
    @Test
    void aHomeWithoutKeysIsNotEmptyWhileAnythingOfItIsLeft() throws IOException {
        home.createFolders();
        EmptyHome.require(home);
        UUID image = UUID.randomUUID();
        for (Path file : List.of(
                home.spooled(image),
                home.cached(image),
                home.journal().resolve("00000001.strj"),
                home.audit().resolve("checkpoint"),
                home.pendingAudit().resolve("1"),
                home.retention().resolve("told.strs"),
                home.login().resolve("accounts.strs"))) {
            Files.createDirectories(file.getParent());
            Files.createFile(file);
            refused();
            Files.delete(file);
        }
        EmptyHome.require(home);

        // An interrupted recovery writes a journal and events, and no image.
        BEGUN.write(home.recovery());
        Files.createFile(home.journal().resolve("00000001.strj"));
        Files.createDirectories(home.pendingAudit());
        Files.createFile(home.pendingAudit().resolve("1"));
        EmptyHome.require(home);
        Files.createDirectories(home.spooled(image).getParent());
        Files.createFile(home.spooled(image));
        refused();
    }
}
