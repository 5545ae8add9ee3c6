package org.strongroom.sidecar.tier;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;

/** The one refusal that ends by itself: an object that is locked cannot be deleted before a certain time. */
public final class Locked {
    private static final String UNTIL = "lockedUntil";

    private Locked() {}

    /** The same failure, which says until when. */
    static StrongroomException until(Instant until, StrongroomException failure) {
        return failure.with(UNTIL, until.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Until when the object is locked, if it is why a call failed. */
    public static Optional<Instant> until(StrongroomException failure) {
        return Optional.ofNullable(failure.context().get(UNTIL)).map(Instant::parse);
    }
}
