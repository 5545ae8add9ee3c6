package org.strongroom.sidecar.evict;

import java.io.IOException;
import java.util.function.Consumer;
import org.strongroom.core.control.EvictResult;

/** An eviction broke off: a disk failed, or the ledger, or whatever else. */
public final class PartlyEvicted extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient EvictResult result;

    PartlyEvicted(EvictResult result, Exception cause) {
        super("an eviction broke off", cause);
        this.result = result;
    }

    /** What had gone by then. */
    public EvictResult result() {
        return result;
    }

    /**
     * Tells what had gone.
     *
     * @param telling which may fail as well: that hides nothing
     * @return this, to be thrown where a disk failed
     * @throws RuntimeException what broke it off, if that is one: it says of which kind it is
     */
    public IOException told(Consumer<EvictResult> telling) {
        Throwable cause = getCause();
        try {
            telling.accept(result);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        return this;
    }
}
