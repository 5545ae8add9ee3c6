package org.strongroom.core.control;

import java.util.Map;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Body of {@code POST /v1/work/{id}}. Immutable.
 *
 * @param kind why not; null if {@code ok}
 * @param message static text of the failure; null if {@code ok}
 * @param context of the failure; empty if there is none
 * @param cure of the failure; empty if there is none
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

    /**
     * @param unknown cure for a failure of which the plugin knows none
     * @throws StrongroomException the plugin's, if it was not done
     */
    public void requireDone(String unknown) {
        if (!ok) {
            StrongroomException told = new ErrorBody(kind, message, context, cure).toException();
            throw told.cure().isEmpty() ? told.cure(unknown) : told;
        }
    }
}
