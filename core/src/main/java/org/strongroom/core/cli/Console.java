package org.strongroom.core.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Where a command speaks: results to {@code out}, everything else to {@code err}. With {@code json} a command prints exactly
 * one JSON object, and nothing else, to {@code out}. Not thread-safe.
 *
 * @param json whether a program reads the result
 * @param terminal whether a person watches, who wants progress
 */
public record Console(PrintWriter out, PrintWriter err, boolean json, boolean terminal) {
    /** The whole was done. */
    public static final int DONE = 0;
    /** Something was not done. */
    public static final int NOT_DONE = 1;
    /** The command was not understood. */
    public static final int MISUSED = 2;

    /** A line of the result for people. */
    public void line(String text) {
        if (!json) {
            out.println(text);
            out.flush();
        }
    }

    /** Something on the way: for people, but not part of the result. */
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    /** The result for programs: a record of the control contract, or a map of such. */
    public void object(Object result) {
        if (json) {
            out.println(new String(ControlJson.write(result), StandardCharsets.UTF_8));
            out.flush();
        }
    }

    /** Tells of a failure, in one format everywhere, and returns {@link #NOT_DONE}. */
    public int failed(StrongroomException failure) {
        if (json) {
            object(Map.of("error", ErrorBody.of(failure)));
            return NOT_DONE;
        }
        StringBuilder text =
                new StringBuilder("strongroom: ").append(failure.text()).append('\n');
        failure.context()
                .forEach((key, value) ->
                        text.append("  ").append(key).append(": ").append(value).append('\n'));
        if (!failure.cure().isEmpty()) {
            text.append("  Cure: ").append(failure.cure()).append('\n');
        }
        err.print(text);
        if (failure.kind() == FailureKind.BUG) {
            failure.printStackTrace(err);
        }
        err.flush();
        return NOT_DONE;
    }
}
