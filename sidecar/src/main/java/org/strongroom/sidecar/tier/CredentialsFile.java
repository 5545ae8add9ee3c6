package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;

/**
 * A file of credentials in the AWS format, as it is now: keys are rotated without a restart. It is read for every request, a few microseconds beside a network's milliseconds, because its date
 * proves nothing: a file that was restored, or written within the clock's step of the last reading, has no newer one. Thread-safe.
 */
final class CredentialsFile implements ProfileFileSupplier {
    private record Read(String text, ProfileFile profiles) {}

    private final Path file;
    private volatile Read last;

    CredentialsFile(Path file) {
        this.file = file;
    }

    /** @throws UncheckedIOException if the file cannot be read */
    @Override
    public ProfileFile get() {
        String text = text();
        Read known = last;
        if (known == null || !known.text.equals(text)) {
            known = new Read(
                    text,
                    ProfileFile.builder()
                            .content(text)
                            .type(ProfileFile.Type.CREDENTIALS)
                            .build());
            last = known;
        }
        return known.profiles;
    }

    private String text() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
