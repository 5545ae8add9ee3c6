package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;

/** An RSA key in a PKCS#11 token. The PIN comes from a file or the environment, never from here. Immutable. */
public record Pkcs11Settings(
        @Setting(text = "The token's PKCS#11 library, as its vendor ships it.") Path library,
        @Setting(text = "Label of the token.") String token,
        @Setting(
                        text = "Label of the RSA private key in the token. It must be one that never leaves it.",
                        byDefault = "strongroom")
                String key,
        @Setting(
                        text = "File with the PIN (its first line). Readable by Orthanc's user only.",
                        otherwise = "PinEnv is used",
                        silent = true)
                Optional<Path> pinFile,
        @Setting(
                        text = "Variable of Orthanc's environment that holds the PIN.",
                        otherwise = "PinFile is used",
                        silent = true)
                Optional<String> pinEnv) {
    /** What a token has room for. */
    private static final int LONGEST_LABEL = 32;

    public Pkcs11Settings {
        String name = token;
        Optional<Path> file = pinFile;
        Optional<String> variable = pinEnv;
        Problems.check(problems -> {
            if (name.length() > LONGEST_LABEL) {
                problems.add("Token", "\"" + name + "\" is no token's label: write at most 32 characters");
            }
            SecretPlace.check(problems, "Pin", file, variable);
        });
    }
}
