package org.strongroom.sidecar.snapshot;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Durations;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.WrittenOnce;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Brings Home's newest snapshot to one tier: chunks that are not there yet, then the snapshot, so that one that is there is whole. Whatever
 * interrupts it, it goes on with what is missing. One thread steps; {@link #through} may be asked from any.
 */
public final class SnapshotCopies {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotCopies.class);
    private static final int CHUNKS_IN_A_STEP = 32;
    private static final Duration SECOND_TRY = Duration.ofSeconds(30);
    /** For so long a tier is believed to hold what it held: a store may charge for each question. */
    private static final Duration BELIEVED = Duration.ofHours(6);

    private final SnapshotsHere here;
    private final MarkedTier marked;
    private final SnapshotRules rules;
    private final TierTable table;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;
    private final RunningTime time;

    private Duration next;
    /** What is on its way; null if nothing is. */
    private Sending sending;
    /** The name of what is there, whole, and until when that is believed. */
    private String held = "";

    private Duration believed = Duration.ZERO;
    private volatile Optional<Instant> through;

    /** @param missing names of chunks that the tier does not hold yet */
    private record Sending(String name, Deque<String> missing) {}

    public SnapshotCopies(
            Home home,
            MarkedTier marked,
            SnapshotRules rules,
            TierTable table,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            RunningTime time) {
        this.here = new SnapshotsHere(home);
        this.marked = marked;
        this.rules = rules;
        this.table = table;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
        this.time = time;
        this.next = time.now();
        this.through = table.remembered(fact()).flatMap(SnapshotCopies::timeOf);
    }

    private static Optional<Instant> timeOf(String object) {
        return SnapshotLabel.timeOf(object).map(Instant::ofEpochMilli);
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** When the newest snapshot was begun that is in the tier; empty if none is known to be. */
    public Optional<Instant> through() {
        return through;
    }

    /**
     * Sends some chunks.
     *
     * @return whether there is more to send at once
     */
    public boolean step() throws IOException {
        Optional<String> newest = here.newest(clock.instant());
        judge(newest);
        if (newest.isEmpty()
                || !marked.takesStudies()
                || !uplink.isOpen()
                || isHeld(newest.get())
                || time.now().compareTo(next) < 0) {
            return false;
        }
        try {
            boolean[] more = {false};
            Priority.SNAPSHOT.during(() -> more[0] = send(newest.get()));
            problems.clear(problem());
            return more[0];
        } catch (NoSuchFileException e) {
            LOG.debug("a newer snapshot took the place of one that was being sent", e);
            sending = null;
        } catch (StrongroomException e) {
            sending = null;
            held = "";
            if (!e.kind().retryable()) {
                problems.raise(problem(), e);
            }
            LOG.debug("no snapshot in {}", name(), e); // its worker tells of a tier that is away
        }
        next = time.now().plus(SECOND_TRY);
        return false;
    }

    private boolean isHeld(String name) {
        return held.equals(name) && time.now().compareTo(believed) < 0;
    }

    private boolean send(String newest) throws IOException {
        marked.requireOurs();
        if (sending == null || !sending.name().equals(newest)) {
            sending = begin(newest);
        }
        for (int i = 0; i < CHUNKS_IN_A_STEP && !sending.missing().isEmpty(); i++) {
            hold(sending.missing().peek(), here.read(sending.missing().peek()));
            sending.missing().remove();
        }
        if (!sending.missing().isEmpty()) {
            return uplink.isOpen();
        }
        hold(newest, here.read(newest));
        marked.requireOurs(); // a disk that was unmounted meanwhile holds nothing
        sending = null;
        held = newest;
        believed = time.now().plus(BELIEVED);
        table.remember(fact(), newest);
        through = timeOf(newest);
        tidy();
        return false;
    }

    private Sending begin(String newest) throws IOException {
        Set<String> missing = new LinkedHashSet<>();
        SnapshotLabel.decode(here.read(newest)).chunks().forEach(chunk -> missing.add(SnapshotLabel.objectName(chunk)));
        marked.tier().list(SnapshotLabel.CHUNKS, object -> missing.remove(object.name()));
        return new Sending(newest, new ArrayDeque<>(missing));
    }

    private void hold(String name, byte[] content) throws IOException {
        if (!WrittenOnce.ensure(marked.tier(), name, content)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a part of a snapshot in a tier is not what was sent")
                    .with("tier", name())
                    .with("object", name)
                    .cure("Check the tier's disk or line, then delete the object: it is sent again");
        }
    }

    /** Of what is there, only space is wasted if this fails: the newest snapshot is there, and the next one tidies up as well. */
    private void tidy() throws IOException {
        try {
            drop();
            problems.clear(untidy());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            LOG.debug("older snapshots in {} stay for now", name(), e);
        } catch (StrongroomException e) {
            LOG.debug("older snapshots in {} stay for now", name(), e);
            if (!e.kind().retryable()) {
                problems.raise(
                        untidy(),
                        e.kind(),
                        "an older snapshot in tier " + name()
                                + " is damaged or cannot be read: what only older ones need is" + " not deleted there",
                        "Look at the tier's disk; it is over when newer snapshots have taken the place of that one");
            }
        }
    }

    /** Older snapshots, and the chunks that none of those that stay needs; what is locked stays for now. */
    private void drop() throws IOException {
        SnapshotsThere there = SnapshotsThere.list(marked.tier(), clock.instant());
        there.older(rules.keep()).forEach(this::drop);
        Set<String> needed = new HashSet<>();
        for (String name : there.staying(rules.keep())) {
            byte[] snapshot = here.has(name) ? here.read(name) : there.read(name);
            SnapshotLabel.decode(snapshot).chunks().forEach(chunk -> needed.add(SnapshotLabel.objectName(chunk)));
        }
        there.chunks().stream().filter(chunk -> !needed.contains(chunk)).forEach(this::drop);
    }

    private void drop(String name) {
        try {
            marked.tier().delete(name);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.debug("{} stays for now", name, e); // only space
        }
    }

    private void judge(Optional<String> newest) throws IOException {
        tell("snapshot", here.trouble());
        tell("snapshot-pause", here.pause());
        tell("snapshot-users", here.withoutUsers());
        Instant now = clock.instant();
        Optional<Instant> last =
                through.filter(at -> !at.isAfter(now)).or(() -> newest.flatMap(SnapshotCopies::timeOf));
        boolean late = last.isPresent()
                && marked.takesCopies()
                && now.isAfter(last.get().plus(rules.tooOld()));
        if (!late) {
            problems.clear(lateProblem());
            return;
        }
        problems.raise(
                lateProblem(),
                FailureKind.UNAVAILABLE,
                "the newest snapshot of Orthanc's index in tier " + name() + " is older than "
                        + Durations.format(rules.tooOld()),
                "Look at what else is told of the tier, at Uplink, and make one: strongroom snapshot --now");
    }

    private void tell(String name, Optional<ErrorBody> told) {
        told.ifPresentOrElse(trouble -> problems.raise(name, trouble.toException()), () -> problems.clear(name));
    }

    private String problem() {
        return "snapshot/" + name();
    }

    private String untidy() {
        return "snapshot-old/" + name();
    }

    private String lateProblem() {
        return "snapshot-late/" + name();
    }

    private String fact() {
        return "snapshot/" + name();
    }
}
