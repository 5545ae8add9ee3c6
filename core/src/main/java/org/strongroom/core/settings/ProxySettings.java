package org.strongroom.core.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The HTTP proxy through which a store is reached. Its password comes from a file, never from here. Immutable. */
public record ProxySettings(
        @Setting(text = "Address of the proxy: \"http://HOST:PORT\". What passes stays encrypted to the store itself.")
                URI address,
        @Setting(
                        text =
                                "File with one line \"USER:PASSWORD\" for a proxy that asks for it (HTTP Basic). Readable by"
                                        + " the sidecar's user only; read when the sidecar starts.",
                        otherwise = "the proxy asks for nothing",
                        silent = true)
                Optional<Path> credentialsFile) {
    public ProxySettings {
        URI uri = address;
        Problems.check(problems -> {
            if (uri.toString().contains("@")) { // also where it is no part of an address: it is not shown
                problems.add("Address", "holds credentials: remove them and use CredentialsFile");
            } else if (!"http".equals(uri.getScheme())
                    || uri.getHost() == null
                    || uri.getPort() < 1
                    || !uri.getRawPath().matches("/?")
                    || uri.getRawQuery() != null) {
                problems.add("Address", "\"" + uri + "\" is no proxy's address: write http://host:port");
            }
        });
    }
}
