package org.strongroom.sidecar.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.strongroom.core.cli.Moment;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * What somebody who typed a beginning and an end means. Immutable.
 *
 * @param from from then on; empty: from the first event on
 * @param until before then; empty: to the last event
 */
record TimeSpan(Optional<Instant> from, Optional<Instant> until) {
    /**
     * @param since as it was typed, or null
     * @param end as it was typed, or null
     * @param zone of what was typed without one
     * @throws StrongroomException REFUSED if nothing can be between the two
     */
    static TimeSpan of(Moment since, Moment end, ZoneId zone, Instant now) {
        Optional<Instant> from = Optional.ofNullable(since).map(time -> time.from(zone, now));
        Optional<Instant> until = Optional.ofNullable(end).map(time -> time.until(zone, now));
        return new TimeSpan(from, until).refuseEmpty();
    }

    /** The same, with an end. */
    TimeSpan until(Instant end) {
        return new TimeSpan(from, Optional.of(end)).refuseEmpty();
    }

    private TimeSpan refuseEmpty() {
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            throw StrongroomException.of(FailureKind.REFUSED, "nothing is between these times")
                    .with("from", from.get())
                    .with("until", until.get())
                    .cure("name an end that is later than the beginning");
        }
        return this;
    }

    /** For who wants to know what was understood. */
    @Override
    public String toString() {
        return "from " + from.map(Instant::toString).orElse("the log's first on") + " until "
                + until.map(Instant::toString).orElse("the last");
    }
}
