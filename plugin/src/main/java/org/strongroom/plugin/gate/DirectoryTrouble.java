package org.strongroom.plugin.gate;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/** Tells the sidecar, which has the status and alerts, whether the users' directory answers. Thread-safe. */
final class DirectoryTrouble implements Consumer<Optional<String>> {
    private static final Logger LOG = System.getLogger(DirectoryTrouble.class.getName());

    private final Home home;

    DirectoryTrouble(Home home) {
        this.home = home;
    }

    @Override
    public synchronized void accept(Optional<String> why) {
        try {
            if (why.isPresent()) {
                DurableFiles.replace(home.silentDirectory(), (why.get() + "\n").getBytes(StandardCharsets.UTF_8));
            } else {
                Files.deleteIfExists(home.silentDirectory());
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The sidecar cannot be told whether the users' directory answers", e);
        }
    }
}
