package org.strongroom.core.control;

import java.util.List;

/**
 * Answer of {@code POST /v1/undelete}.
 *
 * @param instances handed to the plugin to be given back (or that would be)
 * @param kept what cannot come back, by reason
 */
public record UndeleteResult(long instances, List<Kept> kept) {
    public UndeleteResult {
        kept = List.copyOf(kept);
    }
}
