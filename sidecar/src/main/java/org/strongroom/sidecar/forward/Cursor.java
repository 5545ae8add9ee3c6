package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.io.DurableFiles;

/**
 * How far a destination is: in a file of its own in {@code HOME/audit/forward}, durable, since nothing else knows it. Not thread-safe.
 */
final class Cursor {
    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{32}) ([0-9]{1,18})\n");

    private final Path file;
    private final String log;

    /**
     * @param name of the destination
     * @param log the log's name: another log begins anew
     */
    Cursor(Path folder, String name, String log) {
        this.file = folder.resolve(name);
        this.log = log;
    }

    /** The index of the next entry to send; empty if none of this log was sent. */
    OptionalLong next() throws IOException {
        Optional<Matcher> read = read();
        return read.isPresent() && read.get().group(1).equals(log)
                ? OptionalLong.of(Long.parseLong(read.get().group(2)))
                : OptionalLong.empty();
    }

    /** Whether this destination never got anything, as far as is known. */
    boolean isNew() {
        return !Files.exists(file);
    }

    /** Whether there is a file that does not tell how far it is. */
    boolean isDamaged() throws IOException {
        return !isNew() && read().isEmpty();
    }

    private Optional<Matcher> read() throws IOException {
        try {
            Matcher text = TEXT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            return text.matches() ? Optional.of(text) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Everything before {@code next} is there; durable on return. */
    void set(long next) throws IOException {
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, (log + " " + next + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
