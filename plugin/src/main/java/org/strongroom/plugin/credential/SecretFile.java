package org.strongroom.plugin.credential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Reads a file that a setting names. Errors name setting and path, never content. Stateless. */
public final class SecretFile {
    private static final int LONGEST = 4096;

    private SecretFile() {}

    /**
     * The whole content, which the caller wipes.
     *
     * @throws StrongroomException REFUSED if it cannot be read or is longer than 4096 bytes
     */
    public static byte[] read(String setting, Path file) {
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

    /**
     * Its first line without the line end, which the caller wipes.
     *
     * @throws StrongroomException as {@link #read}, and REFUSED if the line is empty
     */
    public static byte[] firstLine(String setting, Path file) {
        byte[] content = read(setting, file);
        try {
            int end = 0;
            while (end < content.length && content[end] != '\n' && content[end] != '\r') {
                end++;
            }
            if (end == 0) {
                throw refused(setting, file, "has an empty first line").cure("Write the secret into its first line");
            }
            return Arrays.copyOf(content, end);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    public static StrongroomException refused(String setting, Path file, String what) {
        return StrongroomException.of(FailureKind.REFUSED, "Strongroom." + setting + " " + what)
                .with("file", file);
    }
}
