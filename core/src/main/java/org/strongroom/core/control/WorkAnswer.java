package org.strongroom.core.control;

import java.util.Map;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Body of {@code POST /v1/work/{id}}.
 *
 * @param kind why not; null if {@code ok}
 * @param message static text of the failure; null if {@code ok}
 * @param context of the failure; empty if {@code ok}
 * @param cure of the failure; empty if there is none, or if {@code ok}
 */
public record WorkAnswer(Boolean ok, FailureKind kind, String message, Map<String, String> context, String cure) {
    /** It was done. */
    public static final WorkAnswer DONE = new WorkAnswer(true, null, null, Map.of(), "");

    public WorkAnswer {
        Objects.requireNonNull(ok, "ok");
        if (!ok) {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(message, "message");
        }
        context = context == null ? Map.of() : Map.copyOf(context);
        cure = cure == null ? "" : cure;
    }

    public static WorkAnswer failed(StrongroomException failure) {
        return new WorkAnswer(false, failure.kind(), failure.text(), failure.context(), failure.cure());
    }

    /** Why it was not done, as it was on the other side. */
    public StrongroomException toException() {
        return new ErrorBody(kind, message, context, cure).toException();
    }
}
