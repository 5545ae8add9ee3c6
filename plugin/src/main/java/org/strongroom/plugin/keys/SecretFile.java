package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Reads the file behind {@code Strongroom.RootKey}. Errors name setting and path, never content. */
final class SecretFile {
    private static final int LONGEST = 4096;

    private SecretFile() {}

    /** The whole content, which the caller wipes. */
    static byte[] read(String setting, Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw refused(setting, file, "is longer than 4096 bytes").cure("Name the file that holds the secret");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw refused(setting, file, "does not exist")
                    .cure("Create it (mode 0400, owned by Orthanc's user), or correct the path")
                    .causedBy(e);
        } catch (IOException e) {
            throw refused(setting, file, "cannot be read")
                    .cure("Make it readable for the user that runs Orthanc")
                    .causedBy(e);
        }
    }

    static StrongroomException refused(String setting, Path file, String what) {
        return StrongroomException.of(FailureKind.REFUSED, "Strongroom.RootKey." + setting + " " + what)
                .with("file", file);
    }
}
