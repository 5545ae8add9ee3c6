package org.strongroom.sidecar.fetch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.PrefetchRequest;
import org.strongroom.core.control.PrefetchResult;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.FileTable.Missing;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;

/**
 * Brings studies to this machine before anybody opens them, one series after the other, behind whoever waits for bytes. What could not be had is tried
 * again, ever more seldom, until it is here; what was asked for is forgotten when the sidecar ends. Thread-safe.
 */
public final class Prefetch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetch.class);
    /** Between two looks; the first retry comes after two of them. */
    private static final Duration SOONEST = Duration.ofSeconds(5);

    private static final Duration LATEST = Duration.ofMinutes(10);

    private final FileTable files;
    private final StudyTable studies;
    private final Fetches fetches;
    private final Recalls recalls;
    private final BooleanSupplier tight;
    private final BooleanSupplier rebuilding;
    private final Room room;
    private final RunningTime time;
    private final Sleeper sleeper;
    /** By key, in the order in which they were asked for. Guarded by itself, with all that is in it. */
    private final Map<UUID, Errand> errands = new LinkedHashMap<>();

    private final Pulse pulse;

    /** How many bytes the cache may have. */
    @FunctionalInterface
    public interface Room {
        long bytes() throws IOException;
    }

    /** A study that is wanted here. */
    private static final class Errand {
        private Duration next;
        private Duration pause = SOONEST;
        /** Asked for once more: what was looked at may be gone again. */
        private boolean again;

        private boolean givenUp;
        private StrongroomException why;

        Errand(Duration now) {
            next = now;
        }
    }

    Prefetch(
            FileTable files,
            StudyTable studies,
            Fetches fetches,
            Recalls recalls,
            BooleanSupplier tight,
            BooleanSupplier rebuilding,
            Room room,
            RunningTime time,
            Sleeper sleeper) {
        this.files = files;
        this.studies = studies;
        this.fetches = fetches;
        this.recalls = recalls;
        this.tight = tight;
        this.rebuilding = rebuilding;
        this.room = room;
        this.time = time;
        this.sleeper = sleeper;
        this.pulse = new Pulse("prefetch", SOONEST, this::bringDue);
    }

    /**
     * Does what is asked, and tells how far it is.
     *
     * @throws StrongroomException UNAVAILABLE while the ledger is being rebuilt: it does not know every study; FULL if so much would come
     *     that the cache would lose its beginning to its end
     */
    public PrefetchResult ask(PrefetchRequest request) throws IOException {
        if (request.stop()) {
            synchronized (errands) {
                errands.clear();
            }
            fetches.bringNoMore();
        }
        if (request.keys().isEmpty()) {
            return PrefetchResult.NOTHING;
        }
        if (rebuilding.getAsBoolean()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the ledger is being rebuilt");
        }
        if (request.begin()) {
            begin(request.keys());
        }
        return request.keys().stream().map(this::howFar).reduce(PrefetchResult.NOTHING, PrefetchResult::plus);
    }

    private void begin(List<UUID> keys) throws IOException {
        Set<UUID> all = new LinkedHashSet<>(keys);
        synchronized (errands) {
            errands.forEach((key, errand) -> {
                if (!errand.givenUp) {
                    all.add(key);
                }
            });
        }
        long bytes = 0;
        for (UUID key : all) {
            bytes += studies.find(key)
                    .map(study -> files.missing(study.id()).bytes())
                    .orElse(0L);
        }
        long most = Math.max(0, room.bytes() / 2);
        if (bytes > most) {
            throw StrongroomException.of(
                            FailureKind.FULL, "more is to be brought than half of what may be kept on this machine")
                    .with("bytes", bytes)
                    .with("half", most)
                    .cure("Name fewer studies, or give the cache more room (Cache.HighWater)");
        }
        fetches.used(keys); // what of them is here stays while the rest comes
        synchronized (errands) {
            for (UUID key : keys) {
                Errand errand = errands.computeIfAbsent(key, unused -> new Errand(time.now()));
                errand.again = true;
                errand.givenUp = false;
                errand.next = time.now();
                errand.pause = SOONEST;
            }
        }
        pulse.wake();
    }

    private PrefetchResult howFar(UUID key) {
        Optional<StudyRow> study = studies.find(key);
        if (study.isEmpty()) {
            return PrefetchResult.NOTHING;
        }
        Missing missing = files.missing(study.get().id());
        synchronized (errands) {
            Errand errand = errands.get(key);
            boolean comes = errand != null && !errand.givenUp;
            List<Problem> waitsFor = errand == null || errand.why == null ? List.of() : List.of(problem(errand.why));
            return new PrefetchResult(1, comes ? 1 : 0, missing.instances(), missing.bytes(), waitsFor);
        }
    }

    private static Problem problem(StrongroomException e) {
        return new Problem(e.kind(), e.text() + (e.context().isEmpty() ? "" : " " + e.context()), e.cure());
    }

    private void bringDue() {
        List<Map.Entry<UUID, Errand>> due = new ArrayList<>();
        synchronized (errands) {
            errands.forEach((key, errand) -> {
                if (!errand.givenUp && errand.next.compareTo(time.now()) <= 0) {
                    errand.again = false;
                    due.add(Map.entry(key, errand));
                }
            });
        }
        try {
            for (Map.Entry<UUID, Errand> one : due) {
                bring(one.getKey(), one.getValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void bring(UUID key, Errand errand) throws InterruptedException {
        Bringing way = new Bringing(files, fetches, recalls, tight, () -> isWanted(key, errand), sleeper);
        Optional<Bringing.Away> away = Optional.empty();
        try {
            Optional<StudyRow> study = studies.find(key);
            if (study.isPresent()) {
                away = way.of(study.get());
            }
        } catch (RuntimeException e) {
            LOG.error("the study of key {} cannot be brought here", key, e);
            away = Optional.of(new Bringing.Away(
                    StrongroomException.of(FailureKind.BUG, "a study cannot be brought here; the log says why"),
                    true,
                    false));
        }
        settle(key, errand, away);
    }

    private boolean isWanted(UUID key, Errand errand) {
        synchronized (errands) {
            return !pulse.isClosing() && errands.get(key) == errand;
        }
    }

    private void settle(UUID key, Errand errand, Optional<Bringing.Away> away) {
        synchronized (errands) {
            errand.why = away.map(Bringing.Away::why).orElse(null);
            if (errand.again || errands.get(key) != errand) {
                return; // it is looked at once more, or nobody wants it
            }
            if (away.isEmpty()) {
                errands.remove(key);
                return;
            }
            errand.givenUp = !away.get().mayCome();
            Duration longer = away.get().came() ? SOONEST : errand.pause.multipliedBy(2);
            errand.pause = longer.compareTo(LATEST) < 0 ? longer : LATEST;
            errand.next = time.now().plus(errand.pause);
        }
    }

    @Override
    public void close() {
        pulse.close();
    }
}
