package org.strongroom.sidecar.control;

import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** A request that nobody could understand: 400, kind REFUSED. */
final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String text) {
        super(text);
    }

    MalformedException(String text, Throwable cause) {
        super(text, cause);
    }

    StrongroomException failure() {
        return StrongroomException.of(FailureKind.REFUSED, getMessage());
    }
}
