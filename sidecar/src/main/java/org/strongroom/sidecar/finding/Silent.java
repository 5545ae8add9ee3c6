package org.strongroom.sidecar.finding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a directory or provider that knows users is silent; the plugin asks it, and writes down why. Thread-safe. */
public final class Silent implements Supplier<Optional<String>> {
    private static final int LONGEST = 500;

    private final Path file;

    public Silent(Path file) {
        this.file = file;
    }

    /** Why nobody answers, in one line. Reads one small file. */
    @Override
    public Optional<String> get() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String why = Files.readString(file).strip();
            return Optional.of(why.length() > LONGEST ? why.substring(0, LONGEST) : why);
        } catch (IOException e) {
            return Optional.empty(); // the plugin removes it when somebody answers
        }
    }
}
