package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

class RunningAccessTest {
    private static final String USERS = "{\"Strongroom\": {\"Access\": {\"Users\": {\"roe\": {}}}}}";

    @TempDir
    Path folder;

    private Home home;
    private Path file;
    private boolean asked;

    @BeforeEach
    void names() throws IOException {
        home = new Home(Files.createDirectory(folder.resolve("home")));
        file = Files.writeString(folder.resolve("orthanc.json"), "{\"Strongroom\": {}}");
    }

    private void require(boolean snapshot) throws IOException {
        RunningAccess.require(RecoveredConfiguration.of(file), home, () -> {
            asked = true;
            return snapshot;
        });
    }

    @Test
    void anOrthancWithAnotherHomeIsNotGoneOnWith() {
        assertThatThrownBy(() -> require(true))
                .hasMessageContaining("nothing was recovered into it")
                .hasMessageContaining("Stop Orthanc");
        assertThat(asked).isFalse();
    }

    @Test
    void whoMaySeeWhatIsWrittenBeforeAnOrthancThatRunsIsGoneOnWith() throws IOException {
        RecoveryNote.begun("far", Instant.EPOCH).withBeside().write(home.recovery());
        Files.writeString(home.recoveredSettings(), USERS);
        assertThatThrownBy(() -> require(false))
                .hasMessageContaining("does not say who may see what")
                .hasMessageContaining("run the same command again");
        Files.writeString(home.recoveredSettings(), "{\"Strongroom\": {\"Access\": {}}}");
        require(true); // whoever Orthanc let in saw everything
        assertThat(asked).as("all was read already").isFalse();

        Files.writeString(home.recoveredSettings(), USERS);
        Files.writeString(file, USERS);
        require(true);
    }

    /** The lost machine's second factors, and where studies of former tenants may be, are brought into no Home that is in use. */
    @Test
    void whatASnapshotKeepsIsReadBeforeAnOrthancThatRunsIsGoneOnWith() throws IOException {
        RecoveryNote.begun("far", Instant.EPOCH).write(home.recovery());
        Files.writeString(file, USERS);
        assertThatThrownBy(() -> require(true))
                .hasMessageContaining("where studies of former tenants may be")
                .hasMessageContaining("Stop Orthanc and run the same command again");
        require(false); // a tier without any snapshot tells nothing
        assertThat(asked).isTrue();
        RecoveryNote read = RecoveryNote.read(home.recovery()).orElseThrow().withBeside();
        read.ended(Instant.EPOCH).write(home.recovery());
        require(true);
    }

    /** An earlier version did not write down that it had read it. */
    @Test
    void ofANoteOfBeforeItIsSeenOtherwiseThatItWasRead() throws IOException {
        RecoveryNote.begun("far", Instant.EPOCH).write(home.recovery());
        Files.writeString(file, USERS);
        Files.writeString(home.recoveredSettings(), USERS);
        require(true);
        Files.delete(home.recoveredSettings());
        RecoveryNote.begun("far", Instant.EPOCH).ended(Instant.EPOCH).write(home.recovery());
        require(true);
        assertThat(asked).isFalse();
    }

    private static boolean mayHaveSnapshot(String... tiers) {
        return RunningAccess.mayHaveSnapshot(List.of(tiers), (tier, prefix, each) -> {
            if (tier.equals("away")) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the tier cannot be read");
            }
            each.accept(new ObjectLine(prefix + "notes.txt", 1));
            if (tier.equals("far")) {
                each.accept(new ObjectLine(prefix + "00000000000001-" + "0a".repeat(16), 1));
            }
        });
    }

    @Test
    void aSnapshotMayBeInAnyTier() {
        assertThat(mayHaveSnapshot("near", "beside")).isFalse();
        assertThat(mayHaveSnapshot("near", "far", "beside")).isTrue();
        assertThat(mayHaveSnapshot("near", "away"))
                .as("nobody knows what is in it")
                .isTrue();
    }
}
