package org.strongroom.core.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Who is told of problems. Immutable. */
public record AlertSettings(
        @Setting(
                        text = "Program that is run when a problem appears and when it is over, with one JSON object"
                                + " on its standard input.",
                        otherwise = "none is run")
                Optional<Path> command,
        @Setting(
                        text = "Address that the same JSON object is posted to. It may hold a token: it is never"
                                + " logged.",
                        otherwise = "nothing is posted",
                        silent = true)
                Optional<URI> webhook) {
    public AlertSettings {
        Optional<URI> address = webhook;
        Problems.check(problems -> {
            if (address.isPresent() && address.get().getHost() == null) {
                problems.add("Webhook", "no address: write https://host/path");
            }
        });
    }
}
