package org.strongroom.plugin.login;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where somebody wanted to go before the login page came in between: a path of this server, with its query. It cannot lead to
 * another one, whoever made it up. Immutable.
 *
 * @param target begins with exactly one slash
 */
record ReturnPath(String target) {
    /** Only what RFC 3986 allows in paths and queries. */
    private static final Pattern SAFE = Pattern.compile("/(?![/\\\\])[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*");

    private static final Pattern FRAGMENT = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,512}");
    private static final int LONGEST = 2048;

    /** The server's own first page. */
    static final ReturnPath HOME = new ReturnPath("/");

    ReturnPath {
        if (!isSafe(target)) {
            throw new IllegalArgumentException("not a path of this server");
        }
    }

    private static boolean isSafe(String target) {
        boolean loops = target.startsWith("/strongroom/login") || target.startsWith("/strongroom/logout");
        return target.length() <= LONGEST && SAFE.matcher(target).matches() && !loops;
    }

    /** What a link or a form says, as {@link #encoded} wrote it; {@link #HOME} for anything else. */
    static ReturnPath decode(String encoded) {
        try {
            String target = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
            return isSafe(target) ? new ReturnPath(target) : HOME;
        } catch (IllegalArgumentException e) {
            return HOME;
        }
    }

    /** Letters, digits, hyphens and underscores only: every Orthanc hands these out of a query as they were. */
    String encoded() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(target.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A link to this target for a page directly below {@code /strongroom/}. Relative, so that it works behind a proxy that puts
     * Orthanc below a path of its own.
     *
     * @param fragment what follows the hash sign, which browsers keep to themselves; left out if it is not one
     */
    String link(String fragment) {
        boolean kept = !fragment.isEmpty() && FRAGMENT.matcher(fragment).matches();
        return ".." + target + (kept ? "#" + fragment : "");
    }

    /**
     * A link to the login page for somebody who asked for {@code uri} (path and query) and is not logged in. Relative to that
     * uri, for the same reason.
     */
    static String toLogin(String uri) {
        ReturnPath wanted = isSafe(uri) ? new ReturnPath(uri) : HOME;
        int query = uri.indexOf('?');
        long depth = Optional.of(query < 0 ? uri : uri.substring(0, query))
                .map(path -> path.chars().filter(c -> c == '/').count())
                .orElse(0L);
        return "../".repeat((int) Math.max(0, depth - 1)) + "strongroom/login?to=" + wanted.encoded();
    }
}
