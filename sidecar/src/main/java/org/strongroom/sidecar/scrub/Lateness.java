package org.strongroom.sidecar.scrub;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.settings.Durations;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;

/**
 * Tells when a pack in a tier was not read for longer than the period: whatever the reason is, damage there is not found any more. For one
 * thread.
 */
final class Lateness {
    private final MarkedTier marked;
    private final ScrubRules rules;
    private final CopyTable copies;
    private final TierTable table;
    private final Problems problems;

    Lateness(MarkedTier marked, ScrubRules rules, CopyTable copies, TierTable table, Problems problems) {
        this.marked = marked;
        this.rules = rules;
        this.copies = copies;
        this.table = table;
        this.problems = problems;
    }

    /** Asks the ledger alone: the tier may be away. */
    void judge(Instant now) {
        Optional<Duration> late = rules.enabled() && marked.takesCopies() ? oldest(now) : Optional.empty();
        if (late.filter(age -> age.compareTo(rules.period()) > 0).isEmpty()) {
            problems.clear(problem());
            return;
        }
        problems.raise(
                problem(),
                FailureKind.UNAVAILABLE,
                "the scrub of tier " + marked.name() + " is late: some copies there were not read within "
                        + Durations.format(rules.period()),
                "Look at what else is told of the tier; if it is well, raise Scrub.DailyLimit or Scrub.Period, or give it a better line");
    }

    /** How long ago the copy was read that has waited longest. */
    private Optional<Duration> oldest(Instant now) {
        Optional<Instant> read =
                copies.longestUnchecked(marked.name(), Set.of()).map(CopyRow::scrubbed);
        if (read.filter(Instant.EPOCH::equals).isEmpty()) {
            if (table.remembered(unknown()).isPresent()) {
                table.forget(unknown());
            }
            return read.map(at -> Duration.between(at, now));
        }
        // Nobody knows when, as after the loss of a ledger: since that was first seen.
        Optional<Instant> since =
                table.remembered(unknown()).map(Instant::parse).filter(at -> !at.isAfter(now));
        if (since.isEmpty()) {
            table.remember(unknown(), now.toString());
        }
        return Optional.of(Duration.between(since.orElse(now), now));
    }

    private String unknown() {
        return "scrub/unknown/" + marked.name();
    }

    private String problem() {
        return "scrub-late/" + marked.name();
    }
}
