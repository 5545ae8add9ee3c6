package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.strongroom.core.secret.Key32;

class PassphraseFileTest extends FileSourceContract {
    @Override
    KeySource source(Path file) {
        return new PassphraseFile(file);
    }

    @Override
    String setting() {
        return "PassphraseFile";
    }

    @Override
    byte[][] secrets() {
        return new byte[][] {bytes("correct horse"), bytes("correct horse "), bytes("caf\u00e9")};
    }

    @Override
    byte[][] notSecrets() {
        return new byte[][] {new byte[0], bytes("\n"), bytes("\r\nsecond line"), new byte[5000]};
    }

    @Test
    void theFirstLineCountsWithoutItsEnd() throws Exception {
        RootParameters parameters = RootParameters.argon2(PassphraseFile.KIND, salt(), 64, 1);
        Key32 plain = key("pass phrase", parameters);

        assertThat(key("pass phrase\n", parameters)).isEqualTo(plain);
        assertThat(key("pass phrase\r\n", parameters)).isEqualTo(plain);
        assertThat(key("pass phrase\nnot this", parameters)).isEqualTo(plain);
        assertThat(key(" pass phrase", parameters)).isNotEqualTo(plain);
    }

    /** Made by another implementation: Python's {@code cryptography}, Argon2id of 64 MiB, 3 passes, 1 lane. */
    @Test
    void isArgon2id() throws Exception {
        RootParameters parameters = RootParameters.argon2(PassphraseFile.KIND, salt(), 64 * 1024, 3);

        assertThat(HexFormat.of().formatHex(key("password", parameters).toBytes()))
                .isEqualTo("0da38a14b42c0a97db18714d0011c5c63cec962e19202b7cdfe8ead145435e54");
    }

    @Test
    void everyNewKeyringHasItsOwnSaltAndTheRecommendedCost() {
        KeySource source = source(folder.resolve("any"));
        RootParameters one = source.newParameters(new SecureRandom());

        assertThat(one.salt())
                .isNotEqualTo(source.newParameters(new SecureRandom()).salt());
        assertThat(one.memoryKib()).isEqualTo(64 * 1024);
        assertThat(one.iterations()).isEqualTo(3);
    }

    private Key32 key(String content, RootParameters parameters) throws Exception {
        Path file = Files.write(folder.resolve("passphrase"), bytes(content));
        return source(file).rootKey(parameters);
    }

    private static String salt() {
        return Base64.getEncoder().encodeToString(bytes("saltsaltsaltsalt"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
