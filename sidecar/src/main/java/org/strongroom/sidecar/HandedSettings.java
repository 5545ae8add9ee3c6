package org.strongroom.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;

/** The settings that the plugin had handed over when this process began. Immutable. */
record HandedSettings(Path file, String text) {
    private static final Logger LOG = LoggerFactory.getLogger(HandedSettings.class);

    static HandedSettings of(Home home) throws IOException {
        if (!Files.exists(home.settings())) {
            throw StrongroomException.of(FailureKind.REFUSED, "no settings were handed over")
                    .with("file", home.settings())
                    .cure("Start Orthanc with the plugin: it writes them");
        }
        return new HandedSettings(home.settings(), Files.readString(home.settings()));
    }

    Configuration configuration() {
        return Configuration.parse(text);
    }

    /** Whether an Orthanc that was started since then handed over others. */
    boolean areStale() {
        try {
            return !Files.readString(file).equals(text);
        } catch (IOException e) {
            LOG.debug("the settings cannot be read again", e);
            return false;
        }
    }
}
