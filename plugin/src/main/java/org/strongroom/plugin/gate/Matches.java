package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.strongroom.plugin.access.Decision;

/**
 * Everybody's matches. In one piece: no Orthanc promises an order in which pages of its own would fit together.
 *
 * @param cut whether there are more
 */
record Matches(String folder, List<String> ids, boolean cut) {
    /**
     * One way through them.
     *
     * @param order their ids
     * @param left what becomes of each, by its id; empty if it is left out
     */
    record Round(Function<Matches, List<String>> order, Function<String, Optional<Decision>> left) {}

    /** The last part of a path. */
    static String id(String uri) {
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    /** A page that could go on in what was cut off would seem to be the last one. */
    void requireWhole(Page page, long place) {
        if (cut && !page.isOver(place)) {
            throw Lists.refused("the search finds more than can be looked through at once, so narrow it");
        }
    }

    /** A page of what is left; as {@link #each}. */
    ArrayNode page(List<Round> rounds, Page page, Entry entry) {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        each(rounds, page, (uri, decision) -> {
            Optional<JsonNode> shown = entry.of(uri, decision);
            if (shown.isPresent()) {
                answer.add(shown.get());
            }
        });
        return answer;
    }

    /**
     * Goes through a page of what is left.
     *
     * @param rounds one after the other
     * @return how many come up to its end, with those before it
     */
    long each(List<Round> rounds, Page page, BiConsumer<String, Decision> entry) {
        long at = 0;
        for (Round round : rounds) {
            if (page.isOver(at)) {
                return at;
            }
            for (String id : round.order().apply(this)) {
                if (page.isOver(at)) {
                    return at;
                }
                Optional<Decision> decision = round.left().apply(id);
                if (decision.isPresent() && page.holds(at++)) {
                    entry.accept(folder.concat(id), decision.get());
                }
            }
            requireWhole(page, at);
        }
        return at;
    }
}
