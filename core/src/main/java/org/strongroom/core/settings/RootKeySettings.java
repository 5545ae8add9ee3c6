package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;

/** Where the root key comes from: exactly one of these. Immutable. */
public record RootKeySettings(
        @Setting(
                        text = "File with a passphrase (its first line). Readable by Orthanc's user only.",
                        otherwise = "KeyFile is used",
                        silent = true)
                Optional<Path> passphraseFile,
        @Setting(
                        text =
                                "File with a random key of 32 bytes (raw, or as 64 hexadecimal digits). Readable by Orthanc's user only.",
                        otherwise = "PassphraseFile is used",
                        silent = true)
                Optional<Path> keyFile) {
    public RootKeySettings {
        if (passphraseFile.isPresent() == keyFile.isPresent()) {
            String found = keyFile.isPresent() ? "two sources" : "no source";
            Problems.check(problems ->
                    problems.add("PassphraseFile", found + ": write exactly one of PassphraseFile and KeyFile"));
        }
    }
}
