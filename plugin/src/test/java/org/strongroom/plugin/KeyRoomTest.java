package org.strongroom.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.RootChange;
import org.strongroom.plugin.supervise.SidecarCommand;

/** The only tenant was called clinic, whose studies were in one tier, and is called praxis now, whose are in both; no journal was begun. */
class KeyRoomTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private Home home;

    @BeforeEach
    void firstStart() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Keyring.create(home, source("before"), UUID.randomUUID(), CLOCK).close();
        TenantPlaces.of(home)
                .with(settings("before", "\"clinic\": {\"Tiers\": [\"near\"]}"))
                .write();
    }

    private KeySource source(String root) throws IOException {
        Path file = folder.resolve(root);
        if (!Files.exists(file)) {
            Files.write(file, Key32.random(new SecureRandom()).toBytes());
        }
        return KeySource.of(settings(root, "").rootKey());
    }

    private Settings settings(String root, String tenants) {
        return Settings.parse("{\"Strongroom\": {\"Home\": \"" + home.root() + "\", \"RootKey\": {\"KeyFile\": \""
                + folder.resolve(root) + "\"}, \"Copies\": 1, \"Tenants\": {" + tenants + "}, \"Tiers\": {\"near\":"
                + " {\"Directory\": \"/near\"}, \"far\": {\"Directory\": \"/far\"}}}}");
    }

    private void start(String root) throws IOException, InterruptedException {
        SidecarCommand none = new SidecarCommand(folder, folder, folder, "64m");
        OpenRooms rooms = new OpenRooms();
        try (rooms) {
            Settings settings = settings(root, "\"praxis\": {\"Sources\": {\"AETs\": [\"CT\"]}}");
            KeyRoom room = KeyRoom.open(home, settings, "{}", none, CLOCK, rooms);
            assertThat(room.keyring().owners().areOnes()).isTrue();
        }
    }

    @Test
    void aFirstStartThatWasBrokenOffBeforeTheJournalHasKeptNobodyApart() throws Exception {
        start("before");
    }

    @Test
    void aChangeOfTheRootKeyThatWasInterruptedIsFinishedBeforeTheLook() throws Exception {
        RootChange change =
                new RootChange(home, Installation.read(home.installation()).orElseThrow());
        change.prepare(source("before"), source("after"), CLOCK.instant());
        DurableFiles.rename(home.keyring().resolve("next.part"), home.keyring().resolve("next"));
        start("after");
    }

    @Test
    void whereSeveralWereKeptApartItIsAnotherTenant() throws Exception {
        try (Keyring keyring = Keyring.open(home, source("before"), Set.of("quarantine"), CLOCK);
                AuditTap audit = AuditTap.open(home, CLOCK, RunningTime.system());
                Journal journal =
                        Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, CLOCK, entry -> {})) {
            new Holds(keyring, CLOCK).keepOnce("quarantine", "nobody has decided", journal, audit);
        }
        assertThatThrownBy(() -> start("before"))
                .isInstanceOf(StrongroomException.class)
                .hasMessageContaining("clinic");
    }
}
