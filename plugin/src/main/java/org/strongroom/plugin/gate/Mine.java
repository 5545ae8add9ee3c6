package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Siblings;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;

/** What somebody could ask for by its path: what they may be shown in an answer that holds many. Immutable. */
record Mine(Access access, Principal principal) {
    /** What becomes of a request for it; empty if it is refused. */
    Optional<Decision> decision(String uri) {
        return given(access.decide(principal, HttpMethod.GET, uri, List.of()));
    }

    /** The same of one of many, by its id. */
    static Optional<Decision> decision(Siblings siblings, String id) {
        return given(siblings.decide(id));
    }

    private static Optional<Decision> given(Decision decision) {
        return decision instanceof Decision.Deny ? Optional.empty() : Optional.of(decision);
    }

    /** Those of a folder, to be decided about one after the other. */
    Siblings siblings(String folder) {
        return access.siblings(principal, folder);
    }

    /** Whether it may be shown as Orthanc has it. */
    boolean whole(String uri) {
        return decision(uri).filter(Decision.Allow.class::isInstance).isPresent();
    }

    /** Whether no part of it is another's. */
    boolean entirely(String uri) {
        return decision(uri).filter(found -> !has(found, Treatment.FILTERED)).isPresent();
    }

    /** Whether neither it nor its patient is another's as well. */
    static boolean isOfOne(Decision found) {
        return !has(found, Treatment.OWN) && !has(found, Treatment.FILTERED);
    }

    /** Whether a study may be shown whose patient has others, of the same tenant, that may not, and are not restricted. */
    boolean seesOwnPatientsOnly() {
        return principal.isLink() || principal.isLimitedToOwnPatients();
    }

    /** A resource as it may be shown; empty if it may not, or is gone. */
    Optional<JsonNode> resource(Shown shown, String uri) {
        return resource(shown, uri, Detail.USUAL);
    }

    /** The same in this detail. */
    Optional<JsonNode> resource(Shown shown, String uri, Detail detail) {
        return decision(uri).flatMap(found -> resource(shown, uri, found, detail));
    }

    /** The same of what was decided about; empty if it is gone. */
    Optional<JsonNode> resource(Shown shown, String uri, Decision found, Detail detail) {
        return shown.resource(
                uri, detail, has(found, Treatment.OWN), has(found, Treatment.FILTERED), study -> decision(study)
                        .isPresent());
    }

    /** That of a patient of several says what another does: it is left out, as it is refused by its path. Empty if it is gone. */
    Optional<JsonNode> metadata(Shown shown, String uri) {
        try {
            return Optional.of(
                    whole(uri + "/metadata")
                            ? shown.get(uri + "/metadata?expand")
                            : JsonNodeFactory.instance.objectNode());
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean has(Decision decision, Treatment treatment) {
        return decision instanceof Decision.Filter filter && filter.treatments().contains(treatment);
    }
}
