package org.strongroom.plugin.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** The audit log names a study by its key (format.md §9.4): whose that was the keyring says, and nothing once the key is destroyed. */
class ErasedFromTheLogTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String PATIENT = "PID-4711-SMITH";
    private static final String STUDY = "1.2.276.0.7230010.3.1.2.4711";
    private static final String OTHER = "1.2.276.0.7230010.3.1.2.4712";

    @TempDir
    Path folder;

    @Test
    void nothingTellsWhoseAKeyInTheLogWas() throws IOException {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path root = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(root)));
        Keyring.create(home, source, UUID.randomUUID(), CLOCK).close();
        UUID key;
        UUID other;
        try (Keyring keyring = Keyring.open(home, source, CLOCK);
                AuditTap audit = AuditTap.open(home, CLOCK, RunningTime.system())) {
            key = keyring.studyKey(bytes(PATIENT), bytes(STUDY)).id();
            other = keyring.studyKey(bytes("PID-2"), bytes(OTHER)).id();
            audit.record(AuditEvent.of(AuditType.VIEW).by("anna").with("key", key));
            assertThat(keyring.names().patientId(key)).as("who has the root key").contains(PATIENT);
            assertThat(keyring.names().ofPatient(PATIENT)).containsExactly(key);
            assertThat(keyring.names().ofStudy(STUDY)).containsExactly(key);
        }
        List<byte[]> before = contents(home.keyring());
        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            keyring.destroy(key);
        }

        try (Keyring keyring = Keyring.open(home, source, CLOCK)) {
            assertThat(keyring.isDestroyed(key)).isTrue();
            assertThat(keyring.names().study(key)).isEmpty();
            assertThatThrownBy(() -> keyring.names().patientId(key)).hasMessageContaining("this key was destroyed");
            assertThatThrownBy(() -> keyring.names().studyUid(key)).hasMessageContaining("this key was destroyed");
            assertThat(keyring.names().ofPatient(PATIENT)).isEmpty();
            assertThat(keyring.names().ofStudy(STUDY)).isEmpty();
            assertThat(keyring.findStudyKey(bytes(PATIENT), bytes(STUDY)))
                    .as("nor can somebody guess a name and have it confirmed")
                    .isEmpty();
            assertThat(keyring.names().named(Set.of(STUDY), Set.of(PATIENT)).values()).allMatch(List::isEmpty);
            assertThat(keyring.names().patientId(other)).contains("PID-2");
        }
        List<String> now = contents(home.root()).stream()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList();
        assertThat(now).as("the event stays, and what it is about").anyMatch(text -> text.contains(key.toString()));
        for (String name : List.of(PATIENT, STUDY)) {
            for (Charset charset :
                    List.of(StandardCharsets.US_ASCII, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
                String written = new String(name.getBytes(charset), StandardCharsets.ISO_8859_1);
                assertThat(now).noneMatch(text -> text.contains(written));
            }
        }
        String shredded = new String(gone(before, contents(home.keyring())), StandardCharsets.ISO_8859_1);
        assertThat(shredded.length()).as("the record's secret part").isGreaterThan(48);
        assertThat(now).noneMatch(text -> text.contains(shredded));
    }

    /** What stood in the keyring where now something else stands: from the first byte that differs to the last one. */
    private static byte[] gone(List<byte[]> before, List<byte[]> after) {
        for (int file = 0; file < before.size(); file++) {
            byte[] old = before.get(file);
            byte[] now = after.get(file);
            int first = Arrays.mismatch(old, now);
            if (first >= 0 && old.length == now.length) {
                int last = old.length - 1;
                while (old[last] == now[last]) {
                    last--;
                }
                return Arrays.copyOfRange(old, first, last + 1);
            }
        }
        throw new AssertionError("the keyring did not change");
    }

    private static List<byte[]> contents(Path of) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(of)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
