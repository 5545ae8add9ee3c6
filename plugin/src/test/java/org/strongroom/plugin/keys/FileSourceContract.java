package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What every source of a root key that is a file keeps besides. */
abstract class FileSourceContract extends KeySourceContract {
    /** The source that reads {@code file}. */
    abstract KeySource source(Path file);

    /** The setting that names the file. */
    abstract String setting();

    /** Contents that are secrets, all of them different ones. */
    abstract byte[][] secrets();

    /** Contents that are none. */
    abstract byte[][] notSecrets();

    @Override
    KeySource source() throws IOException {
        return source(Files.write(folder.resolve("secret"), secrets()[0]));
    }

    @Override
    KeySource another() throws IOException {
        return source(Files.write(folder.resolve("another"), secrets()[1]));
    }

    @Override
    Map<String, KeySource> failing() {
        return Map.of(setting(), source(folder.resolve("absent")));
    }

    @Override
    String secret() {
        return new String(secrets()[0], StandardCharsets.ISO_8859_1);
    }

    @Test
    void everySecretGivesAnotherKey() throws Exception {
        RootParameters parameters = source(write(secrets()[0])).newParameters(new SecureRandom());
        assertThat(Arrays.stream(secrets())
                        .map(secret -> source(write(secret)).rootKey(parameters))
                        .toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoSecretIsRefusedWithSettingPathAndCureAndWithoutItsContent() throws Exception {
        RootParameters parameters = source(write(secrets()[0])).newParameters(new SecureRandom());
        for (byte[] content : notSecrets()) {
            Path file = write(content);
            assertRefused(file, parameters);
            if (content.length > 3) {
                assertThatThrownBy(() -> source(file).rootKey(parameters))
                        .hasMessageNotContaining(new String(content, StandardCharsets.ISO_8859_1));
            }
        }
        assertRefused(folder.resolve("absent"), parameters);
        assertRefused(folder, parameters);
    }

    @Test
    void aDamagedRootFileIsCorrupt() throws Exception {
        Path file = folder.resolve("root.json");
        for (String content : new String[] {
            "{",
            "{\"kind\": \"passphrase\", \"salt\": \"*\"}",
            "{\"kind\": \"passphrase\", \"memoryKib\": 2000000000}",
            "{\"kind\": \"vault\", \"wrapped\": \"\"}",
            "{\"kind\": \"vault\", \"wrapped\": \"" + "x".repeat(20_000) + "\"}"
        }) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> RootParameters.read(file))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        }
    }

    private void assertRefused(Path file, RootParameters parameters) {
        assertThatThrownBy(() -> source(file).rootKey(parameters))
                .isInstanceOfSatisfying(StrongroomException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e).hasMessageContaining(setting()).hasMessageContaining(file.toString());
                    assertThat(e.cure()).isNotEmpty();
                });
    }

    private Path write(byte[] content) {
        try {
            return Files.write(Files.createTempFile(folder, "secret", ""), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
