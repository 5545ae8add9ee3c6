package org.strongroom.plugin.login.request;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where somebody wanted to go before the login page came in between: a path of this server, with its query. It cannot lead to
 * another one, whoever made it up. Immutable.
 *
 * @param target begins with exactly one slash
 */
public record ReturnPath(String target) {
    /** Only what RFC 3986 allows in paths and queries. */
    private static final Pattern SAFE = Pattern.compile("/(?![/\\\\])[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*");

    private static final Pattern FRAGMENT = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,512}");
    private static final int LONGEST = 2048;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** The server's own first page. */
    public static final ReturnPath HOME = new ReturnPath("/");

    public ReturnPath {
        if (!isSafe(target)) {
            throw new IllegalArgumentException("not a path of this server");
        }
    }

    private static boolean isSafe(String target) {
        boolean loops = target.startsWith("/strongroom/login") || target.startsWith("/strongroom/logout");
        return target.length() <= LONGEST && SAFE.matcher(target).matches() && !loops;
    }

    /** What a link or a form says, as {@link #encoded} wrote it; {@link #HOME} for anything else. */
    public static ReturnPath decode(String encoded) {
        try {
            String target = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
            return isSafe(target) ? new ReturnPath(target) : HOME;
        } catch (IllegalArgumentException e) {
            return HOME;
        }
    }

    /** Letters, digits, hyphens and underscores only: every Orthanc hands these out of a query as they were. */
    public String encoded() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(target.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A link to this target for a page directly below {@code /strongroom/}. Relative, so that it works behind a proxy that puts
     * Orthanc below a path of its own.
     *
     * @param fragment what follows the hash sign, which browsers keep to themselves; left out if it is not one
     */
    public String link(String fragment) {
        String kept = fragment(fragment);
        return ".." + target + (kept.isEmpty() ? "" : "#" + kept);
    }

    /** What may follow a hash sign; nothing if that is something else. */
    public static String fragment(String text) {
        return FRAGMENT.matcher(text).matches() ? text : "";
    }

    /** What somebody asked for who is not logged in; {@link #HOME} if that cannot be asked for again. */
    public static ReturnPath of(String uri, List<Map.Entry<String, String>> arguments) {
        StringBuilder target = new StringBuilder(uri);
        for (Map.Entry<String, String> argument : arguments) {
            target.append(target.length() == uri.length() ? '?' : '&').append(escaped(argument.getKey()));
            if (!argument.getValue().isEmpty()) {
                target.append('=').append(escaped(argument.getValue()));
            }
        }
        return isSafe(target.toString()) ? new ReturnPath(target.toString()) : HOME;
    }

    /** What was escaped already stays: Orthanc's versions differ in whether they decode. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && "\"#&<>[\\]^`{|}\u007f".indexOf(b) < 0;
            if (plain) {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HEX.toHexDigits(b));
            }
        }
        return escaped.toString();
    }
}
