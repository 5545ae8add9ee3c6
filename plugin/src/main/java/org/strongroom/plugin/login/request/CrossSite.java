package org.strongroom.plugin.login.request;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;

/**
 * Whether a request comes from a page of this server, or from one of somebody else that uses the browser's cookie. Viewers know no
 * tokens of ours; browsers say themselves where a request that changes something comes from.
 */
public final class CrossSite {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private CrossSite() {}

    /**
     * Whether a request with a cookie may be answered. One that changes something must be said to come from here: a browser that
     * says nothing is not believed.
     *
     * @param headers names in lower case
     */
    public static boolean permits(String method, Map<String, String> headers) {
        return READING.contains(method) || isOwn(headers);
    }

    /** Whether the browser says that the request comes from a page of this server. */
    public static boolean isOwn(Map<String, String> headers) {
        String site = headers.get("sec-fetch-site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none"); // none: typed, or a bookmark
        }
        String origin = headers.get("origin");
        String host = headers.get("host");
        if (origin == null || host == null) {
            return false;
        }
        try {
            URI from = new URI(origin);
            return from.getRawAuthority() != null && from.getRawAuthority().equalsIgnoreCase(host);
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
