package org.strongroom.core.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * An address to which secrets may go: {@code https://HOST}, or {@code http://} to this machine; with or without a port and a path. Keeps
 * what was written, since issuers are compared letter by letter. Immutable.
 */
public record OpenIdAddress(URI uri) {
    static final String PATTERN = "^https?://";

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    public OpenIdAddress {
        if (!uri.toString().matches(PATTERN + ".*") || uri.getHost() == null) {
            throw new IllegalArgumentException("write for example https://login.clinic.example");
        } else if (!uri.getScheme().equals("https") && !THIS_MACHINE.contains(uri.getHost())) {
            throw new IllegalArgumentException("would carry logins in clear: write https://");
        } else if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException("a name or secret does not belong there: write ClientId");
        } else if (uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("write the address without what follows ? or #");
        }
    }

    /** @throws IllegalArgumentException with how to write it */
    public static OpenIdAddress parse(String text) {
        try {
            return new OpenIdAddress(new URI(text));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("write for example https://login.clinic.example", e);
        }
    }

    /** The address of something below this one, with one slash between them. */
    public URI below(String path) {
        return URI.create(toString().replaceAll("/$", "") + "/" + path);
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
