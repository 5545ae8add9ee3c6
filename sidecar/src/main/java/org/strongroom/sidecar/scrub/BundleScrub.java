package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.ledger.TierTable.BundleRow;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.round.PutOff;
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
    /** So many in a row that cannot be read, and it is the tier that fails. */
    private static final int TIERS_OWN = 3;

    private final MarkedTier marked;
    private final ScrubRules rules;
    private final TierTable table;
    private final KeyBundles bundles;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;
    private final Consumer<AuditEvent> audit;
    /** Segments whose bundle cannot be read. */
    private final PutOff<Integer> putOff;

    private int inARow;

    /** @param audit does not throw for want of a disk */
    public BundleScrub(
            MarkedTier marked,
            ScrubRules rules,
            TierTable table,
            KeyBundles bundles,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            RunningTime time,
            Consumer<AuditEvent> audit) {
        this.putOff = new PutOff<>(Duration.ofHours(1), Duration.ofDays(1), time);
        this.marked = marked;
        this.rules = rules;
        this.table = table;
        this.bundles = bundles;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
        this.audit = audit;
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /**
     * Reads what is due since the last time, and what could not be read before; of a tier that is away its worker tells, and it is read
     * later.
     */
    public void step() throws IOException {
        long today = Math.floorDiv(clock.instant().getEpochSecond(), DAY);
        long last = table.remembered(done()).map(Long::parseLong).orElse(today - 1);
        Set<Integer> unread = unread();
        boolean isNewDay = last != today;
        boolean isDue = isNewDay || !unread.stream().allMatch(putOff::isWaiting);
        if (!rules.enabled() || !marked.takesCopies() || !uplink.isOpen() || !isDue) {
            return;
        }
        try {
            marked.requireOurs();
            Priority.SCRUB.during(() -> read(isNewDay ? due(last, today) : Set.of(), unread));
            table.remember(done(), Long.toString(today));
        } catch (StrongroomException e) {
            if (!e.kind().retryable() && inARow < TIERS_OWN) {
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

    private void read(Set<Long> due, Set<Integer> unread) throws IOException {
        int damaged = 0;
        List<BundleRow> all = table.bundles(name());
        Set<Integer> known = new HashSet<>();
        all.forEach(bundle -> known.add(bundle.segment()));
        if (unread.retainAll(known)) {
            remember(unread);
        }
        for (BundleRow bundle : all) {
            boolean wanted =
                    due.contains(Math.floorMod((long) bundle.segment(), days())) || unread.contains(bundle.segment());
            if (wanted && !putOff.isWaiting(bundle.segment()) && !isWhole(bundle, unread)) {
                damaged++;
            }
        }
        if (damaged == 0 && !due.isEmpty()) {
            problems.clear(problem());
        }
        if (damaged > 0) {
            problems.raise(
                    problem(),
                    FailureKind.CORRUPT,
                    damaged + " key bundles in tier " + name() + " were damaged or gone: others took their place",
                    "Check the tier: its disk, or who may delete there");
        }
    }

    /** What nobody can read or mend holds up no other one, and is told until it is whole. */
    private boolean isWhole(BundleRow bundle, Set<Integer> unread) throws IOException {
        String beyond = problem() + "/" + bundle.segment();
        try {
            boolean whole = bundles.mend(marked, bundle);
            inARow = 0;
            putOff.over(bundle.segment());
            if (unread.remove(bundle.segment())) {
                remember(unread);
            }
            problems.clear(beyond);
            if (!whole) {
                audit.accept(event("repair", bundle).with("copy", "damaged or gone, another one written"));
            }
            return whole;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            putOff(bundle, unread, Unread.broken(e));
            return true; // as far as is known
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                putOff(bundle, unread, e);
                return true; // as far as is known
            }
            problems.raise(beyond, FailureKind.CORRUPT, e.text() + " (tier " + name() + ")", e.cure());
            audit.accept(event("scrub", bundle).failed(e.text()));
            return true; // nothing took its place
        }
    }

    private AuditEvent event(String order, BundleRow bundle) {
        return AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.STRONGROOM)
                .with("order", order)
                .with("tier", name())
                .with("object", bundle.name());
    }

    /** Fails if the tier is away, which says nothing of the bundle, or if this was one of many. */
    private void putOff(BundleRow bundle, Set<Integer> unread, StrongroomException failure) {
        marked.requireOurs();
        inARow++;
        putOff.failed(bundle.segment());
        unread.add(bundle.segment());
        remember(unread);
        problems.raise(
                problem() + "/" + bundle.segment(),
                failure.kind(),
                "key bundle " + bundle.name() + " in tier " + name() + " cannot be read now, while others can: "
                        + failure.text() + ". It is tried again later",
                "See why the tier does not give this object: its disk, its rights, or a rule of the store");
        if (inARow >= TIERS_OWN) {
            throw failure;
        }
    }

    /** Segments whose turn it was and whose bundle could not be read; also those of before the last start. */
    private Set<Integer> unread() {
        Set<Integer> segments = new TreeSet<>();
        table.remembered(unreadFact()).stream()
                .flatMap(all -> Stream.of(all.split(",", -1)))
                .map(Integer::valueOf)
                .forEach(segments::add);
        return segments;
    }

    private void remember(Set<Integer> unread) {
        if (unread.isEmpty()) {
            table.forget(unreadFact());
        } else {
            table.remember(unreadFact(), unread.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
    }

    private String unreadFact() {
        return "scrub/bundles/unread/" + name();
    }

    private String done() {
        return "scrub/bundles/" + name();
    }

    private String problem() {
        return "scrub-keys/" + name();
    }
}
