package org.strongroom.sidecar.kit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.control.DrillResult;
import org.strongroom.core.control.Drills;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.sidecar.problem.Problems;

/** Makes it a problem that a recovery from a tier failed when it was tried, or was not tried for too long. Thread-safe. */
public final class DrillWatch {
    private static final String NAME = "drill";

    private final Home home;
    private final List<String> tiers;
    private final Optional<Duration> every;
    private final Problems problems;
    private final InstantSource clock;

    /**
     * @param tiers by name
     * @param every how long a proof is believed; empty: for ever
     */
    public DrillWatch(Home home, List<String> tiers, Optional<Duration> every, Problems problems, InstantSource clock) {
        this.home = home;
        this.tiers = List.copyOf(tiers);
        this.every = every;
        this.problems = problems;
        this.clock = clock;
    }

    /** Reads two small files at most. */
    public void look() throws IOException {
        Drills drills;
        try {
            drills = Drills.read(home.drills());
        } catch (StrongroomException e) {
            problems.raise(
                    NAME,
                    e.kind(),
                    "drills.json in Home cannot be read: nobody knows whether a recovery was tried",
                    "delete it, and try one again: strongroom drill");
            return;
        }
        problems.clear(NAME);
        for (String tier : tiers) {
            look(tier, Optional.ofNullable(drills.tiers().get(tier)));
        }
    }

    private void look(String tier, Optional<DrillResult> last) {
        String name = NAME + "-" + tier;
        String cure = "strongroom drill --from " + tier;
        if (last.isPresent() && !last.get().proven()) {
            problems.raise(
                    name,
                    FailureKind.REFUSED,
                    "the last trial recovery from tier " + tier + " failed: "
                            + last.get().reason(),
                    "see what it says now: " + cure);
        } else if (every.isPresent() && isOld(last, every.get())) {
            problems.raise(
                    name,
                    FailureKind.REFUSED,
                    last.isEmpty()
                            ? "a recovery from tier " + tier + " was never tried"
                            : "a recovery from tier " + tier + " was last proven on "
                                    + last.get().ended().toString().substring(0, 10),
                    cure + ", best by a timer (docs/operations.md)");
        } else {
            problems.clear(name);
        }
    }

    /** What was never tried is as old as the installation; not old if nobody knows how old that is. */
    private boolean isOld(Optional<DrillResult> last, Duration most) {
        Optional<Instant> since = last.map(DrillResult::ended).or(this::installed);
        return since.filter(time -> clock.instant().isAfter(time.plus(most))).isPresent();
    }

    private Optional<Instant> installed() {
        try {
            return Installation.read(home.installation()).map(Installation::created);
        } catch (IOException | StrongroomException e) {
            return Optional.empty(); // told by others
        }
    }
}
