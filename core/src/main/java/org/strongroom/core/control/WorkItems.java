package org.strongroom.core.control;

import java.util.List;

/** Answer of {@code GET /v1/work}: what there is to do now, possibly nothing. */
public record WorkItems(List<Work> items) {
    public WorkItems {
        items = List.copyOf(items);
    }
}
