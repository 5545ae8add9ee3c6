package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.purge.NewestJournal;
import org.strongroom.sidecar.rebuild.Rebuild;
import org.strongroom.sidecar.receipt.CopyCheck;
import org.strongroom.sidecar.receipt.OpenChecks;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/** Brings one tier's copies forward. Runs as one round; a failing tier holds up no other. */
public final class TierWorker {
    /** A tier that has refused so many packs, and taken none between, refuses all for a while. */
    private static final int REFUSES_ALL = 20;
    /** Progress of what is sent: more than parts make. */
    private static final long WHOLE = 1L << 20;

    private final MarkedTier marked;
    private final Tiers tiers;
    private final PackTable packs;
    private final CopyTable copies;
    private final KeyBundles bundles;
    private final Errand erasure;
    private final JournalCopies journal;
    private final HomeCopies homeCopies;
    private final FormerRoots formerRoots;
    private final EverySegment everySegment;
    private final OpenChecks checks;
    private final Rebuild rebuild;
    private final InstantSource clock;
    private final Uplink uplink;
    private final LineSpeed line;
    private final CopyQueue queue;
    private final PackSender sender;
    private final StuckPacks stuck;
    private final OrphanUploads orphans;
    /** Whether the last copy that was tried failed, by whomever's fault. */
    private boolean failedLast;
    /** Packs that the tier refused since it last took something. */
    private int refusals;

    private volatile boolean impatient;

    /** What else is done in a tier before anything is shipped to it. */
    @FunctionalInterface
    public interface Errand {
        void step() throws IOException;
    }

    /**
     * @param erasure takes out what is destroyed
     * @param newest what tells whether another Home writes to the tier
     * @param isTight whether Home's disk has no room for what can wait
     */
    public TierWorker(
            Home home,
            MarkedTier marked,
            Tiers tiers,
            PackTable packs,
            CopyTable copies,
            Replicas replicas,
            Recalls recalls,
            TierTable table,
            KeyBundles bundles,
            Errand erasure,
            NewestJournal newest,
            OpenChecks checks,
            Rebuild rebuild,
            Problems problems,
            BooleanSupplier isTight,
            Uplink uplink,
            InstantSource clock,
            RunningTime time) {
        this.marked = marked;
        this.tiers = tiers;
        this.packs = packs;
        this.copies = copies;
        this.bundles = bundles;
        this.erasure = erasure;
        this.journal = new JournalCopies(home, table, marked.tier(), time);
        this.homeCopies = new HomeCopies(home, marked.tier(), time);
        this.formerRoots =
                new FormerRoots(home, marked.tier(), table, bundles, () -> newest.isHere(marked), problems, time);
        this.everySegment = new EverySegment(marked.tier(), bundles, problems, time);
        this.checks = checks;
        this.rebuild = rebuild;
        this.clock = clock;
        this.uplink = uplink;
        this.line = new LineSpeed(marked.name(), table, uplink, clock, time);
        this.queue = new CopyQueue(
                marked.name(), tiers.enough(), pack -> tiers.enough(pack.owner()), packs, copies, clock, time);
        this.sender = new PackSender(
                home,
                marked.tier(),
                packs,
                copies,
                replicas,
                recalls,
                queue,
                line,
                new EqualParts(marked.name(), table),
                uplink,
                isTight);
        this.stuck = new StuckPacks(marked.name(), packs, problems, time);
        this.orphans = new OrphanUploads(marked.tier(), copies, problems, time);
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** Bytes in a second that the line to it carried lately; empty if nothing is known. From any thread. */
    public Optional<Long> bytesPerSecond() {
        return line.perSecond();
    }

    /** What failed for a reason that only a person can take away is tried again now, not later. From any thread. */
    public void tryAgain() {
        impatient = true;
    }

    /**
     * Brings one copy one step forward.
     *
     * @return whether there may be more to do at once
     * @throws StrongroomException UNAVAILABLE or FULL if the tier is away, not ours, or full, REFUSED if it refuses one pack after the
     *     other: later
     */
    public boolean step() throws IOException {
        if (impatient) {
            impatient = false;
            stuck.tryAgain();
        }
        hold();
        boolean listed = rebuild.list(marked);
        rebuild.finish(tiers.names());
        boolean more = uplink.isOpen() && errands();
        checks.offer(marked.name());
        if (!listed && rebuild.isRunning()) {
            return false; // what it has not given may be the pack that would be sent
        }
        if (!marked.takesCopies()) {
            boolean mayHaveMore = recognise();
            orphans.drop();
            return mayHaveMore;
        }
        orphans.drop();
        if (!uplink.isOpen()) {
            return more;
        }
        if (!marked.takesStudies()) { // what waits goes on waiting, and is not evicted
            Priority.NEW.during(journal::copy);
            return more;
        }
        Optional<CopyRow> copy = next();
        if (copy.isEmpty()) {
            stuck.forgetPurged();
            sender.forgetPurged();
            Priority.NEW.during(journal::copy);
            return more;
        }
        PackRow pack = packs.find(copy.get().pack()).orElseThrow();
        if (copy.get().state() != CopyState.UPLOADED && !tiers.isWanted(pack.owner(), marked.name())) {
            recognise(copy.get(), pack);
            return true;
        }
        if (stuck.isWaiting(pack)) {
            return true;
        }
        try {
            long before = progress(copy.get());
            queue.priority(pack).during(() -> step(copy.get(), pack));
            queue.again(copy.get());
            if (progress(copy.get()) == before && before < WHOLE) {
                return true; // overtaken before anything of it was sent: that says nothing of the tier
            }
            failedLast = false;
            refusals = 0;
            if (stuck.passed(pack)) {
                queue.restart(); // those that were passed by, in their order
            }
        } catch (SourceException e) {
            stuck.unread(pack, e.failure()); // also if another tier is away: this one has other things to do
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                homeCopies.doubt();
                stepAside(copy.get(), pack, e);
                return true;
            }
            if (copies.isMissed(copy.get())) {
                stuck.denied(pack, e);
                if (e.kind() == FailureKind.REFUSED && ++refusals >= REFUSES_ALL) {
                    throw e;
                }
            }
        }
        return true;
    }

