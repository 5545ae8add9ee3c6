package org.strongroom.sidecar.evict;

import java.io.IOException;
import org.strongroom.core.control.EvictResult;

/** An eviction broke off: a disk failed. */
public final class PartlyEvicted extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient EvictResult result;

    PartlyEvicted(EvictResult result, IOException cause) {
        super("an eviction broke off", cause);
        this.result = result;
    }

    /** What had gone by then. */
    public EvictResult result() {
        return result;
    }
}
