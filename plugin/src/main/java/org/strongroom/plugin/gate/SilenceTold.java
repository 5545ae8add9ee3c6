package org.strongroom.plugin.gate;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.io.DurableFiles;

/** Tells the sidecar, which has the status and alerts, whether the users' directory or provider answers. Thread-safe. */
final class SilenceTold implements Consumer<Optional<String>> {
    private static final Logger LOG = System.getLogger(SilenceTold.class.getName());

    private final Path file;

    /** @param file that is there while it does not */
    SilenceTold(Path file) {
        this.file = file;
    }

    @Override
    public synchronized void accept(Optional<String> why) {
        try {
            if (why.isPresent()) {
                DurableFiles.replace(file, (why.get() + "\n").getBytes(StandardCharsets.UTF_8));
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The sidecar cannot be told whether the users' directory or provider answers", e);
        }
    }
}
