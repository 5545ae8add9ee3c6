package org.strongroom.plugin.keys;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.credential.SecretFile;

/** The root key from a file: 32 bytes, or 64 hexadecimal digits and at most a line end. No other form. Thread-safe. */
final class KeyFile implements KeySource {
    static final String KIND = "keyFile";
    private static final String SETTING = "RootKey.KeyFile";

    private final Path file;

    KeyFile(Path file) {
        this.file = file;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public RootParameters newParameters(SecureRandom random) {
        return RootParameters.plain(KIND);
    }

    @Override
    public Key32 rootKey(RootParameters parameters) {
        parameters.requireKind(KIND);
        byte[] content = SecretFile.read(SETTING, file);
        byte[] raw = null;
        try {
            raw = content.length == Key32.SIZE ? content.clone() : fromHex(content);
            return Key32.of(raw);
        } finally {
            Arrays.fill(content, (byte) 0);
            if (raw != null) {
                Arrays.fill(raw, (byte) 0);
            }
        }
    }

    private byte[] fromHex(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        String digits = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (digits.length() == 2 * Key32.SIZE && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            return HexFormat.of().parseHex(digits);
        }
        throw SecretFile.refused(SETTING, file, "does not hold a key")
                .with("bytes", content.length)
                .cure("Make one with: head -c 32 /dev/urandom > FILE");
    }
}
