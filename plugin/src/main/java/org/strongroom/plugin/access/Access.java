package org.strongroom.plugin.access;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.bridge.HttpMethod;

/** Decides on every request. Immutable; what changes is {@link Ownership}. Thread-safe. */
public final class Access {
    private final RouteTable routes;
    private final List<String> tenants;
    private final Ownership ownership;
    private final Ownership withoutPhysicians;

    /** @param tenants all there are, quarantine need not be among them */
    public Access(RouteTable routes, Set<String> tenants, Ownership ownership) {
        Set<String> all = new LinkedHashSet<>(tenants);
        all.add(AccessSettings.QUARANTINE);
        this.routes = routes;
        this.tenants = List.copyOf(all);
        this.ownership = ownership;
        this.withoutPhysicians = ownership.withoutPhysicians();
    }

    /** The line of the route table that says what this needs; empty if it could be read in two ways, or there is none. */
    public Optional<Route> route(HttpMethod method, String path, List<Map.Entry<String, String>> query) {
        return routes.find(method, path, query).map(RouteTable.Match::route);
    }

    /**
     * Whether {@code principal} may ask this. What no line of the route table allows is denied.
     *
     * @param path without arguments, as it was sent
     * @param query the arguments, in their order
     */
    public Decision decide(Principal principal, HttpMethod method, String path, List<Map.Entry<String, String>> query) {
        return decide(principal, method, path, query, List.of());
    }

    /**
     * The same of a request whose body names resources as well.
     *
     * @param listed Orthanc's ids, of any level
     */
    public Decision decide(
            Principal principal,
            HttpMethod method,
            String path,
            List<Map.Entry<String, String>> query,
            List<String> listed) {
        return decide(principal, method, path, query, listed, ownership(principal));
    }

    /**
     * Decides about a long list.
     *
     * @param folder of Orthanc's that all of it is in: {@code /studies/} for example
     */
    public Siblings siblings(Principal principal, String folder) {
        return new Siblings(this, principal, folder);
    }

    /** Whoever does not see patients of their own only is not told who referred whom: that would have to be asked for. */
    Ownership ownership(Principal principal) {
        return principal.isLimitedToOwnPatients() ? ownership : withoutPhysicians;
    }

    /** The same if things are whose {@code whose} says. */
    Decision decide(
            Principal principal,
            HttpMethod method,
            String path,
            List<Map.Entry<String, String>> query,
            List<String> listed,
            Ownership whose) {
        Optional<CanonicalRequest> request = CanonicalRequest.of(path, query);
        if (request.isEmpty()) {
            return new Decision.Deny(Reason.NOT_CANONICAL);
        }
        Optional<RouteTable.Match> match = routes.find(method, request.get());
        if (match.isEmpty()) {
            return new Decision.Deny(principal.isNobody() ? Reason.NOT_LOGGED_IN : Reason.UNKNOWN_ROUTE);
        }
        Route route = match.get().route();
        if (route.need().login() && principal.isNobody()) {
            return new Decision.Deny(Reason.NOT_LOGGED_IN);
        }
        if (route.need().account() && principal.isLink()) {
            return new Decision.Deny(Reason.NOT_PERMITTED);
        }
        if (route.treatments().contains(Treatment.DENY)
                || route.need().alternatives().isEmpty()) {
            return new Decision.Deny(Reason.CLOSED);
        }
        List<Resource> named = new ArrayList<>(match.get().named());
        listed.forEach(id -> named.add(new Resource(Level.RESOURCE, false, id)));
        Reason last = Reason.NOT_PERMITTED;
        for (List<String> permissions : route.need().alternatives()) {
            Claim claim = Claim.of(principal, permissions, tenants, whose);
            Decision decision = claim.decide(route, named);
            if (!(decision instanceof Decision.Deny denied)) {
                return decision;
            }
            last = denied.reason();
        }
        return new Decision.Deny(last);
    }
}
