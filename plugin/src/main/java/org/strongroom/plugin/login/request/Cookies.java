package org.strongroom.plugin.login.request;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cookies of the login: read, and written so that no script, no other site and no unencrypted line gets them. Immutable.
 *
 * @param overHttp whether they go over unencrypted lines all the same
 */
public record Cookies(boolean overHttp) {
    private static final String TOKEN = "[A-Za-z0-9_-]{43}";
    private static final int LONGEST_HEADER = 16 * 1024;

    /** Which one. */
    public enum Kind {
        SESSION("strongroom", TOKEN),
        DEVICE("strongroom-device", TOKEN),
        /** Of a browser that was sent to the OpenID Connect provider, until it comes back: a token, and where it wants to go then. */
        OPENID("strongroom-openid", TOKEN + "\\.[A-Za-z0-9_-]{0,2800}\\.[A-Za-z0-9_-]{0,700}");

        private final String plain;
        private final Pattern value;

        Kind(String plain, String value) {
            this.plain = plain;
            this.value = Pattern.compile(value);
        }
    }

    /** A browser gives a cookie with this prefix only to the host that set it, over TLS. */
    private String name(Kind kind) {
        return overHttp ? kind.plain : "__Host-" + kind.plain;
    }

    /** Its value; empty if there is none, or two: then somebody else set one of them. */
    public Optional<String> read(Map<String, String> headers, Kind kind) {
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
        return Optional.ofNullable(found)
                .filter(value -> kind.value.matcher(value).matches());
    }

    /** The value of a {@code Set-Cookie} header. */
    public String write(Kind kind, String value, Duration life) {
        return name(kind) + "=" + value + "; Path=/; Max-Age=" + life.toSeconds() + "; HttpOnly; SameSite=Lax"
                + (overHttp ? "" : "; Secure");
    }

    /** The one that makes a browser forget it. */
    public String remove(Kind kind) {
        return write(kind, "", Duration.ZERO);
    }
}
