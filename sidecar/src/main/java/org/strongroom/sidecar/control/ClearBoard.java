package org.strongroom.sidecar.control;

import org.strongroom.core.control.ClearProgress;
import org.strongroom.sidecar.problem.Problems;

/** What the plugin told last of the files of the time before Strongroom. Thread-safe. */
final class ClearBoard {
    private static final String PROBLEM = "clear";

    private final Problems problems;
    private volatile ClearProgress last;

    ClearBoard(Problems problems) {
        this.problems = problems;
    }

    void told(ClearProgress progress) {
        last = progress;
        if (progress.problem() == null) {
            problems.clear(PROBLEM);
        } else {
            problems.raise(
                    PROBLEM,
                    progress.problem().kind(),
                    progress.problem().message(),
                    progress.problem().cure());
        }
    }

    /** Null if nothing was told. */
    ClearProgress last() {
        return last;
    }
}
