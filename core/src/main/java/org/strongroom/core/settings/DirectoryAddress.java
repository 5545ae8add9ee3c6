package org.strongroom.core.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** A server of an LDAP directory: {@code ldaps://HOST}, {@code ldap://HOST}, each with or without a port. Immutable. */
public record DirectoryAddress(URI uri) {
    static final String PATTERN = "^ldaps?://";

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int TLS_PORT = 636;
    private static final int PORT = 389;

    public DirectoryAddress {
        if (!uri.toString().matches(PATTERN + ".*") || uri.getHost() == null) {
            throw new IllegalArgumentException("write for example ldaps://dc1.clinic.example");
        } else if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException("a name or secret does not belong there: write BindDN");
        } else if (!uri.getPath().matches("/?") || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(
                    "write the host, and its port if it is another than usual: Base says where to look");
        }
    }

    /** @throws IllegalArgumentException with how to write it */
    static DirectoryAddress parse(String text) {
        try {
            return new DirectoryAddress(new URI(text));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("write for example ldaps://dc1.clinic.example", e);
        }
    }

    /** Whether the connection is encrypted from its first byte. */
    public boolean isTls() {
        return uri.getScheme().equals("ldaps");
    }

    /** Whether nobody else can listen. */
    boolean isThisMachine() {
        return THIS_MACHINE.contains(uri.getHost());
    }

    /** Name or address, without brackets. */
    public String host() {
        return uri.getHost().replaceAll("[\\[\\]]", "");
    }

    public int port() {
        if (uri.getPort() > 0) {
            return uri.getPort();
        }
        return isTls() ? TLS_PORT : PORT;
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
