package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestRequest;

/** A request that is answered here, who asks, and what becomes of it. Immutable. */
record Inquiry(RestRequest request, Mine mine, Decision decision) {
    static Inquiry of(Callers callers, Access access, RestRequest request) {
        return of(access, callers.who(request.method().name(), request.headers(), ""), request);
    }

    static Inquiry of(Access access, Principal principal, RestRequest request) {
        return new Inquiry(
                request,
                new Mine(access, principal),
                access.decide(principal, request.method(), request.path(), request.arguments()));
    }

    Principal principal() {
        return mine.principal();
    }

    /** Whether it is a request of this method, and all of what it names is the caller's. */
    boolean allows(HttpMethod method) {
        return request.method() == method && decision instanceof Decision.Allow;
    }

    /** Orthanc's own answer, if all of it is the caller's, also when Orthanc has given it. */
    Optional<JsonNode> whole(Shown shown) {
        if (!allows(HttpMethod.GET)) {
            return Optional.empty();
        }
        JsonNode whole = shown.get(request.path() + Lists.query(request));
        return now().allows(HttpMethod.GET) ? Optional.of(whole) : Optional.empty();
    }

    /** The same, decided about again: a part of it may have become another's. */
    Inquiry now() {
        return of(mine.access(), principal(), request);
    }

    /**
     * @param known whether its method, path and arguments are answered here
     * @param done what is done with the answer here
     * @throws StrongroomException REFUSED if it is another's, or more would have to be done
     */
    void require(boolean known, Set<Treatment> done) {
        if (!known || !(decision instanceof Decision.Filter filter) || !done.containsAll(filter.treatments())) {
            throw Lists.refused("this is not answered");
        }
    }
}
