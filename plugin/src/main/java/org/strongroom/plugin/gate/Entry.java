package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import org.strongroom.plugin.access.Decision;

/** Makes what stands in a list for a match. Obligations: empty if that is gone meanwhile. */
@FunctionalInterface
interface Entry {
    Optional<JsonNode> of(String uri, Decision decision);

    /** Orthanc's id of it. */
    static Entry id() {
        return (uri, decision) -> Optional.of(TextNode.valueOf(Matches.id(uri)));
    }

    /** All that Orthanc says of it. */
    static Entry expanded(Mine mine, Shown shown, Detail detail) {
        return (uri, decision) -> mine.resource(shown, uri, decision, detail);
    }

    /** The same, of a long list. */
    static Entry expanded(Mine mine, Shown shown, Slices slices, Detail detail) {
        Entry byId = expanded(mine, shown, detail);
        return (uri, decision) -> (Mine.isOfOne(decision) ? slices.find(Matches.id(uri)) : Optional.<JsonNode>empty())
                .or(() -> byId.of(uri, decision));
    }
}
