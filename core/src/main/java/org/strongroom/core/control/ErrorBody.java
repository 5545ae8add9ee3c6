package org.strongroom.core.control;

import java.util.Map;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The one body of every answer from 400 on (docs/control.md, Errors). Immutable. */
public record ErrorBody(FailureKind kind, String message, Map<String, String> context, String cure) {

    public ErrorBody {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
        context = context == null ? Map.of() : Map.copyOf(context);
        cure = cure == null ? "" : cure;
    }

    public static ErrorBody of(StrongroomException failure) {
        return new ErrorBody(failure.kind(), failure.text(), failure.context(), failure.cure());
    }

    /** The failure as it was on the other side. */
    public StrongroomException toException() {
        StrongroomException failure = StrongroomException.of(kind, message);
        for (Map.Entry<String, String> entry : context.entrySet()) {
            failure = failure.with(entry.getKey(), entry.getValue());
        }
        return failure.cure(cure);
    }

    /** The HTTP status that carries this kind. */
    public static int status(FailureKind kind) {
        return switch (kind) {
            case REFUSED -> 403;
            case NOT_FOUND -> 404;
            case CORRUPT -> 422;
            case STALE -> 409;
            case UNAVAILABLE, ARCHIVED -> 503;
            case FULL -> 507;
            case BUG -> 500;
        };
    }
}
