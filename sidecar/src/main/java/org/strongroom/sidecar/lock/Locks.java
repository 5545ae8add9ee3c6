package org.strongroom.sidecar.lock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackCompanion;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Abilities;

/**
 * Makes one tier's locks longer before they end, for packs of which something is still wanted, and for the small objects that open
 * them. What Orthanc removed is left to its lock's end. For one thread.
 */
public final class Locks {
    private static final Logger LOG = LoggerFactory.getLogger(Locks.class);
    private static final Duration BETWEEN_TRIALS = Duration.ofDays(1);
    private static final Duration SECOND_TRY = Duration.ofMinutes(10);

    private final MarkedTier marked;
    private final PackTable packs;
    private final CopyTable copies;
    private final ArchiveTable archive;
    private final SmallLocks small;
    private final Problems problems;
    private final InstantSource clock;
    private Optional<Instant> tried = Optional.empty();
    private boolean wereMissing;
    private boolean enforced;
    private volatile Map<String, String> abilities = Map.of();
    /** Whose lock the store would not make longer, and until when it is left alone. */
    private final Map<Long, Instant> held = new HashMap<>();

    public Locks(
            Home home,
            MarkedTier marked,
            PackTable packs,
            CopyTable copies,
            ArchiveTable archive,
            TierTable table,
            Problems problems,
            InstantSource clock) {
        this.marked = marked;
        this.packs = packs;
        this.copies = copies;
        this.archive = archive;
        this.small = new SmallLocks(home, marked, table, clock);
        this.problems = problems;
        this.clock = clock;
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** What the store was seen to do, for people, when it was last asked; empty if it was not asked yet. From any thread. */
    public Map<String, String> abilities() {
        return abilities;
    }

    /**
     * Finds out what the store can do, if it is time, and makes one lock longer.
     *
     * @return whether there may be more to do at once
     * @throws StrongroomException UNAVAILABLE if the tier is away or not ours: later
     */
    public boolean step() {
        if (!marked.takesCopies()) {
            return false; // it is being left: what is there may go
        }
        tryStore();
        Optional<Duration> period = marked.tier().lockPeriod();
        if (period.isEmpty() || !enforced) {
            return false; // some stores overwrite an object whose lock is to be longer
        }
        marked.expectOurs();
        Instant now = clock.instant();
        Instant enough = now.plus(period.get().dividedBy(2));
        // One that is to be left alone for longer was held by a clock that was ahead.
        held.values().removeIf(until -> !now.isBefore(until) || until.isAfter(now.plus(SECOND_TRY)));
        small.keep(period.get());
        small.keepAnchors(period.get());
        small.keepSnapshot(period.get());
        Optional<CopyRow> first = copies.firstUnlocked(marked.name(), enough, held.keySet());
        return first.isPresent() && keep(first.get(), enough);
    }

    private void tryStore() {
        Instant now = clock.instant();
        Duration pause = wereMissing ? SECOND_TRY : BETWEEN_TRIALS;
        if (tried.filter(at -> !now.isBefore(at) && now.isBefore(at.plus(pause)))
                .isPresent()) {
            return;
        }
        Optional<String> scratch = Optional.empty();
        if (tried.isEmpty() && marked.tier().lockPeriod().isEmpty()) { // the trial of a lock has an object of its own
            marked.expectOurs();
            scratch = Optional.of(
                    TierMarker.OBJECT); // written again, as it is, to see whether the store minds a condition
        }
        Abilities abilities = marked.tier().examine(scratch);
        if (tried.isEmpty() && !abilities.found().isEmpty()) {
            LOG.info("tier {}: {}", marked.name(), abilities);
        }
        tried = Optional.of(now);
        this.abilities = abilities.found();
        wereMissing = !abilities.missing().isEmpty();
        enforced = !wereMissing || abilities.enforceLock();
        String problem = "lock/ability/" + marked.name();
        if (wereMissing) {
            problems.raise(problem, abilities.missing().get(0));
        } else {
            problems.clear(problem);
        }
    }

    /** Heads that were damaged or deleted are the scrub's business. */
    private void keepHeads(PackRow pack) {
        if (archive.of(pack.id()).containsKey(marked.name())) {
            String heads = PackCompanion.objectName(pack.pack());
            try {
                marked.tier().keep(heads);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND) {
                    throw e;
                }
                LOG.info("{} is not in tier {}", heads, marked.name());
            }
        }
    }

    /** Returns whether it is locked until after {@code enough}. */
    private boolean keep(CopyRow copy, Instant enough) {
        Optional<PackRow> pack = packs.find(copy.pack());
        if (pack.isEmpty()) {
            return false;
        }
        String problem = "lock/" + marked.name();
        try {
            Instant until =
                    marked.tier().keep(PackPrologue.objectName(pack.get().pack()));
            keepHeads(pack.get());
            copies.locked(copy, until);
            if (held.isEmpty()) {
                problems.clear(problem);
            }
            return until.isAfter(enough);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                marked.requireOurs(); // an object that another bucket does not have proves nothing
                copies.suspect(copy); // the scrub finds out why, and makes it anew
                return true;
            }
            if (e.kind().retryable()) {
                throw e;
            }
            problems.raise(problem, e);
            held.put(copy.pack(), clock.instant().plus(SECOND_TRY));
            return true;
        }
    }
}
