package org.strongroom.core.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where browsers reach this Orthanc: {@code https://HOST}, with a port if it is another than usual, and a path if a proxy puts Orthanc
 * below one. What a request's Host header says is anybody's guess; this is not. Immutable.
 */
public record PublicAddress(URI uri) {
    static final String PATTERN = "^https?://";

    private static final String LOCALHOST = "localhost";
    private static final int TLS_PORT = 443;
    private static final int PORT = 80;

    public PublicAddress {
        if (!uri.toString().matches(PATTERN + ".*") || uri.getHost() == null) {
            throw new IllegalArgumentException("write for example https://pacs.clinic.example");
        } else if (uri.getScheme().equals("http") && !uri.getHost().equalsIgnoreCase(LOCALHOST)) {
            throw new IllegalArgumentException("write https:// (http:// only for localhost, in a trial)");
        } else if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("write what is before any ? and #, and no name or secret");
        }
    }

    /** @throws IllegalArgumentException with how to write it */
    static PublicAddress parse(String text) {
        try {
            return new PublicAddress(new URI(text));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("write for example https://pacs.clinic.example", e);
        }
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
