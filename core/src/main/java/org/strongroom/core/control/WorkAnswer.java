package org.strongroom.core.control;

import java.util.Objects;
import org.strongroom.core.error.StrongroomException;

/**
 * Body of {@code POST /v1/work/{id}}. Immutable.
 *
 * @param failure why not; null if {@code ok}
 */
public record WorkAnswer(Boolean ok, ErrorBody failure) {
    /** It was done. */
    public static final WorkAnswer DONE = new WorkAnswer(true, null);

    public WorkAnswer {
        Objects.requireNonNull(ok, "ok");
        if (!ok) {
            Objects.requireNonNull(failure, "failure");
        }
    }

    public static WorkAnswer failed(StrongroomException failure) {
        return new WorkAnswer(false, ErrorBody.of(failure));
    }

    /**
     * @param cure for a failure of which the plugin knows none
     * @throws StrongroomException the plugin's, if it was not done
     */
    public void requireDone(String cure) {
        if (!ok) {
            StrongroomException told = failure.toException();
            throw told.cure().isEmpty() ? told.cure(cure) : told;
        }
    }
}
