package org.strongroom.sidecar.ship;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.UnreadableFileException;
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
import org.strongroom.sidecar.round.PutOff;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/** Brings one tier's copies forward. Runs as one round; a failing tier holds up no other. */
public final class TierWorker {
    private static final String PACKS = "packs/";
    private static final String HEADS = "heads/";
    private static final Logger LOG = LoggerFactory.getLogger(TierWorker.class);
    private static final Duration SECOND_TRY = Duration.ofMinutes(10);
    /** What the tier takes again and again not, while it takes others, is tried so seldom at most. */
    private static final Duration SELDOM = Duration.ofHours(6);

    private static final int UUID_LENGTH = 36;

    private static final Duration ORPHANS = Duration.ofDays(1);

    private final Home home;
    private final MarkedTier marked;
    private final Tiers tiers;
    private final PackTable packs;
    private final CopyTable copies;
    private final Replicas replicas;
    private final Recalls recalls;
    private final KeyBundles bundles;
    private final Errand erasure;
    private final JournalCopies journal;
    private final HomeCopies homeCopies;
    private final FormerRoots formerRoots;
    private final EverySegment everySegment;
    private final OpenChecks checks;
    private final Rebuild rebuild;
    private final Problems problems;
    private final InstantSource clock;
    private final RunningTime time;
    private final Uplink uplink;
    private final BooleanSupplier isTight;
    private final LineSpeed line;
    private final EqualParts equal;
    private final CopyQueue queue;
    /** Until when, in running time, a copy is left alone that only a person can help. */
    private final Map<Long, Duration> held = new HashMap<>();

    private final OwnFailures failures = new OwnFailures();
    /** Whether the last copy that was tried failed, by whomever's fault. */
    private boolean failedLast;
    /** Packs that the tier does not take while it takes others. */
    private final PutOff<Long> refused;
    /** Packs of which the disk did not give a file when they were to be sent. */
    private final Set<Long> unreadable = new HashSet<>();

