package org.strongroom.sidecar.ship;

import java.io.IOException;
import org.strongroom.core.error.StrongroomException;

/** Bytes that were to be sent cannot be had, or are not those of the plan. The tier they go to has no part in it. */
final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final StrongroomException failure;

    SourceException(StrongroomException failure) {
        super(failure);
        this.failure = failure;
    }

    StrongroomException failure() {
        return failure;
    }
}
