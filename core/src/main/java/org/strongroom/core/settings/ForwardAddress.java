package org.strongroom.core.settings;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where events of the audit log are sent, and how: {@code syslog+tls://HOST:PORT}, {@code syslog+udp://HOST:PORT}, {@code
 * fhir+https://HOST/BASE}, {@code https://HOST/PATH} or {@code file:///PATH}. Immutable.
 */
public record ForwardAddress(URI uri) {
    static final String PATTERN = "^(syslog\\+tls|syslog\\+udp|fhir\\+https|https|file)://";

    public ForwardAddress {
        boolean syslog = String.valueOf(uri.getScheme()).startsWith("syslog");
        if (!uri.toString().matches(PATTERN + ".*")) {
            throw new IllegalArgumentException("write for example syslog+tls://log.example:6514");
        } else if (isFile(uri) ? !uri.getPath().matches("/.+") : uri.getHost() == null) {
            throw new IllegalArgumentException("it names no place: write for example syslog+tls://log.example:6514");
        } else if (syslog && uri.getPort() < 1) {
            throw new IllegalArgumentException("write the port behind the host, for example :6514");
        } else if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("a secret does not belong there: write it into TokenFile");
        }
    }

    /** @throws IllegalArgumentException with how to write it */
    static ForwardAddress parse(String text) {
        try {
            return new ForwardAddress(new URI(text));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("write for example syslog+tls://log.example:6514", e);
        }
    }

    private static boolean isFile(URI uri) {
        return uri.getScheme().equals("file");
    }

    /** Whether somebody proves there who they are. */
    boolean isEncrypted() {
        return !isFile(uri) && !uri.getScheme().equals("syslog+udp");
    }

    /** Whether a token can be shown there. */
    boolean takesToken() {
        return uri.getScheme().endsWith("https");
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
