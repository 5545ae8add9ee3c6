package org.strongroom.sidecar.kit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.problem.Problems;

/** Makes pressing trouble with the recovery kit a problem, until it is over. Thread-safe. */
public final class KitWatch {
    private static final String NAME = "recovery-kit";

    private final Home home;
    private final Duration proveEvery;
    private final Problems problems;
    private final InstantSource clock;

    public KitWatch(Home home, Duration proveEvery, Problems problems, InstantSource clock) {
        this.home = home;
        this.proveEvery = proveEvery;
        this.problems = problems;
        this.clock = clock;
    }

    /** Reads one small file. */
    public void look() {
        Optional<KitTrouble> trouble =
                KitTrouble.of(home, proveEvery, clock.instant()).filter(KitTrouble::pressing);
        if (trouble.isPresent()) {
            problems.raise(
                    NAME,
                    FailureKind.REFUSED,
                    trouble.get().what() + ": " + trouble.get().risk(),
                    trouble.get().cure());
        } else {
            problems.clear(NAME);
        }
    }
}
