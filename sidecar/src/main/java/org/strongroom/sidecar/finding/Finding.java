package org.strongroom.sidecar.finding;

import org.strongroom.core.control.Status.Problem;

/**
 * Problems of one kind in one place. Immutable.
 *
 * @param problem the first of them, and how many others there are
 */
public record Finding(Problem problem, long count) {
    static Finding of(Problem first, long count) {
        String others = count == 1 ? "" : " (and " + (count - 1) + " others like it)";
        return new Finding(new Problem(first.kind(), first.message() + others, first.cure()), count);
    }
}
