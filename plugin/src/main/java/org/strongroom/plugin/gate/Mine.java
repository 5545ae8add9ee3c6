package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;

/** What somebody could ask for by its path: what they may be shown in an answer that holds many. Immutable. */
record Mine(Access access, Principal principal) {
    /** What becomes of a request for it; empty if it is refused. */
    Optional<Decision> decision(String uri) {
        Decision decision = access.decide(principal, HttpMethod.GET, uri, List.of());
        return decision instanceof Decision.Deny ? Optional.empty() : Optional.of(decision);
    }

    /** Whether it may be shown as Orthanc has it. */
    boolean whole(String uri) {
        return decision(uri).filter(Decision.Allow.class::isInstance).isPresent();
    }

    /** Whether no part of it is another's. */
    boolean entirely(String uri) {
        return decision(uri).filter(found -> !has(found, Treatment.FILTERED)).isPresent();
    }

    /** A resource as it may be shown; empty if it may not, or is gone. */
    Optional<JsonNode> resource(Shown shown, String uri) {
        return decision(uri)
                .flatMap(found -> shown.resource(
                        uri, has(found, Treatment.OWN), has(found, Treatment.FILTERED), study -> decision(study)
                                .isPresent()));
    }

    private static boolean has(Decision decision, Treatment treatment) {
        return decision instanceof Decision.Filter filter && filter.treatments().contains(treatment);
    }
}
