package org.strongroom.core.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.io.DurableFiles;

/**
 * A moment in which nothing new is stored, so that Orthanc's index rests while it is copied: a file in {@code run}, named anew each time. Who
 * stores waits for its end, and never longer than {@link #LONGEST}: whoever began it may have been killed.
 */
public final class IntakePause implements AutoCloseable {
    /** Most senders wait longer for an answer; an Orthanc with its usual {@code DicomScuTimeout} gives up after 10 seconds, and says so. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    private final Home home;

    private IntakePause(Home home) {
        this.home = home;
    }

    /** Begins one; the caller ends it by {@link #close}. */
    public static IntakePause begin(Home home) throws IOException {
        DurableFiles.replace(home.intakePause(), UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
        return new IntakePause(home);
    }

    /** The name of the one that lasts, or that somebody left. */
    public static Optional<String> current(Home home) throws IOException {
        if (!Files.exists(home.intakePause())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(home.intakePause(), StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(home.intakePause());
    }
}
