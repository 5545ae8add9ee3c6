package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.ledger.TierTable.BundleRow;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.ship.KeyBundles;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Reads the key bundles of a tier again, each within the scrub's period, some each day: without them its packs are worth nothing once Home
 * is lost. In the place of one that is damaged or gone another one is written; nothing is deleted. For one thread.
 */
public final class BundleScrub {
    private static final Logger LOG = LoggerFactory.getLogger(BundleScrub.class);
    private static final long DAY = Duration.ofDays(1).toSeconds();

    private final MarkedTier marked;
    private final ScrubRules rules;
    private final TierTable table;
    private final KeyBundles bundles;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;

    public BundleScrub(
            MarkedTier marked,
            ScrubRules rules,
            TierTable table,
            KeyBundles bundles,
            Problems problems,
            Uplink uplink,
            InstantSource clock) {
        this.marked = marked;
        this.rules = rules;
        this.table = table;
        this.bundles = bundles;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** Reads what is due since the last time; of a tier that is away its worker tells, and it is read later. */
    public void step() throws IOException {
        long today = Math.floorDiv(clock.instant().getEpochSecond(), DAY);
        long last = table.remembered(done()).map(Long::parseLong).orElse(today - 1);
        if (!rules.enabled() || !marked.takesCopies() || !uplink.isOpen() || last == today) {
            return;
        }
        try {
            marked.requireOurs();
            Priority.SCRUB.during(() -> read(due(last, today)));
            table.remember(done(), Long.toString(today));
        } catch (StrongroomException e) {
            if (!e.kind().retryable()) {
                throw e;
            }
            LOG.debug("the key bundles in {} are read later", name(), e);
        }
    }

    /** Segments of the days that were not done yet; a clock that was ahead is no reason to wait for it. */
    private Set<Long> due(long last, long today) {
        long days = days();
        Set<Long> due = new HashSet<>();
        for (long day = Math.max(Math.min(last, today - 1), today - days) + 1; day <= today; day++) {
            due.add(Math.floorMod(day, days));
        }
        return due;
    }

    private long days() {
        return Math.max(1, rules.period().toDays());
    }

    private void read(Set<Long> due) throws IOException {
        int damaged = 0;
        for (BundleRow bundle : table.bundles(name())) {
            if (due.contains(Math.floorMod((long) bundle.segment(), days())) && !isWhole(bundle)) {
                damaged++;
            }
        }
        if (damaged == 0) {
            problems.clear(problem());
        } else {
            problems.raise(
                    problem(),
                    FailureKind.CORRUPT,
                    damaged + " key bundles in tier " + name() + " were damaged or gone: others took their place",
                    "Check the tier: its disk, or who may delete there");
        }
    }

    /** What nobody can mend holds up no other one, and is told until it is whole. */
    private boolean isWhole(BundleRow bundle) throws IOException {
        String beyond = problem() + "/" + bundle.segment();
        try {
            boolean whole = bundles.mend(marked, bundle);
            problems.clear(beyond);
            return whole;
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            problems.raise(beyond, FailureKind.CORRUPT, e.text() + " (tier " + name() + ")", e.cure());
            return true; // nothing took its place
        }
    }

    private String done() {
        return "scrub/bundles/" + name();
    }

    private String problem() {
        return "scrub-keys/" + name();
    }
}
