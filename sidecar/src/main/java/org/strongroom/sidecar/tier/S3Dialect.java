package org.strongroom.sidecar.tier;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** What kind of store answers at an endpoint: the SDK's defaults are made for AWS and fail elsewhere. */
enum S3Dialect {
    /** AWS itself: trailing checksums; every part carries a SHA-256. */
    AWS,
    /** All others: plain bodies with Content-MD5 and nothing newer. */
    PLAIN;

    static S3Dialect of(Optional<URI> endpoint) {
        return isAt(endpoint, ".amazonaws.com") || isAt(endpoint, ".amazonaws.com.cn") ? AWS : PLAIN;
    }

    /** Cloudflare R2 refuses an upload whose parts, but the last, are not of one size; where another does, its refusal tells. */
    static boolean wantsEqualParts(Optional<URI> endpoint) {
        return isAt(endpoint, ".r2.cloudflarestorage.com");
    }

    private static boolean isAt(Optional<URI> endpoint, String domain) {
        String host = endpoint.map(URI::getHost).orElse("amazonaws.com").toLowerCase(Locale.ROOT);
        return ("." + host).endsWith(domain);
    }
}
