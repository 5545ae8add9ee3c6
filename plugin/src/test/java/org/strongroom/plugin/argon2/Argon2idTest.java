package org.strongroom.plugin.argon2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.error.StrongroomException;

class Argon2idTest {
    private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @CsvSource({
        "password, 64, 1, 1, 32",
        "password, 65536, 3, 1, 32",
        "'', 64, 2, 1, 32",
        "password, 256, 2, 4, 16",
        "caf\u00e9 \u4e2d, 19456, 2, 1, 64",
    })
    void bothImplementationsGiveTheSame(String password, int memoryKib, int passes, int lanes, int size) {
        Argon2id argon2 = new Argon2id(memoryKib, passes, lanes);
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        byte[] hash = argon2.byItsAuthors(bytes, SALT, size).orElseThrow();
        assertThat(hash).hasSize(size).isEqualTo(argon2.byBouncyCastle(bytes, SALT, size));
        assertThat(bytes).isEqualTo(password.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatTheLibraryRefusesIsAnError() {
        assertThatThrownBy(() -> new Argon2id(64, 1, 1).byItsAuthors(new byte[1], new byte[7], 32))
                .isInstanceOf(StrongroomException.class)
                .hasMessageContaining("Argon2id");
    }
}
