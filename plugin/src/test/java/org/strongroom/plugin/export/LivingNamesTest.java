package org.strongroom.plugin.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class LivingNamesTest {
    @TempDir
    Path folder;

    @Test
    void anAttachmentLivesWhileOneOfItsNamesDoes() throws IOException {
        UUID kept = UUID.randomUUID();
        UUID removed = UUID.randomUUID();
        UUID back = UUID.randomUUID();
        UUID renamed = UUID.randomUUID();
        UUID gone = UUID.randomUUID();
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        Journal journal =
                Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {});
        try (keyring;
                journal) {
            journal.tombstone(removed);
            journal.tombstone(back);
            journal.restored(back);
            journal.alias(UUID.randomUUID(), renamed);
            journal.tombstone(renamed);
            UUID last = UUID.randomUUID();
            journal.alias(last, gone);
            journal.tombstone(gone);
            journal.tombstone(last);
            UUID moved = UUID.randomUUID();
            UUID alias = UUID.randomUUID();
            UUID successor = UUID.randomUUID();
            UUID late = UUID.randomUUID();
            UUID lateSuccessor = UUID.randomUUID();
            journal.alias(alias, moved);
            journal.moved(moved, successor);
            journal.moved(late, lateSuccessor);
            journal.tombstone(late);
            LivingNames names = LivingNames.read(home, keyring.home());
            assertThat(names.isLiving(kept)).isTrue();
            assertThat(names.isLiving(removed)).isFalse();
            assertThat(names.isLiving(back)).isTrue();
            assertThat(names.isLiving(renamed)).isTrue();
            assertThat(names.isLiving(gone)).isFalse();
            assertThat(names.isLiving(moved)).as("it has one name left").isTrue();
            assertThat(names.isLiving(successor)).isTrue();
            assertThat(names.isLiving(late)).isFalse();
            assertThat(names.isLiving(lateSuccessor))
                    .as("its own name was never Orthanc's")
                    .isFalse();
            journal.moved(alias, successor);
            assertThat(LivingNames.read(home, keyring.home()).isLiving(moved)).isFalse();
            journal.tombstone(moved);
            assertThat(LivingNames.read(home, keyring.home()).isLiving(successor))
                    .isTrue();
            journal.tombstone(alias);
            assertThat(LivingNames.read(home, keyring.home()).isLiving(successor))
                    .isFalse();
        }
    }
}
