package org.strongroom.plugin.tenancy;

import java.util.Optional;
import org.strongroom.plugin.access.Principal;

/**
 * Who stores something by HTTP, as it goes with the request through Orthanc ({@link
 * org.strongroom.plugin.bridge.ArrivalContext#token}).
 *
 * @param tenant whose it becomes; empty if it is nobody's
 * @param user empty for somebody who has not logged in
 */
public record Sender(String tenant, String user) {
    /** Tenants' and users' names have none. */
    private static final char BETWEEN = ' ';

    /** @param tenant of what {@code principal} stores, if that is permitted */
    public static Sender of(Principal principal, Optional<String> tenant) {
        return new Sender(tenant.orElse(""), principal.name());
    }

    /** Empty if this is not what {@link #token} made. */
    public static Optional<Sender> parse(String token) {
        int at = token.indexOf(BETWEEN);
        return at < 0 ? Optional.empty() : Optional.of(new Sender(token.substring(0, at), token.substring(at + 1)));
    }

    /** Never empty: what comes without a token comes from no request. */
    public String token() {
        return tenant + BETWEEN + user;
    }
}
