package org.strongroom.core.control;

import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Body of {@code POST /v1/work/{id}}.
 *
 * @param kind why not; null if {@code ok}
 * @param message static text of the failure; null if {@code ok}
 */
public record WorkAnswer(Boolean ok, FailureKind kind, String message) {
    /** It was done. */
    public static final WorkAnswer DONE = new WorkAnswer(true, null, null);

    public WorkAnswer {
        Objects.requireNonNull(ok, "ok");
        if (!ok) {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(message, "message");
        }
    }

    public static WorkAnswer failed(StrongroomException failure) {
        return new WorkAnswer(false, failure.kind(), failure.text());
    }
}
