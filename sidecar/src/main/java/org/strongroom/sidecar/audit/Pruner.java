package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * Takes the oldest events of a log away when they are older than {@code Audit.Keep} (format.md §9.8): whole bundles, from the first on, and the
 * tiles that only they need. That it does is in the log, signed, before anything goes. One thread steps.
 */
public final class Pruner {
    private static final Logger LOG = LoggerFactory.getLogger(Pruner.class);
    /** Events of so long a time go by one plan, or one bundle: a clock that is years ahead costs a month a day, and is seen. */
    static final Duration AT_ONCE = Duration.ofDays(31);

    private final Path folder;
    private final Tiles tiles;
    private final LogReader log;
    private final PruneNotice notice;
    private final Duration keep;
    private final Predicate<UUID> isHeld;

    /** What a part of the sidecar does that may fail for want of a disk. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /** How many events, from the first on, everybody has who has to have them. */
    @FunctionalInterface
    public interface Reach {
        long events() throws IOException;
    }

    /**
     * What would go.
     *
     * @param from the first event that is there
     * @param to the first that stays
     * @param size events that the checkpoint speaks of
     * @param why it is no more: a static text
     */
    public record Plan(long from, long to, long size, String why) {
        public boolean isNothing() {
            return from == to;
        }

        /** Whether more is old enough than goes at once. */
        public boolean isCut() {
            return why.equals(CUT);
        }
    }

    static final String YOUNG = "those behind are not old enough";
    static final String HELD = "the next one is about a study that is under a hold";
    static final String NOT_ELSEWHERE = "a tier, a witness or a receiver does not have the next ones yet";
    static final String CUT = "the next ones are of more than a month: they go another day";
    static final String UNREADABLE = "the next one was written by a later version";
    static final String LAST = "those behind do not fill a bundle";

    /**
     * @param folder {@code HOME/audit}
     * @param keep for so long events stay
     * @param isHeld whether the study of a key is under a hold
     */
    public Pruner(Path folder, Duration keep, Predicate<UUID> isHeld) {
        this.folder = folder;
        this.tiles = Tiles.in(folder);
        this.log = new LogReader(folder);
        this.notice = new PruneNotice(tiles);
        this.keep = keep;
        this.isHeld = isHeld;
    }

    /**
     * What is due; reads it.
     *
     * @param now by a clock that nobody can set ahead for a moment
     * @throws StrongroomException CORRUPT if the log does not say itself from where on it is kept now
     */
    public Plan plan(Instant now, Reach reach) throws IOException {
        long from = notice.minimum(LogReader.key(folder));
        long size = log.size();
        long known = reach.events();
        Instant before = now.minus(keep);
        Instant end = null;
        long to = from;
        String why = LAST;
        while (to + TilePath.FULL <= size) {
            if (to + TilePath.FULL > known) {
                why = NOT_ELSEWHERE;
                break;
            }
            List<LogEntry> bundle = log.from(to, size);
            Optional<String> stays = stays(bundle, before);
            if (stays.isPresent()) {
                why = stays.get();
                break;
            }
            if (end == null) {
                end = times(bundle).min(Comparator.naturalOrder()).orElseThrow().plus(AT_ONCE);
            } else if (times(bundle).anyMatch(end::isBefore)) {
                why = CUT;
                break;
            }
            to += TilePath.FULL;
        }
        return new Plan(from, to, size, why);
    }

    private static Stream<Instant> times(List<LogEntry> bundle) {
        return bundle.stream().map(stored -> stored.entry().time());
    }

    private Optional<String> stays(List<LogEntry> bundle, Instant before) {
        for (LogEntry stored : bundle) {
            AuditEntry entry;
            try {
                entry = stored.entry();
            } catch (StrongroomException e) {
                return Optional.of(UNREADABLE);
            }
            if (!entry.time().isBefore(before)) {
                return Optional.of(YOUNG);
            }
            if (key(entry.event()).filter(isHeld).isPresent()) {
                return Optional.of(HELD);
            }
        }
        return Optional.empty();
    }

    private static Optional<UUID> key(AuditEvent event) {
        try {
            return Optional.ofNullable(event.details().get("key")).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Orthanc did not say which study it is
        }
    }

    /**
     * Does it.
     *
     * @param record that it is done, as an event; durable on return
     * @param sign has that event in the log, and signed, on return
     * @throws StrongroomException CORRUPT if the log does not say itself from where on it is kept: then nothing goes
     */
    public void prune(Plan plan, Consumer<AuditEvent> record, Work sign) throws IOException {
        if (!plan.isNothing()) {
            record.accept(AuditEvent.of(AuditType.LOG_PRUNE)
                    .by(AuditEvent.STRONGROOM)
                    .with("from", plan.from())
                    .with("minimum", plan.to()));
            sign.run();
            if (!isTold(plan)) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "that the audit log is pruned is not in it yet");
            }
            DurableFiles.replace(folder.resolve(MinimumIndex.FILE), MinimumIndex.file(plan.to()));
            LOG.info("the audit log is kept from event {} on", plan.to());
        }
        sweep(notice.minimum(LogReader.key(folder)));
    }

    private boolean isTold(Plan plan) throws IOException {
        long size = log.size();
        for (long at = plan.size(); at < size; ) {
            for (LogEntry stored : log.from(at, size)) {
                at = stored.index() + 1;
                if (PruneNotice.tells(stored.json(), plan.to())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What ends before the first event that is kept; a kill in the midst leaves the later ones, which go next time. */
    private void sweep(long minimum) throws IOException {
        for (int level = 0; level < TilePath.LEVELS; level++) {
            long end = TilePath.fullTiles(level, minimum);
            long first = end;
            while (first > 0 && Files.exists(tile(level, first - 1))) {
                first--;
            }
            for (; first < end; first++) {
                if (level == 0) {
                    delete(folder.resolve(TilePath.entries(first, TilePath.FULL)));
                }
                delete(tile(level, first)); // last: it is what is looked for
            }
        }
    }

    /** With what a kill of the log's writer left beside it: names of users are in there. */
    private static void delete(Path full) throws IOException {
        AuditLog.dropPartials(full);
        Files.deleteIfExists(full);
    }

    private Path tile(int level, long index) {
        return folder.resolve(TilePath.tile(level, index, TilePath.FULL));
    }
}
