package org.strongroom.plugin.login;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cookies of the login: read, and written so that no script, no other site and no unencrypted line gets them. Immutable.
 *
 * @param overHttp whether they go over unencrypted lines all the same
 */
record Cookies(boolean overHttp) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int LONGEST_HEADER = 16 * 1024;

    /** Which one. */
    enum Kind {
        SESSION("strongroom"),
        DEVICE("strongroom-device"),
        /** Of a browser that was sent to the OpenID Connect provider, until it comes back. */
        OPENID("strongroom-openid");

        private final String plain;

        Kind(String plain) {
            this.plain = plain;
        }
    }

    /** A browser gives a cookie with this prefix only to the host that set it, over TLS. */
    private String name(Kind kind) {
        return overHttp ? kind.plain : "__Host-" + kind.plain;
    }

    /** The token; empty if there is none, or two: then somebody else set one of them. */
    Optional<String> read(Map<String, String> headers, Kind kind) {
        String header = headers.getOrDefault("cookie", "");
        if (header.length() > LONGEST_HEADER) {
            return Optional.empty();
        }
        String start = name(kind) + "=";
        String found = null;
        for (String pair : header.split(";", -1)) {
            String trimmed = pair.strip();
            if (trimmed.startsWith(start)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = trimmed.substring(start.length());
            }
        }
        return Optional.ofNullable(found).filter(token -> TOKEN.matcher(token).matches());
    }

    /** The value of a {@code Set-Cookie} header. */
    String write(Kind kind, String token, Duration life) {
        return name(kind) + "=" + token + "; Path=/; Max-Age=" + life.toSeconds() + "; HttpOnly; SameSite=Lax"
                + (overHttp ? "" : "; Secure");
    }

    /** The one that makes a browser forget it. */
    String remove(Kind kind) {
        return write(kind, "", Duration.ZERO);
    }
}
