package org.strongroom.plugin.login.signin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.plugin.login.factor.AccountRecord;

/**
 * The clinic's rules for who works with its images, which everybody says to have read. Immutable.
 *
 * @param hash SHA-256 of the text
 */
public record Policy(String text, String hash, Duration period) {
    private static final int LONGEST = 256 * 1024;

    /** @throws StrongroomException REFUSED if the file cannot be read */
    public static Optional<Policy> read(Optional<Path> file, Duration period) {
        return file.map(path -> read(path, period));
    }

    private static Policy read(Path file, Duration period) {
        try {
            if (Files.size(file) <= LONGEST) {
                byte[] bytes = Files.readAllBytes(file);
                return new Policy(
                        new String(bytes, StandardCharsets.UTF_8),
                        Sha256.of(bytes).toString(),
                        period);
            }
        } catch (IOException e) {
            throw refused(file).causedBy(e);
        }
        throw refused(file);
    }

    private static StrongroomException refused(Path file) {
        return StrongroomException.of(FailureKind.REFUSED, "Strongroom.Access.Login.Policy cannot be read")
                .with("file", file)
                .cure("Name a text file of at most 256 KiB that Orthanc's user can read");
    }

    /** Whether it has to be shown to somebody who last said so. */
    boolean isDue(Optional<AccountRecord.Acknowledgement> last, Instant now) {
        return last.isEmpty()
                || !last.get().policy().equals(hash)
                || !now.isBefore(last.get().at().plus(period));
    }
}
