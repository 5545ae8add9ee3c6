package org.strongroom.plugin.tenancy;

import java.util.Optional;
import java.util.regex.Pattern;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.plugin.access.Principal;

/**
 * Who stores something by HTTP, as it goes with the request through Orthanc ({@link
 * org.strongroom.plugin.bridge.ArrivalContext#token}).
 *
 * @param tenant whose it becomes; empty if it is nobody's
 * @param user empty for somebody who has not logged in
 * @param address IP address that the request comes from; empty if it is not known
 */
public record Sender(String tenant, String user, String address) {
    /** Tenants' names and addresses have none; a user's may. */
    private static final char BETWEEN = ' ';

    private static final Pattern ADDRESS = Pattern.compile("[!-~]{0,64}");

    public Sender {
        address = ADDRESS.matcher(address).matches() ? address : "";
    }

    /** @param tenant of what {@code principal} stores, if that is permitted */
    public static Sender of(Principal principal, Optional<String> tenant, String address) {
        return new Sender(tenant.orElse(""), principal.name(), address);
    }

    /** Empty if this is not what {@link #token} made. */
    public static Optional<Sender> parse(String token) {
        int first = token.indexOf(BETWEEN);
        int last = token.lastIndexOf(BETWEEN);
        if (first < 0) {
            return Optional.empty();
        }
        String tenant = token.substring(0, first);
        return Optional.of(
                first == last
                        ? new Sender(tenant, token.substring(first + 1), "")
                        : new Sender(tenant, token.substring(first + 1, last), token.substring(last + 1)));
    }

    /** What the audit log calls whoever a request with this token is of; an empty one is of no request. */
    public static String asker(String token) {
        return parse(token)
                .map(Sender::user)
                .filter(user -> !user.isEmpty())
                .orElse(token.isEmpty() ? AuditEvent.ORTHANC : AuditEvent.ANYBODY);
    }

    /** Never empty: what comes without a token comes from no request. */
    public String token() {
        String known = tenant + BETWEEN + user;
        return address.isEmpty() && user.indexOf(BETWEEN) < 0 ? known : known + BETWEEN + address;
    }
}
