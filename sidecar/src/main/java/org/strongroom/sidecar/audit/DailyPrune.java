package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.settings.Durations;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.problem.Problems;

/**
 * Prunes once a day, however often the sidecar starts: a mistake in {@code Audit.Keep}, or a clock that is years ahead, is a problem that
 * somebody sees before it has gone far. For one thread.
 */
public final class DailyPrune {
    /** Less than a day: rounds and the patient clock have minutes and hours of their own. */
    private static final Duration BETWEEN = Duration.ofHours(20);

    private static final String FACT = "audit/pruned";
    private static final String PROBLEM = "audit-prune/much";

    private final Pruner pruner;
    private final TierTable table;
    private final Problems problems;

    /** @param table remembers when something went last */
    public DailyPrune(Pruner pruner, TierTable table, Problems problems) {
        this.pruner = pruner;
        this.table = table;
        this.problems = problems;
    }

    /**
     * Takes away what is due.
     *
     * @param now by a clock that nobody can set ahead for a moment
     * @param record as for {@link Pruner#prune}
     * @param sign as for {@link Pruner#prune}
     */
    public void step(Instant now, Pruner.Reach reach, Consumer<AuditEvent> record, Pruner.Work sign)
            throws IOException {
        if (isToday(now)) {
            return;
        }
        Pruner.Plan plan = pruner.plan(now, reach);
        tell(plan);
        if (!plan.isNothing()) {
            table.remember(FACT, now.toString()); // first: a kill costs a day, and not a month of events
        }
        pruner.prune(plan, record, sign);
    }

    /** A clock that was set back since says nothing. */
    private boolean isToday(Instant now) {
        return table.remembered(FACT)
                .map(Instant::parse)
                .filter(last -> !last.isAfter(now) && last.plus(BETWEEN).isAfter(now))
                .isPresent();
    }

    private void tell(Pruner.Plan plan) {
        if (!plan.isCut()) {
            problems.clear(PROBLEM);
            return;
        }
        problems.raise(
                PROBLEM,
                FailureKind.REFUSED,
                "by Audit.Keep and this machine's clock more than " + Durations.format(Pruner.AT_ONCE)
                        + " of the audit log are not kept any more: of " + (plan.size() - plan.from())
                        + " events " + (plan.to() - plan.from()) + " go today, the others day by day",
                "If that is meant, or this machine was off for long, wait; else set the clock right, or take Audit.Keep"
                        + " out of the settings, at once");
    }
}
