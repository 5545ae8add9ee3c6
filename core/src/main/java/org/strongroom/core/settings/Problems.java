package org.strongroom.core.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What is wrong with a configuration, all of it, by path of the setting. Not thread-safe. */
final class Problems {
    private final Map<String, String> found = new LinkedHashMap<>();

    /** Adds a problem; {@code what} holds the value where it may be shown, and the cure. */
    void add(String path, String what) {
        found.merge(path, what, (first, second) -> first + "; " + second);
    }

    /** Adds what a nested constructor refused, whose paths are relative to {@code path}. */
    void addAll(String path, StrongroomException refused) {
        refused.context().forEach((name, what) -> add(path.isEmpty() ? name : path + "." + name, what));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Throws REFUSED with every problem as context. */
    void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        StrongroomException refused = StrongroomException.of(FailureKind.REFUSED, "settings refused");
        for (Map.Entry<String, String> problem : found.entrySet()) {
            refused = refused.with(problem.getKey(), problem.getValue());
        }
        throw refused.cure("correct these settings in Orthanc's configuration (docs/settings.md lists them all)");
    }

    /** Runs {@code checks} and throws REFUSED if they found anything. */
    static void check(Consumer<Problems> checks) {
        Problems problems = new Problems();
        checks.accept(problems);
        problems.throwIfAny();
    }
}
