package org.strongroom.sidecar.ship;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.rebuild.Rebuild;
import org.strongroom.sidecar.receipt.CopyCheck;
import org.strongroom.sidecar.receipt.OpenChecks;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/** Brings one tier's copies forward. Runs as one round; a failing tier holds up no other. */
public final class TierWorker {
    private static final Duration SECOND_TRY = Duration.ofMinutes(10);
    private static final Duration ORPHANS = Duration.ofDays(1);
    private static final int SUSPECTS = 100;

    private final Home home;
    private final MarkedTier marked;
    private final Tiers tiers;
    private final PackTable packs;
    private final CopyTable copies;
    private final KeyBundles bundles;
    private final JournalCopies journal;
    private final HomeCopies homeCopies;
    private final OpenChecks checks;
    private final Rebuild rebuild;
    private final Problems problems;
    private final InstantSource clock;
    private final RunningTime time;
    private final Uplink uplink;
    private final LineSpeed line;
    private final CopyQueue queue;
    /** Until when, in running time, a copy is left alone that only a person can help. */
    private final Map<Long, Duration> held = new HashMap<>();

    private Duration nextLook;
    private Duration nextOrphans;
    private volatile boolean impatient;

    public TierWorker(
            Home home,
            MarkedTier marked,
            Tiers tiers,
            PackTable packs,
            CopyTable copies,
            TierTable table,
            KeyBundles bundles,
            OpenChecks checks,
            Rebuild rebuild,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            RunningTime time) {
        this.home = home;
        this.marked = marked;
        this.tiers = tiers;
        this.packs = packs;
        this.copies = copies;
        this.bundles = bundles;
        this.journal = new JournalCopies(home, table, marked.tier(), time);
        this.homeCopies = new HomeCopies(home, marked.tier(), time);
        this.checks = checks;
        this.rebuild = rebuild;
        this.problems = problems;
        this.clock = clock;
        this.time = time;
        this.uplink = uplink;
        this.line = new LineSpeed(marked.name(), table, uplink, time);
        this.queue = new CopyQueue(marked.name(), packs, copies, clock);
        this.nextLook = time.now();
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
            nextLook = time.now();
        }
        hold();
        rebuild.list(marked.tier());
        rebuild.finish(tiers.names());
        dropOrphans();
        checks.offer(marked.name());
        if (!uplink.isOpen()) {
            return false;
        }
        Optional<CopyRow> copy = queue.next();
        if (copy.isEmpty()) {
            Priority.NEW.during(journal::copy);
            return remake();
        }
        PackRow pack = packs.find(copy.get().pack()).orElseThrow();
        Duration until = held.get(pack.id());
        if (until != null && until.compareTo(time.now()) > 0) {
            return true;
        }
        try {
            queue.priority(pack).during(() -> step(copy.get(), pack));
            held.remove(pack.id());
            problems.clear(problem(pack));
            queue.again(copy.get());
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                queue.restart();
                homeCopies.doubt();
                throw e;
            }
            held.put(pack.id(), time.now().plus(SECOND_TRY));
            problems.raise(problem(pack), e);
        }
        return true;
    }

    /** Before anything is sent or believed, it is our tier, and could be opened if this machine were lost. */
    private void hold() throws IOException {
        try {
            marked.expectOurs();
            if (marked.takeFresh()) {
                homeCopies.doubt();
            }
            homeCopies.ensure();
        } catch (StrongroomException e) {
            homeCopies.doubt();
            throw e;
        }
    }

    private void step(CopyRow copy, PackRow pack) throws IOException {
        PackLayout layout = packs.layout(pack);
        if (copy.state() == CopyState.UPLOADED) {
            verify(copy, pack, layout);
            return;
        }
        String name = PackPrologue.objectName(pack.pack());
        bundles.ensure(marked.tier(), pack.key());
        try {
            upload(copy, pack, name, layout, new PackSource(home, layout));
        } catch (NoSuchFileException e) {
            uploadFromElsewhere(copy, pack, name, layout);
        }
    }

    private void upload(CopyRow copy, PackRow pack, String name, PackLayout layout, ByteSource source)
            throws IOException {
        new PackUpload(copies, marked.tier(), copy, name, layout, source, line, uplink, () -> queue.isOvertaken(pack))
                .run();
    }

    /** A member is not on this machine: another tier has the pack, or the plan cannot be carried out any more. */
    private void uploadFromElsewhere(CopyRow copy, PackRow pack, String name, PackLayout layout) throws IOException {
        Set<String> holding = new HashSet<>();
        boolean begun = false;
        for (CopyRow other : copies.of(pack.id())) {
            if (other.state() == CopyState.RECEIVED) {
                holding.add(other.tier());
            }
            begun |= other.state() != CopyState.QUEUED && other.state() != CopyState.UPLOADING;
        }
        CopyRow now = copies.find(pack.id(), marked.name()).orElse(copy);
        for (MarkedTier other : tiers.healthyFirst(holding)) {
            ByteSource source = object(other.tier(), name, layout.size());
            Priority.REPLICATION.during(() -> upload(now, pack, name, layout, source));
            return;
        }
        if (!begun && !pack.settled()) {
            if (now.upload() != null) {
                marked.tier().abort(name, now.upload());
            }
            packs.cancel(pack.id());
            return;
        }
        throw StrongroomException.of(FailureKind.NOT_FOUND, "files of a planned pack are gone from this machine")
                .with("pack", pack.pack())
                .cure("Restore the spool from a backup");
    }

    private static ByteSource object(Tier tier, String name, long size) {
        return ByteSource.of(size, (position, target, targetOffset, length) -> {
            try (InputStream in = tier.get(name, position, length)) {
                if (in.readNBytes(target, targetOffset, length) != length) {
                    throw new EOFException("the object ends early");
                }
            }
        });
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
        marked.requireOurs(); // a disk that was unmounted meanwhile gives no receipt
        copies.checked(copy, bundle, clock.instant());
        checks.offer(marked.name());
    }

    /** Suspect copies whose object is gone, lost or deleted by a person, are made again. */
    private boolean remake() {
        if (time.now().compareTo(nextLook) < 0) {
            return false;
        }
        nextLook = time.now().plus(SECOND_TRY);
        boolean any = false;
        for (CopyRow copy : copies.suspects(marked.name(), SUSPECTS)) {
            PackRow pack = packs.find(copy.pack()).orElseThrow();
            if (marked.tier().head(PackPrologue.objectName(pack.pack())).isEmpty()) {
                marked.requireOurs(); // an empty mount point proves nothing
                copies.queued(copy);
                any = true;
            }
        }
        return any;
    }

    /** Uploads that this ledger does not know are paid for and lead nowhere: it was lost, or their plan was taken back. */
    private void dropOrphans() {
        if (time.now().compareTo(nextOrphans) < 0) {
            return;
        }
        Tier tier = marked.tier();
        Set<String> ours = copies.uploads(marked.name());
        for (Tier.Upload upload : tier.uploads()) {
            if (upload.name().startsWith("packs/") && !ours.contains(upload.id())) {
                tier.abort(upload.name(), upload.id());
            }
        }
        nextOrphans = time.now().plus(ORPHANS);
    }

    private String problem(PackRow pack) {
        return "ship/" + marked.name() + "/" + pack.pack();
    }
}
