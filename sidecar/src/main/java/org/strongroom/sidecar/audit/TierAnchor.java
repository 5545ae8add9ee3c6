package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Durations;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Keeps one tier's copy of the audit log as new as the settings ask for (format.md §9.5). A log that does not go on from what the tier
 * holds is not anchored: that is a problem until a person has looked. One thread steps; {@link #through} may be asked from any.
 */
public final class TierAnchor {
    static final String CURE =
            "Somebody changed Home/audit, or brought an older copy back. Keep both as evidence; the first event that"
                    + " differs is named by: strongroom audit verify --from ";
    /** For so long a tier is believed to hold what it held: a store may charge for each question. */
    private static final Duration BELIEVED = Duration.ofHours(1);

    private static final Duration SECOND_TRY = Duration.ofSeconds(30);
    /** What only a person can mend is not asked for, checkpoint by checkpoint, twice a minute. */
    private static final Duration AFTER_MENDING = Duration.ofHours(1);

    private static final Duration BETWEEN_SWEEPS = Duration.ofDays(1);
    /** Objects: of a long log that is pruned for the first time there are many, and the next checkpoint waits behind them. */
    private static final int SWEPT_AT_ONCE = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(TierAnchor.class);

    private final Home home;
    private final Tiles tiles;
    private final PruneNotice notice;
    private final MarkedTier marked;
    private final AuditRules rules;
    private final TierTable table;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;
    private final RunningTime time;

    /** What the tier is known to hold; null until it was asked. */
    private Held held;
    /** What an outage broke off goes on with; null until something is to be written. */
    private AnchorUpload upload;

    private Duration next;
    private Duration nextSweep;
    /** When what is here and not there was first seen; null if nothing is. */
    private Instant behindSince;

    private volatile Optional<Instant> through;

    /**
     * @param note digest of the signed checkpoint
     * @param asked when the tier was last asked for it, in running time
     */
    private record Held(String log, Checkpoint checkpoint, Sha256 note, Duration asked) {}

    public TierAnchor(
            Home home,
            MarkedTier marked,
            AuditRules rules,
            TierTable table,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            RunningTime time) {
        this.home = home;
        this.tiles = Tiles.in(home.audit());
        this.notice = new PruneNotice(tiles);
        this.marked = marked;
        this.rules = rules;
        this.table = table;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
        this.time = time;
        this.next = time.now();
        this.nextSweep = time.now();
        this.through = remembered().map(Remembered::through);
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** Everything that was signed until then is known to be in the tier; empty if nothing is. */
    public Optional<Instant> through() {
        return through;
    }

    /** How many events the tier had of the log that is here when it was last anchored. */
    public long events() throws IOException {
        Optional<Remembered> last = remembered();
        String log = AnchorName.log(LogReader.key(home.audit()));
        return last.filter(one -> one.log().equals(log)).map(Remembered::size).orElse(0L);
    }

    /** Anchors what was signed since, if it is time; a tier that is away is tried again. */
    public void step() throws IOException {
        Instant seen = clock.instant(); // before it is read
        Optional<byte[]> note = tiles.read(AuditLog.CHECKPOINT);
        if (note.isEmpty() || !marked.takesCopies()) {
            behindSince = null;
            problems.clear(lateProblem());
            return;
        }
        if (isHeld(note.get())) {
            reached(seen);
        } else if (behindSince == null) {
            behindSince = through.orElseGet(() -> neverSince(seen));
        }
        boolean due = time.now().compareTo(next) >= 0;
        try {
            if (due && uplink.isOpen()) {
                next = time.now().plus(rules.anchorInterval());
                Priority.STAT.during(() -> anchor(note.get(), seen));
                problems.clear(problem());
            }
        } catch (StrongroomException e) {
            held = null;
            Duration soon = rules.anchorInterval().compareTo(SECOND_TRY) < 0 ? rules.anchorInterval() : SECOND_TRY;
            next = time.now().plus(e.kind().retryable() ? soon : AFTER_MENDING);
            if (!e.kind().retryable()) {
                problems.raise(problem(), e);
            }
            LOG.debug("not anchored in {}", name(), e); // its worker tells of a tier that is away
        } finally {
            judge();
        }
    }

    private boolean isHeld(byte[] note) {
        return held != null
                && held.note().equals(Sha256.of(note))
                && held.asked().plus(BELIEVED).compareTo(time.now()) > 0;
    }

    /** Since when this tier should have had something, also before this process. */
    private Instant neverSince(Instant seen) {
        Optional<String> before = table.remembered(never());
        try {
            if (before.isPresent()) {
                return Instant.parse(before.get());
            }
        } catch (DateTimeParseException e) {
            LOG.debug("the ledger is a cache", e);
        }
        table.remember(never(), seen.toString());
        return seen;
    }

    private void reached(Instant seen) {
        if (through.isEmpty()) {
            table.forget(never());
        }
        behindSince = null;
        through = Optional.of(seen);
    }

    private void anchor(byte[] newest, Instant seen) throws IOException {
        if (isHeld(newest)) {
            return;
        }
        NoteKey key = LogReader.key(home.audit());
        long minimum = notice.minimum(key);
        byte[] note = tiles.read(AuditLog.CHECKPOINT).orElse(newest); // behind it: so it covers the event that says so
        Checkpoint now = LogReader.open(note, key);
        if (now.size() == 0) {
            return; // a log that just begins
        }
        marked.requireOurs();
        Held there = isBelieved(key) ? held : look(key);
        requireGoesOn(there.checkpoint(), now);
        if (!there.note().equals(Sha256.of(note))) {
            upload.write(now, note, minimum);
            marked.requireOurs(); // a disk that was unmounted meanwhile holds nothing
        }
        held = new Held(AnchorName.log(key), now, Sha256.of(note), time.now());
        table.remember(fact(), new Remembered(held.log(), now.size(), now.root(), seen).text());
        reached(seen);
        if (time.now().compareTo(nextSweep) >= 0) {
            Priority.SCRUB.during(() -> sweep(now, minimum));
        }
    }

    private void sweep(Checkpoint now, long minimum) throws IOException {
        upload.dropOlderEdges(now, anchorsOfADay());
        boolean more = upload.dropPruned(minimum, SWEPT_AT_ONCE);
        nextSweep = time.now().plus(more ? Duration.ZERO : BETWEEN_SWEEPS); // behind the next checkpoint
    }

    /** At most: a verifier may read for a day by the edge that one of them speaks of, however long this machine was off. */
    private int anchorsOfADay() {
        return (int) (Duration.ofDays(1).toSeconds()
                        / Math.max(1, rules.anchorInterval().toSeconds()))
                + 1;
    }

    private boolean isBelieved(NoteKey key) {
        if (held == null || !held.log().equals(AnchorName.log(key))) {
            return false;
        }
        return held.asked().plus(BELIEVED).compareTo(time.now()) > 0
                || marked.tier()
                        .head(AnchorName.checkpoint(held.log(), held.checkpoint()))
                        .isPresent();
    }

    /** What the tier holds of this log, and what it held when it was last asked: it may have lost that. */
    private Held look(NoteKey key) throws IOException {
        AnchoredLog there = new AnchoredLog(marked.tier(), key);
        Checkpoint none = new Checkpoint(key.name(), 0, Merkle.empty());
        Optional<byte[]> note = there.read(AuditLog.CHECKPOINT);
        Checkpoint newest = note.map(bytes -> LogReader.open(bytes, key)).orElse(none);
        Optional<Remembered> before = remembered().filter(one -> one.log().equals(AnchorName.log(key)));
        if (before.isPresent()) {
            Checkpoint last =
                    new Checkpoint(key.name(), before.get().size(), before.get().root());
            requireGoesOn(last, LogReader.checkpoint(tiles, key));
        }
        if (upload == null || !upload.isFrom(newest, AnchorName.log(key))) {
            upload = new AnchorUpload(tiles, notice, marked.tier(), key, newest);
        }
        return new Held(AnchorName.log(key), newest, Sha256.of(note.orElse(new byte[0])), time.now());
    }

    private void requireGoesOn(Checkpoint before, Checkpoint now) throws IOException {
        if (before.size() > now.size()) {
            throw changed("the audit log is shorter than what a tier holds of it");
        }
        if (!new Subtrees(tiles, now.size()).root(before.size()).equals(before.root())) {
            if (!ConsistencyProof.isSound(tiles, before.size(), now)) {
                throw StrongroomException.of(FailureKind.CORRUPT, "a tile of the audit log here is damaged")
                        .with("tier", name())
                        .cure("Run \"strongroom audit verify\"; the tier has the tiles: strongroom audit fetch --from "
                                + name());
            }
            throw changed("the audit log is not the one that a tier holds");
        }
    }

    private StrongroomException changed(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text)
                .with("tier", name())
                .cure(CURE + name());
    }

    private void judge() {
        Duration behind = behindSince == null ? Duration.ZERO : Duration.between(behindSince, clock.instant());
        if (behind.compareTo(rules.anchorAlarm()) < 0) {
            problems.clear(lateProblem());
            return;
        }
        problems.raise(
                lateProblem(),
                FailureKind.UNAVAILABLE,
                "tier " + name() + " lacks what the audit log has signed for more than "
                        + Durations.format(rules.anchorAlarm()) + ": until it is there it proves nothing to others",
                "Look at what else is told of the tier, and at Uplink");
    }

    private String problem() {
        return "anchor/" + name();
    }

    private String lateProblem() {
        return "anchor-late/" + name();
    }

    private String fact() {
        return fact(name());
    }

    /** Under which the ledger remembers what a tier held when it was last anchored. */
    static String fact(String tier) {
        return "anchor/" + tier;
    }

    private String never() {
        return "anchor-never/" + name();
    }

    private Optional<Remembered> remembered() {
        return table.remembered(fact()).flatMap(Remembered::parse);
    }
}
