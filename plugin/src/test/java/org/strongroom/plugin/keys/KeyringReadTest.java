package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;

class KeyringReadTest {
    private static final byte[] PATIENT = "P1".getBytes(StandardCharsets.UTF_8);
    private static final byte[] STUDY = "1.2.3".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void aReaderLeavesTheWritersFilesAlone() throws IOException {
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Clock clock = Clock.systemUTC();
        try (Keyring writer = Keyring.create(home, source, UUID.randomUUID(), clock)) {
            StudyKey key = writer.studyKey(PATIENT, STUDY);
            Path segment = home.keyring().resolve("records").resolve("00000001.strk");
            Files.write(segment, new byte[] {'S', 'T', 'R'}, StandardOpenOption.APPEND); // half a record
            long before = Files.size(segment);
            try (Keyring reader = Keyring.read(home, source, clock)) {
                assertThat(reader.keyOf(key.id())).isEqualTo(key.key());
                assertThat(reader.findStudyKey(PATIENT, STUDY)).contains(key.id());
                assertThatIllegalStateException().isThrownBy(reader::attachmentKey);
            }
            assertThat(segment).hasSize(before);
        }
    }

    @Test
    void aReaderFindsWhatItsWriterAddsLater() throws IOException {
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Clock clock = Clock.systemUTC();
        try (Keyring writer = Keyring.create(home, source, UUID.randomUUID(), clock);
                Keyring reader = Keyring.read(home, source, clock)) {
            for (int i = 0; i < 600; i++) { // more than two segments
                StudyKey key = writer.attachmentKey();
                if (i % 100 == 50) {
                    assertThat(reader.keyOf(key.id())).isEqualTo(key.key());
                }
            }
        }
    }
}
