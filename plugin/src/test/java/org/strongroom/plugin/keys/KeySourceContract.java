package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.secret.Key32;

/** What every source of a root key keeps. */
abstract class KeySourceContract {
    @TempDir
    Path folder;

    /** A source; always the same one in one test. */
    abstract KeySource source() throws IOException;

    /** One of the same kind with another secret. */
    abstract KeySource another() throws IOException;

    /** Sources that fail, by a word that their error has, which is a setting or a value. */
    abstract Map<String, KeySource> failing() throws IOException;

    /** What may be in no error and in no parameters. */
    abstract String secret();

    @Test
    void theSameParametersGiveTheSameKeyAlsoThroughAFile() throws Exception {
        RootParameters parameters = source().newParameters(new SecureRandom());
        parameters.write(folder.resolve("root.json"));

        RootParameters read = RootParameters.read(folder.resolve("root.json"));
        assertThat(read).isEqualTo(parameters);
        assertThat(read.kind()).isEqualTo(source().kind());
        assertThat(source().rootKey(read)).isEqualTo(source().rootKey(parameters));
    }

    @Test
    void parametersHoldNothingSecret() throws Exception {
        RootParameters parameters = source().newParameters(new SecureRandom());
        parameters.write(folder.resolve("root.json"));
        byte[] key = source().rootKey(parameters).toBytes();

        assertThat(Files.readString(folder.resolve("root.json")))
                .doesNotContain(secret())
                .doesNotContain(Base64.getEncoder().encodeToString(key))
                .doesNotContain(HexFormat.of().formatHex(key));
    }

    @Test
    void anotherSecretNeverGivesTheKey() throws Exception {
        RootParameters parameters = source().newParameters(new SecureRandom());
        Key32 key = source().rootKey(parameters);
        KeySource another = another();
        try {
            assertThat(another.rootKey(parameters)).isNotEqualTo(key);
        } catch (StrongroomException e) {
            assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(e.cure()).isNotEmpty();
        }
    }

    @Test
    void whatFailsSaysWhereAndWhatToDoAndNothingSecret() throws Exception {
        RootParameters parameters = source().newParameters(new SecureRandom());
        Map<String, KeySource> failing = failing();
        assertThat(failing).isNotEmpty();
        failing.forEach((word, source) -> {
            StrongroomException failed =
                    catchThrowableOfType(StrongroomException.class, () -> source.rootKey(parameters));
            assertThat(failed).as(word).isNotNull();
            assertThat(failed.kind()).isIn(FailureKind.REFUSED, FailureKind.UNAVAILABLE);
            assertThat(failed).hasMessageContaining(word).hasMessageNotContaining(secret());
            assertThat(failed.cure()).isNotEmpty();
            for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
                assertThat(String.valueOf(cause)).doesNotContain(secret());
            }
        });
    }

    @Test
    void anotherKindOfKeyringIsRefused() throws Exception {
        KeySource source = source();
        assertThatThrownBy(() -> source.rootKey(RootParameters.plain("hsm")))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED))
                .hasMessageContaining("hsm")
                .hasMessageContaining(source.kind());
    }

    @Test
    void aKeyringOpensWithItAgainAndNotWithAnother() throws Exception {
        Home home = new Home(folder.resolve("home"));
        byte[] patient = "P".getBytes(StandardCharsets.UTF_8);
        byte[] study = "1.2.3".getBytes(StandardCharsets.UTF_8);
        StudyKey made;
        try (Keyring keyring = Keyring.create(home, source(), UUID.randomUUID(), Clock.systemUTC())) {
            made = keyring.studyKey(patient, study);
        }
        try (Keyring keyring = Keyring.open(home, source(), Clock.systemUTC())) {
            assertThat(keyring.studyKey(patient, study)).isEqualTo(made);
        }
        KeySource another = another();
        assertThatThrownBy(() -> Keyring.open(home, another, Clock.systemUTC()))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
    }
}
