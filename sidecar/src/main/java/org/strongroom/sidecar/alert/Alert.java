package org.strongroom.sidecar.alert;

import java.time.Instant;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;

/**
 * What is told, as one JSON object (docs/operations.md).
 *
 * @param key the same when it appears and when it is over
 */
public record Alert(State state, String key, FailureKind kind, String message, String cure, Instant at) {
    /** Whether it begins or ends. */
    public enum State {
        problem,
        over
    }

    static Alert of(State state, String key, Problem problem, Instant at) {
        return new Alert(state, key, problem.kind(), problem.message(), problem.cure(), at);
    }
}
