package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import java.util.Set;
import org.strongroom.plugin.access.Decision;

/** Makes what stands in a list for a match. Obligations: empty if that is gone meanwhile. */
@FunctionalInterface
interface Entry {
    Optional<JsonNode> of(String uri, Decision decision);

    /** Orthanc's id of it. */
    static Entry id() {
        return (uri, decision) -> Optional.of(TextNode.valueOf(Matches.id(uri)));
    }

    /**
     * All that Orthanc says of it.
     *
     * @param requested tags beside the main ones
     */
    static Entry expanded(Mine mine, Shown shown, Set<String> requested) {
        return (uri, decision) -> mine.resource(shown, uri, decision, requested);
    }

    /** The same, of a long list. */
    static Entry expanded(Mine mine, Shown shown, Slices slices) {
        Entry byId = expanded(mine, shown, Set.of());
        return (uri, decision) -> (Mine.isOfOne(decision) ? slices.find(Matches.id(uri)) : Optional.<JsonNode>empty())
                .or(() -> byId.of(uri, decision));
    }

    /** Its id and metadata. */
    static Entry metadata(Mine mine, Shown shown) {
        return (uri, decision) -> mine.metadata(shown, uri).map(metadata -> {
            ObjectNode entry = JsonNodeFactory.instance.objectNode();
            entry.put("ID", Matches.id(uri));
            entry.set("Metadata", metadata);
            return entry;
        });
    }
}
