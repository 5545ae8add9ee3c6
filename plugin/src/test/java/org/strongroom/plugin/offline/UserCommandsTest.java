package org.strongroom.plugin.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.secret.PasswordHash;

class UserCommandsTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Deque<String> typed = new ArrayDeque<>();
    private boolean person = true;
    private Home home;

    @BeforeEach
    void configure() throws IOException {
        home = new Home(folder.resolve("home"));
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        String json = "{\"Strongroom\": {\"Home\": \"HOME\", \"RootKey\": {\"KeyFile\": \"KEY\"}}}";
        Files.writeString(
                folder.resolve("orthanc.json"),
                json.replace("HOME", home.root().toString()).replace("KEY", keyFile.toString()));
        home.createFolders();
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC()).close();
    }

    private int run(String... arguments) {
        String[] line = new String[arguments.length + 2];
        line[0] = "--config";
        line[1] = folder.resolve("orthanc.json").toString();
        System.arraycopy(arguments, 0, line, 2, arguments.length);
        Sleeper none = duration -> {};
        Optional<Supplier<String>> answer = person ? Optional.of(() -> "yes") : Optional.empty();
        return new Main(
                        Map.of(),
                        new PrintWriter(out),
                        new PrintWriter(err),
                        false,
                        Clock.systemUTC(),
                        none,
                        answer,
                        prompt -> Optional.ofNullable(typed.poll()))
                .run(line);
    }

    private void type(String... lines) {
        typed.addAll(Arrays.asList(lines));
    }

    @Test
    void aPasswordIsTypedTwiceAndOnlyItsHashIsShown() {
        type("correct horse", "correct horse");
        assertThat(run("user", "hash")).isZero();
        assertThat(PasswordHash.parse(out.toString().strip())).isNotNull();
        assertThat(out + "" + err).doesNotContain("correct");
    }

    @Test
    void aProgramGivesItOnce() {
        person = false;
        type("correct horse");
        assertThat(run("user", "hash", "--json")).isZero();
        assertThat(out.toString()).startsWith("{\"hash\":\"$argon2id$");
    }

    @Test
    void whatWasMistypedIsTooShortOrMissingIsRefused() {
        type("correct horse", "correct house");
        assertThat(run("user", "hash")).isEqualTo(1);
        assertThat(err.toString()).contains("two different passwords");
        type("7 chars");
        assertThat(run("user", "hash")).isEqualTo(1);
        assertThat(err.toString()).contains("too short");
        assertThat(run("user", "hash")).isEqualTo(1);
        assertThat(err.toString()).contains("could not be read without showing it");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void nothingIsResetWhileOrthancRuns() throws IOException {
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(lock).isNotNull();
            assertThat(run("user", "reset", "jane")).isEqualTo(1);
        }
        assertThat(run("user", "reset", "jane")).isZero();
        assertThat(out.toString()).contains("Nothing was known of jane");
    }
}
