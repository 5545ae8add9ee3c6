package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** What a recovery says at its end, where the index of a snapshot lists everything, so that nothing is read. */
class RegistrationTest {
    private static final byte[] PATIENT = {1};

    @TempDir
    Path folder;

    private final UUID pack = UUID.randomUUID();
    private final List<StudyStatus> studies = new ArrayList<>();
    private Home home;
    private Keyring keyring;
    private Journal journal;
    private StandInSidecar sidecar;

    @BeforeEach
    void begin() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        journal =
                Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {});
        sidecar = new StandInSidecar();
        FsckLine whole = new FsckLine.Result("plugin", List.of(), 3, 0, 3, 0, 0, 1, 0);
        serve("/v1/fsck", List.of(whole));
        serve("/v1/studies", studies);
        sidecar.begin(home, keyring.installation());
    }

    @AfterEach
    void end() throws IOException {
        sidecar.close();
        journal.close();
        keyring.close();
    }

    private void serve(String path, List<?> lines) {
        sidecar.on(path, exchange -> {
            StringBuilder text = new StringBuilder();
            for (Object line : lines) {
                text.append(new String(ControlJson.write(line), StandardCharsets.UTF_8))
                        .append('\n');
            }
            StandInSidecar.give(exchange, 200, text.toString().getBytes(StandardCharsets.UTF_8));
        });
    }

    private void study(UUID key, long attachments) {
        studies.add(new StudyStatus(
                key,
                key,
                attachments,
                attachments,
                1,
                1,
                0,
                0,
                3 - attachments,
                Instant.EPOCH,
                List.of(new StudyStatus.PackStatus(pack, 3, 1, Map.of("far", "received"), Map.of()))));
    }

    private Registration.Outcome run() throws IOException, InterruptedException {
        Registration.Watcher nobody = new Registration.Watcher() {
            @Override
            public void plan(Registration.Plan plan) {}

            @Override
            public void show(long done, long all, String words) {}
        };
        return new Registration(home, () -> {}, Sleeper.SYSTEM, RunningTime.system(), nobody).run();
    }

    @Test
    void aStudyWhoseKeyDidNotComeBackIsToldThoughTheIndexListsIt() throws Exception {
        study(keyring.studyKey(PATIENT, new byte[] {1}).id(), 3);
        assertThat(run().whole()).isTrue();
        study(UUID.randomUUID(), 3);
        Registration.Outcome outcome = run();
        assertThat(outcome.whole()).isFalse();
        assertThat(outcome.wrong()).singleElement().satisfies(finding -> {
            assertThat(finding.what()).contains("in no key bundle");
            assertThat(finding.tier()).isEqualTo("far");
            assertThat(finding.object()).isEqualTo(PackPrologue.objectName(pack));
        });
    }

    @Test
    void whatIsDeletedOrErasedNeedsNoKey() throws Exception {
        study(UUID.randomUUID(), 0); // deleted, and its grace goes on
        UUID destroyed = keyring.studyKey(PATIENT, new byte[] {2}).id();
        keyring.destroy(destroyed);
        study(destroyed, 3);
        UUID erased = UUID.randomUUID(); // its record did not come back either, and the journal knows
        study(erased, 3);
        assertThat(run().whole()).isFalse();
        journal.keyDestroyed(UUID.randomUUID(), erased);
        assertThat(run().whole()).isTrue();
    }
}
