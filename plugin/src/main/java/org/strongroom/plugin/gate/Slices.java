package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Resources of one of Orthanc's lists, of which it gives many in one answer far more quickly than each by its id. They are asked for in
 * the order of the list; the more of it is asked for, the larger the slices. What a slice does not have, since the list changes or has
 * another order there, is not in it. For one request, one thread.
 */
final class Slices {
    /** Some megabytes. Orthanc passes over all that is before a slice, once for each kind of thing that it says of a resource: few large ones. */
    private static final int LARGEST = 2048;

    private static final int GROWTH = 4;

    private final Shown shown;
    private final String list;
    private final TagFormat format;
    private final List<String> ids;
    private Map<String, String> slice = Map.of();
    /** Places in {@link #ids}: where the slice begins, and the next of which nothing was looked at. */
    private int begin;

    private int at;
    private int asked;
    /** How many the next slice is to have; with one there is none. */
    private int size = 1;

    private boolean fits = true;

    /** @param ids as the list without {@code expand} has them */
    Slices(Shown shown, String list, TagFormat format, List<String> ids) {
        this.shown = shown;
        this.list = list;
        this.format = format;
        this.ids = List.copyOf(ids);
    }

    /** As Orthanc has written it; empty if it has to be asked for by its id. */
    Optional<JsonNode> find(String id) {
        int place = at;
        while (place < ids.size() && !ids.get(place).equals(id)) {
            place++;
        }
        if (!fits || place == ids.size()) {
            return Optional.empty();
        }
        at = place + 1;
        asked++;
        if (!slice.containsKey(id)) {
            next(place);
        }
        return Optional.ofNullable(slice.remove(id))
                .map(text -> JsonNodeFactory.instance.rawValueNode(new RawValue(text)));
    }

    private void next(int place) {
        boolean dense = place + 1 - begin <= 2 * asked;
        size = dense ? Math.min(LARGEST, GROWTH * size) : Math.max(1, size / GROWTH);
        begin = place + 1;
        asked = 0;
        slice = new HashMap<>();
        if (size > 1) {
            slice = shown.each(list + "?expand&since=" + place + "&limit=" + size
                    + format.argument().map("&"::concat).orElse(""));
            fits = slice.containsKey(ids.get(place));
        }
    }
}