    /**
     * What is small, and done before anything is shipped. It has the priority of new studies and waits for the timetable as they do: were it
     * less, what is behind it here would wait for what other tiers are sent.
     *
     * @return whether there may be more to do at once
     */
    private boolean errands() throws IOException {
        boolean[] more = {false};
        Priority.NEW.during(() -> {
            if (marked.takesCopies()) {
                homeCopies.ensure();
            }
            if (!rebuild.isRunning()) {
                erasure.step();
            }
            more[0] = marked.takesCopies() && formerRoots.step();
            more[0] |= marked.takesCopies() && !rebuild.isRunning() && everySegment.step();
        });
        return more[0];
    }

    /** Where nobody is behind those that failed it is their turn again at once. */
    private Optional<CopyRow> next() {
        Optional<CopyRow> copy = queue.next();
        if (copy.isPresent() || !failedLast) {
            return copy;
        }
        failedLast = false;
        return queue.next();
    }

    /** Before anything is sent or believed, it is our tier. */
    private void hold() throws IOException {
        try {
            marked.expectOurs();
            if (marked.takeFresh()) {
                homeCopies.doubt();
                formerRoots.doubt();
                everySegment.doubt();
            }
        } catch (StrongroomException e) {
            homeCopies.doubt();
            throw e;
        }
    }

    /** @throws StrongroomException {@code e} while it may be the tier's fault: the round pauses */
    private void stepAside(CopyRow copy, PackRow pack, StrongroomException e) {
        if (stuck.isAtFault(pack, progress(copy), e)) {
            return;
        }
        if (!stuck.isOthersTurn(pack)) {
            queue.restart();
        }
        failedLast = true;
        throw e;
    }

    /** Grows with each part that got through, and with each step. */
    private long progress(CopyRow copy) {
        CopyState state =
                copies.find(copy.pack(), marked.name()).map(CopyRow::state).orElse(copy.state());
        return state == CopyState.UPLOADING ? 1L + copies.parts(copy).size() : state == CopyState.QUEUED ? 0 : WHOLE;
    }

    /** What lies in a tier that takes no copies is still known, and read; what was only planned for it is planned no more. */
    private boolean recognise() {
        Optional<CopyRow> copy = queue.next();
        if (copy.isEmpty()) {
            return false;
        }
        if (copy.get().state() == CopyState.UPLOADED) {
            return true;
        }
        recognise(copy.get(), packs.find(copy.get().pack()).orElseThrow());
        return true;
    }

    private void recognise(CopyRow copy, PackRow pack) {
        String name = PackPrologue.objectName(pack.pack());
        Optional<Tier.ObjectInfo> there = marked.tier().head(name);
        marked.requireOurs();
        if (there.filter(info -> info.size() == pack.bytes()).isPresent()) {
            copies.uploaded(copy);
            return;
        }
        if (copy.upload() != null) {
            marked.tier().abort(name, copy.upload());
        }
        copies.drop(copy);
    }

    private void step(CopyRow copy, PackRow pack) throws IOException {
        PackLayout layout = packs.layout(pack);
        if (copy.state() == CopyState.UPLOADED) {
            verify(copy, pack, layout);
            return;
        }
        bundles.ensure(marked.tier(), pack.key());
        sender.send(copy, pack, layout);
    }

    private void verify(CopyRow copy, PackRow pack, PackLayout layout) throws IOException {
        try {
            CopyCheck.check(marked.tier(), layout);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                copies.queued(copy);
            } else if (e.kind() == FailureKind.CORRUPT) {
                copies.suspect(copy);
            }
            throw e;
        }
        String bundle = bundles.ensure(marked.tier(), pack.key());
        journal.copy();
        hold();
        homeCopies.ensure(); // it could be opened if this machine were lost
        marked.requireOurs(); // a disk that was unmounted meanwhile gives no receipt
        copies.checked(copy, bundle, clock.instant());
        checks.offer(marked.name());
    }
}
