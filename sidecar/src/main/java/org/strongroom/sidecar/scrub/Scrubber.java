package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.archive.Companions;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.purge.DeletionBudget;
import org.strongroom.sidecar.receipt.CopyCheck;
import org.strongroom.sidecar.receipt.OpenChecks;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.round.PutOff;
import org.strongroom.sidecar.ship.KeyBundles;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Checks one tier's copies, the one that was checked longest ago first: every byte against the plan, now and then a sample by
 * the plugin, and once a day whether all are there. For one thread.
 */
public final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final Duration BETWEEN_COUNTS = Duration.ofDays(1);
    /** What could not be read is tried again after this, and later. */
    private static final Duration SECOND_TRY = Duration.ofHours(1);
    /** One in so many is opened by the plugin as well. */
    private static final int SAMPLE = 8;
    /** While it reads it may be so many times as fast as on average. */
    private static final long BURST = 8;
    /** Of what the line carries, as far as that is known, it takes one part in so many. */
    private static final long SHARE = 2;

    private final ScrubRules rules;
    private final MarkedTier marked;
    private final PackTable packs;
    private final CopyTable copies;
    private final TierTable table;
    private final KeyBundles bundles;
    private final OpenChecks checks;
    private final Replicas replicas;
    private final Problems problems;
    private final InstantSource clock;
    private final Recount recount;
    private final ArchivedCheck archived;
    private final CopyRepair repair;
    private final SteadyPace pace;
    private final Unread unread;
    private final Unread unseen;
    private final PutOff<String> uncounted;
    private final Lateness lateness;
    private final ScrubPass pass;
    private final Consumer<AuditEvent> audit;
    private volatile boolean impatient;
    private long scrubbed;

    /**
     * @param line bytes in a second that the line to the tier carried lately; empty if nothing is known
     * @param uplink knows whether readers wait for a tier: scrubbing gives way
     * @param audit does not throw for want of a disk
     */
    public Scrubber(
            Home home,
            ScrubRules rules,
            MarkedTier marked,
            PackTable packs,
            CopyTable copies,
            ArchiveTable archive,
            TierTable table,
            KeyBundles bundles,
            OpenChecks checks,
            Replicas replicas,
            Recount recount,
            DeletionBudget budget,
            Problems problems,
            Supplier<Optional<Long>> line,
            Uplink uplink,
            InstantSource clock,
            RunningTime time,
            Sleeper sleeper,
            Consumer<AuditEvent> audit) {
        this.audit = audit;
        this.rules = rules;
        this.marked = marked;
        this.packs = packs;
        this.copies = copies;
        this.table = table;
        this.bundles = bundles;
        this.checks = checks;
        this.replicas = replicas;
        this.problems = problems;
        this.clock = clock;
        this.recount = recount;
        this.unread = new Unread(marked, problems, "scrub/unread", SECOND_TRY, time);
        this.unseen = new Unread(marked, problems, "scrub/unseen", SECOND_TRY, time);
        this.lateness = new Lateness(marked, rules, copies, table, problems);
        this.uncounted = new PutOff<>(SECOND_TRY, BETWEEN_COUNTS, time);
        this.archived = new ArchivedCheck(
                marked, packs, copies, archive, new Companions(home, "scrub"), replicas, problems, unseen);
        this.repair = new CopyRepair(
                home, marked, packs, copies, table, replicas, recount.hidden(), budget, problems, audit, time);
        this.pass = new ScrubPass(marked, copies, table, audit);
        long perSecond = rules.dailyLimit() / Duration.ofDays(1).toSeconds();
        this.pace = new SteadyPace(
                () -> Math.min(BURST * perSecond, line.get().orElse(Long.MAX_VALUE) / SHARE),
                uplink::isAwaited,
                time,
                sleeper);
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** What could not be repaired is tried again now, not later. From any thread. */
    public void tryAgain() {
        impatient = true;
    }

    /**
     * Repairs what is known to be damaged, and checks one copy if it is time.
     *
     * @return whether there is more to do at once
     * @throws StrongroomException UNAVAILABLE if the tier is away or not ours: later
     */
    public boolean step() throws IOException {
        boolean[] more = {false};
        Priority.SCRUB.during(() -> more[0] = look());
        return more[0];
    }

    private boolean look() throws IOException {
        lateness.judge(clock.instant());
        if (impatient) {
            impatient = false;
            repair.tryAgain();
            unread.tryAgain();
            unseen.tryAgain();
            uncounted.tryAgain();
        }
        if (!marked.takesCopies()) {
            return false; // it is being left: nothing is deleted and nothing put there
        }
        marked.expectOurs();
        repair.run(pace);
        if (!rules.enabled()) {
            return false;
        }
        countOnceADay();
        unread.keep(this::isHeld);
        unseen.keep(this::isHeld);
        Instant now = clock.instant();
        pass.judge(now);
        boolean looked = archived.next(now.minus(rules.rest()), now);
        return checkNext() || looked;
    }

    private void countOnceADay() {
        String counted = "scrub/counted/" + marked.name();
        Instant now = clock.instant();
        Optional<Instant> last = table.remembered(counted).map(Instant::parse);
        if (last.filter(at -> !now.isBefore(at) && now.isBefore(at.plus(BETWEEN_COUNTS)))
                .isPresent()) {
            return;
        }
        if (uncounted.isWaiting(counted)) {
            return;
        }
        String failed = "scrub/count/" + marked.name();
        long gone;
        try {
            gone = recount.run(marked);
        } catch (StrongroomException e) {
            marked.requireOurs();
            uncounted.failed(counted);
            problems.raise(failed, e); // what is known to be there is read all the same
            return;
        }
        uncounted.over(counted);
        problems.clear(failed);
        table.remember(counted, now.toString());
        String problem = "scrub/gone/" + marked.name();
        if (gone == 0) {
            problems.clear(problem);
        } else {
            problems.raise(
                    problem,
                    FailureKind.CORRUPT,
                    gone + " packs are gone from tier " + marked.name() + "; they are sent again",
                    "Find out who deleted them");
        }
    }

    private boolean checkNext() throws IOException {
        Instant now = clock.instant();
        Optional<CopyRow> due = due(now);
        if (due.isEmpty()) {
            return false;
        }
        String turn = "scrub/next/" + marked.name();
        Optional<Instant> next = table.remembered(turn).map(Instant::parse);
        // A clock that was wrong for a while must not end the scrub.
        if (next.filter(at -> now.isBefore(at) && at.isBefore(now.plus(rules.period())))
                .isPresent()) {
            return false;
        }
        Optional<PackRow> pack = packs.find(due.get().pack());
        if (pack.isPresent()) {
            try {
                check(due.get(), pack.get());
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                unread.failed(pack.get(), Unread.broken(e));
                return true;
            } catch (StrongroomException e) {
                unread.failed(pack.get(), e);
                return true;
            }
            unread.over(pack.get());
            Duration pause = rules.pauseAfter(pack.get().bytes(), copies.receivedBytes(marked.name()));
            table.remember(turn, now.plus(pause).toString());
        }
        return true;
    }

    /** What was read at a time that has not come is read again now: a clock that was ahead must not keep it from that for years. */
    private Optional<CopyRow> due(Instant now) {
        return copies.checkedLater(marked.name(), now, unread.waiting())
                .or(() -> copies.longestUnchecked(marked.name(), unread.waiting())
                        .filter(oldest -> !now.isBefore(oldest.scrubbed().plus(rules.rest()))));
    }

    private boolean isHeld(long pack) {
        return copies.find(pack, marked.name())
                .filter(copy -> copy.state() == CopyState.RECEIVED)
                .isPresent();
    }

    /** Fails if it can be neither read nor said to be damaged or gone. */
    private void check(CopyRow copy, PackRow pack) throws IOException {
        try {
            CopyCheck.readAll(marked.tier(), packs.layout(pack), pace);
            marked.requireOurs();
        } catch (StrongroomException e) {
            StrongroomException judged = replicas.doubt(pack, new Replicas.Source(marked, copy), e);
            if (judged.kind() == FailureKind.ARCHIVED) {
                return; // it is looked at in another way from now on
            }
            if (judged.kind() != FailureKind.CORRUPT && judged.kind() != FailureKind.NOT_FOUND) {
                throw judged;
            }
            if (!copies.isMissed(copy)) {
                return;
            }
            LOG.warn("scrub: {} in tier {}", judged.text(), marked.name());
            audit.accept(AuditEvent.of(AuditType.TIER)
                    .by(AuditEvent.STRONGROOM)
                    .with("order", "scrub")
                    .with("tier", marked.name())
                    .with("pack", pack.pack())
                    .with("key", pack.key())
                    .failed(judged.text()));
            repair.tryAgain();
            return;
        }
        copies.scrubbed(copy, bundle(copy, pack), clock.instant());
        if (scrubbed++ % SAMPLE == 0) {
            copies.find(pack.id(), marked.name())
                    .filter(now -> now.state() == CopyState.RECEIVED)
                    .ifPresent(now -> checks.sample(now, pack));
        }
    }

    /** The bundle that opens the pack in this tier, made anew if it is damaged or gone. */
    private String bundle(CopyRow copy, PackRow pack) throws IOException {
        String problem = "scrub/key/" + marked.name();
        try {
            String bundle = bundles.ensureWhole(marked.tier(), pack.key());
            problems.clear(problem);
            return bundle;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            problems.raise(problem, e);
            return copy.bundle();
        }
    }
}
