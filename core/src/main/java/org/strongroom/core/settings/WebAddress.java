package org.strongroom.core.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * An address at which browsers and secrets are safe: {@code https://HOST}, or {@code http://} to this machine; with or without a port and
 * a path. Keeps what was written, since issuers are compared letter by letter. Immutable.
 */
public record WebAddress(URI uri) {
    static final String PATTERN = "^https?://";

    private static final String EXAMPLE = "write for example https://pacs.clinic.example";
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int TLS_PORT = 443;
    private static final int PORT = 80;

    public WebAddress {
        if (!uri.toString().matches(PATTERN + ".*") || uri.getHost() == null) {
            throw new IllegalArgumentException(EXAMPLE);
        } else if (uri.getScheme().equals("http")
                && !THIS_MACHINE.contains(uri.getHost().toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "write https:// (http:// is for this machine only: it carries logins in clear)");
        } else if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("write what is before any ? and #, and no name or secret");
        }
    }

    /** @throws IllegalArgumentException with how to write it */
    public static WebAddress parse(String text) {
        try {
            return new WebAddress(new URI(text));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(EXAMPLE, e);
        }
    }

    /** The address of something below this one, with one slash between them. */
    public URI below(String path) {
        return URI.create(toString().replaceAll("/$", "") + "/" + path);
    }

    /** In lower case, as browsers write it. */
    public String host() {
        return uri.getHost().toLowerCase(Locale.ROOT);
    }

    /** Whether the host is a name: browsers have security keys for names only. */
    public boolean isName() {
        return !host().matches("\\[.*|[0-9.]+");
    }

    /** Scheme, host and port, as browsers write them: a usual port is left out. */
    public String origin() {
        int usual = uri.getScheme().equals("https") ? TLS_PORT : PORT;
        boolean shown = uri.getPort() != -1 && uri.getPort() != usual;
        return uri.getScheme() + "://" + host() + (shown ? ":" + uri.getPort() : "");
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
