package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.strongroom.core.secret.Key32;

class KeyFileTest extends FileSourceContract {
    private static final String HEX = "00112233445566778899aabbccddeeff".repeat(2);

    @Override
    KeySource source(Path file) {
        return new KeyFile(file);
    }

    @Override
    String setting() {
        return "KeyFile";
    }

    @Override
    byte[][] secrets() {
        return new byte[][] {new byte[32], latin(HEX), latin("an arbitrary text of 32 bytes...")};
    }

    @Override
    byte[][] notSecrets() {
        return new byte[][] {
            new byte[0],
            new byte[31],
            new byte[33],
            latin(HEX.substring(1)),
            latin(HEX + "\r\n"),
            latin("\n" + HEX),
            latin("g" + HEX.substring(1)),
            new byte[5000]
        };
    }

    @Test
    void bothFormsAreTheSameKey() throws Exception {
        Key32 raw = key(HexFormat.of().parseHex(HEX));

        assertThat(raw.toBytes()).isEqualTo(HexFormat.of().parseHex(HEX));
        assertThat(key(latin(HEX))).isEqualTo(raw);
        assertThat(key(latin(HEX.toUpperCase(java.util.Locale.ROOT) + "\n"))).isEqualTo(raw);
    }

    private Key32 key(byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("key"), content);
        return source(file).rootKey(RootParameters.plain(KeyFile.KIND));
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
