package org.strongroom.sidecar.finding;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Supplier;
import org.strongroom.core.home.Home;

/** Whether the directory that knows users is silent; the plugin asks it, and writes down why. Thread-safe. */
public final class SilentDirectory implements Supplier<Optional<String>> {
    private static final int LONGEST = 500;

    private final Home home;

    public SilentDirectory(Home home) {
        this.home = home;
    }

    /** Why no server answers, in one line. Reads one small file. */
    @Override
    public Optional<String> get() {
        try {
            if (!Files.exists(home.silentDirectory())) {
                return Optional.empty();
            }
            String why = Files.readString(home.silentDirectory()).strip();
            return Optional.of(why.length() > LONGEST ? why.substring(0, LONGEST) : why);
        } catch (IOException e) {
            return Optional.empty(); // the plugin removes it when a server answers
        }
    }
}