    private Duration nextOrphans;
    /** Uploads of heads that were there at the last look: whoever sends some takes less than a day. */
    private Set<String> heads = Set.of();

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
        this.home = home;
        this.marked = marked;
        this.tiers = tiers;
        this.packs = packs;
        this.copies = copies;
        this.replicas = replicas;
        this.recalls = recalls;
        this.bundles = bundles;
        this.erasure = erasure;
        this.journal = new JournalCopies(home, table, marked.tier(), time);
        this.homeCopies = new HomeCopies(home, marked.tier(), time);
        this.formerRoots =
                new FormerRoots(home, marked.tier(), table, bundles, () -> newest.isHere(marked), problems, time);
        this.everySegment = new EverySegment(marked.tier(), bundles, problems, time);
        this.checks = checks;
        this.rebuild = rebuild;
        this.problems = problems;
        this.clock = clock;
        this.time = time;
        this.isTight = isTight;
        this.uplink = uplink;
        this.line = new LineSpeed(marked.name(), table, uplink, clock, time);
        this.equal = new EqualParts(marked.name(), table);
        this.queue = new CopyQueue(
                marked.name(), tiers.enough(), pack -> tiers.enough(pack.owner()), packs, copies, clock, time);
        this.refused = new PutOff<>(SECOND_TRY, SELDOM, time);
        this.nextOrphans = time.now();
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
     * @throws StrongroomException UNAVAILABLE or FULL if the tier is away, not ours, or full: later
     */
    public boolean step() throws IOException {
        if (impatient) {
            impatient = false;
            held.clear();
            refused.tryAgain();
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
            dropOrphans();
            return mayHaveMore;
        }
        dropOrphans();
        if (!uplink.isOpen()) {
            return more;
        }
        if (!marked.takesStudies()) { // what waits goes on waiting, and is not evicted
            Priority.NEW.during(journal::copy);
            return more;
        }
        Optional<CopyRow> copy = next();
        if (copy.isEmpty()) {
            forgetPurged();
            Priority.NEW.during(journal::copy);
            return more;
        }
        PackRow pack = packs.find(copy.get().pack()).orElseThrow();
        if (copy.get().state() != CopyState.UPLOADED && !tiers.isWanted(pack.owner(), marked.name())) {
            recognise(copy.get(), pack);
            return true;
        }
        Duration until = held.get(pack.id());
        if (refused.isWaiting(pack.id()) || (until != null && until.compareTo(time.now()) > 0)) {
            return true;
        }
        try {
            queue.priority(pack).during(() -> step(copy.get(), pack));
            held.remove(pack.id());
            failedLast = false;
            refused.over(pack.id());
            unreadable.remove(pack.id());
            problems.clear(problem(pack));
            queue.again(copy.get());
            if (failures.passed(pack.id())) {
                queue.restart(); // those that were passed by, in their order
            }
        } catch (SourceException e) {
            leaveAlone(pack, e.failure()); // also if another tier is away: this one has other things to do
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                homeCopies.doubt();
                stepAside(copy.get(), pack, e);
                return true;
            }
            if (copies.isMissed(copy.get())) {
                leaveAlone(pack, e);
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

    /**
     * Whether the line, the tier or this pack is at fault is not known at first: it is tried again, and then those behind it. Only when they get
     * through and it does not is it left alone for longer and longer.
     *
     * @throws StrongroomException {@code e} while it may be the tier's fault: the round pauses
     */
    private void stepAside(CopyRow copy, PackRow pack, StrongroomException e) {
        if (failures.isOwn(pack.id(), progress(copy)) || refused.knows(pack.id())) {
            refused.failed(pack.id());
            problems.raise(
                    problem(pack),
                    e.kind(),
                    "pack " + pack.pack() + " does not get into tier " + marked.name() + ", while others do: "
                            + e.text() + ". It stays here, and is tried again later",
                    e.cure().isEmpty()
                            ? "See why the tier does not take this object: a rule of the store, its size, its name"
                            : e.cure());
            return;
        }
        if (!failures.isOthersTurn(pack.id())) {
            queue.restart();
        }
        failedLast = true;
        throw e;
    }

    /** Grows with each part that got through, and with each step. */
    private long progress(CopyRow copy) {
        CopyState state =
                copies.find(copy.pack(), marked.name()).map(CopyRow::state).orElse(copy.state());
        return state == CopyState.UPLOADING ? 1L + copies.parts(copy).size() : state == CopyState.QUEUED ? 0 : 1L << 20;
    }

    /** A pack that was purged, or planned anew, meanwhile needs nobody's help any more. */
    private void forgetPurged() {
        Predicate<Long> isThere = pack -> packs.find(pack).isPresent();
        failures.keep(isThere);
        refused.keep(isThere);
        unreadable.removeIf(isThere.negate());
        held.keySet().removeIf(isThere.negate());
        String prefix = "ship/" + marked.name() + "/";
        for (String name : problems.byName().keySet()) {
            if (name.startsWith(prefix)
                    && name.length() == prefix.length() + UUID_LENGTH
                    && packs.find(UUID.fromString(name.substring(prefix.length())))
                            .isEmpty()) {
                problems.clear(name);
            }
        }
    }

    private void leaveAlone(PackRow pack, StrongroomException e) {
        held.put(pack.id(), time.now().plus(SECOND_TRY));
        problems.raise(problem(pack), e);
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
        upload(copy, pack, layout);
    }

    /** From this machine, if all of it is here as it was planned; else out of another tier. */
    private void upload(CopyRow copy, PackRow pack, PackLayout layout) throws IOException {
        String name = PackPrologue.objectName(pack.pack());
        SourceException reason;
        try {
            send(copy, pack, layout, PackSource.local(home, layout));
            return;
        } catch (NoSuchFileException e) {
            if (cancel(copy, pack, name)) {
                return;
            }
            reason = new SourceException(
                    StrongroomException.of(FailureKind.NOT_FOUND, "files of a planned pack are gone from this machine")
                            .with("pack", pack.pack())
                            .cure("Restore the spool from a backup"));
        } catch (SourceException e) {
            // The first time it may be the whole disk, for a while: what was sent of the pack is still good then.
            Throwable cause = e.failure().getCause();
            if ((cause instanceof UnreadableFileException || cause instanceof EOFException)
                    && !unreadable.add(pack.id())
                    && cancel(copy, pack, name)) {
                return;
            }
            reason = e;
        }
        for (Replicas.Source source : replicas.sources(pack)) {
            if (isTight.getAsBoolean()) {
                // Another copy can wait; what this machine alone has goes on meanwhile, and makes room.
                throw new SourceException(
                        StrongroomException.of(FailureKind.FULL, "no room to pass a pack on from one tier to another")
                                .with("pack", pack.pack())
                                .cure("Make room on Home's disk"));
            }
            Path relay = home.run().resolve("relay-" + marked.name());
            try (RelayBlocks blocks = new RelayBlocks(source.tier().tier(), name, layout.size(), relay)) {
                CopyRow now = copies.find(pack.id(), marked.name()).orElse(copy);
                LOG.info("{} goes from tier {} to tier {}", name, source.tier().name(), marked.name());
                (queue.priority(pack) == Priority.STAT ? Priority.STAT : Priority.REPLICATION)
                        .during(() -> send(now, pack, layout, PackSource.relayed(blocks, layout)));
                return;
            } catch (SourceException e) {
                reason = new SourceException(replicas.doubt(pack, source, e.failure()));
            }
        }
        if (reason.failure().kind() == FailureKind.ARCHIVED) {
            reason = new SourceException(recalls.ask(pack, Urgency.BULK, reason.failure()));
        }
        throw reason;
    }

    private void send(CopyRow copy, PackRow pack, PackLayout layout, ByteSource source) throws IOException {
        String name = PackPrologue.objectName(pack.pack());
        new PackUpload(
                        copies,
                        marked.tier(),
                        copy,
                        name,
                        layout,
                        source,
                        line,
                        equal,
                        uplink,
                        () -> queue.isOvertaken(pack))
                .run();
    }

    /** A plan that no tier has begun to hold, and of which something is lost, is made anew without it. */
    private boolean cancel(CopyRow copy, PackRow pack, String name) {
        List<CopyRow> all = copies.of(pack.id());
        if (pack.settled()
                || !all.stream()
                        .allMatch(one -> one.state() == CopyState.QUEUED || one.state() == CopyState.UPLOADING)) {
            return false;
        }
        String upload =
                copies.find(pack.id(), marked.name()).map(CopyRow::upload).orElse(copy.upload());
        if (upload != null) {
            marked.tier().abort(name, upload);
        }
        packs.cancel(pack.id());
        return true;
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

    /**
     * Uploads that this ledger does not know are paid for and lead nowhere: it was lost, or their plan was taken back. A tier that does
     * not let them be seen or given up is used all the same.
     */
    private void dropOrphans() {
        if (time.now().compareTo(nextOrphans) < 0) {
            return;
        }
        String problem = "ship/uploads/" + marked.name();
        try {
            abortOrphans();
            problems.clear(problem);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            problems.raise(problem, e);
        }
        nextOrphans = time.now().plus(ORPHANS);
    }

    private void abortOrphans() {
        Tier tier = marked.tier();
        Set<String> ours = copies.uploads(marked.name());
        Set<String> begun = new HashSet<>();
        for (Tier.Upload upload : tier.uploads()) {
            boolean lost = upload.name().startsWith(PACKS) && !ours.contains(upload.id());
            if (upload.name().startsWith(HEADS)) {
                begun.add(upload.id());
                lost = heads.contains(upload.id());
            }
            if (lost) {
                tier.abort(upload.name(), upload.id());
            }
        }
        heads = begun;
    }

    private String problem(PackRow pack) {
        return "ship/" + marked.name() + "/" + pack.pack();
    }
}
