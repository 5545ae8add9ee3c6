package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Durations;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Priority;

/**
 * Brings one destination up to the log, in order, each event at least once and under its entry's id. What fails is tried again, less and
 * less often and less and less at once, for ever. For one thread; {@link #behind} for several.
 */
public final class Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
    /** Who took nothing before this one may take less than that at once. */
    private static final Duration SMALLER_FROM = FIRST_PAUSE.multipliedBy(4);

    private final String name;
    private final Path audit;
    private final boolean fromBeginning;
    private final Duration alarm;
    private final Supplier<Destination> way;
    private final BooleanSupplier isOpen;
    private final Problems problems;
    private final InstantSource clock;
    private final RunningTime time;
    /** Null until something has to be sent, and after a failure: a certificate may have been renewed. */
    private Destination destination;

    private Duration pause = Duration.ZERO;
    /** Of events that go at once; less than the destination says while it takes nothing, and more and more again when it does. */
    private int most = Integer.MAX_VALUE;

    private Duration tryAgain = Duration.ZERO;
    private volatile Optional<Behind> behind = Optional.empty();

    /**
     * How far a destination is.
     *
     * @param events that it has not got
     * @param since when the oldest of these was recorded; empty if there are none
     */
    public record Behind(long events, Optional<Instant> since) {}

    /**
     * @param audit {@code HOME/audit}
     * @param way to the destination; REFUSED if what the settings name is not there
     * @param isOpen whether anything may be sent now
     */
    Forwarder(
            String name,
            Path audit,
            boolean fromBeginning,
            Duration alarm,
            Supplier<Destination> way,
            BooleanSupplier isOpen,
            Problems problems,
            InstantSource clock,
            RunningTime time) {
        this.name = name;
        this.audit = audit;
        this.fromBeginning = fromBeginning;
        this.alarm = alarm;
        this.way = way;
        this.isOpen = isOpen;
        this.problems = problems;
        this.clock = clock;
        this.time = time;
    }

    /** Of the destination, in the settings. */
    public String name() {
        return name;
    }

    /** Empty until the log was first looked at. */
    public Optional<Behind> behind() {
        return behind;
    }

    /**
     * How many events of the log, from the first on, need not be kept for the destination's sake. From any thread.
     *
     * @return all that there ever may be if it wants only those that come
     */
    public long events() throws IOException {
        Cursor cursor = cursor(new LogReader(audit));
        OptionalLong next = cursor.next();
        return next.isPresent() ? next.getAsLong() : beginsAtFirst(cursor) ? 0 : Long.MAX_VALUE;
    }

    private Cursor cursor(LogReader reader) throws IOException {
        return new Cursor(audit.resolve("forward"), name, reader.name());
    }

    private boolean beginsAtFirst(Cursor cursor) {
        return fromBeginning || !cursor.isNew();
    }

    /**
     * Sends what is due.
     *
     * @return whether there is more at once
     */
    public boolean step() throws IOException, InterruptedException {
        LogReader reader = new LogReader(audit);
        long size;
        try {
            size = reader.size();
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false; // nothing happened yet
            }
            throw e;
        }
        Cursor cursor = cursor(reader);
        long next = Math.max(next(cursor, size), reader.first());
        if (next >= size) {
            tell(0, Optional.empty());
            return false;
        }
        destination = destination == null ? way.get() : destination;
        List<LogEntry> batch = batch(reader, next, size);
        tell(size - next, Optional.of(batch.get(0).entry().time()));
        if (time.now().compareTo(tryAgain) < 0 || !isOpen.getAsBoolean()) {
            return false;
        }
        try {
            Priority.STAT.during(() -> destination.send(batch)); // as the log's anchors
        } catch (PartlySent e) {
            cursor.set(next + e.there());
            pause = e.there() > 0 ? Duration.ZERO : pause;
            later(e);
            return false;
        } catch (IOException e) {
            later(e);
            if (most < Integer.MAX_VALUE || pause.compareTo(SMALLER_FROM) >= 0) {
                most = Math.max(1, batch.size() / 2);
            }
            return false;
        }
        pause = Duration.ZERO;
        most = most >= destination.most() ? Integer.MAX_VALUE : most + most / 8 + 1;
        cursor.set(next + batch.size());
        if (next + batch.size() == size) {
            tell(0, Optional.empty());
            return false;
        }
        return destination.takesMoreAtOnce();
    }

    private void later(IOException e) {
        destination = null;
        pause = pause.isZero() ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        tryAgain = time.now().plus(pause);
        LOG.info("Audit.Forward.{} takes nothing: {}; again in {}", name, e.toString(), Durations.format(pause));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private long next(Cursor cursor, long size) throws IOException {
        OptionalLong next = cursor.next();
        if (next.isPresent()) {
            if (next.getAsLong() > size) {
                throw StrongroomException.of(
                                FailureKind.CORRUPT, "the audit log is shorter than what was forwarded of it")
                        .with("destination", name)
                        .cure("Run \"strongroom audit verify\"");
            }
            return next.getAsLong();
        }
        if (cursor.isDamaged()) {
            LOG.warn(
                    "Nothing tells any more how far Audit.Forward.{} is: it gets the whole log, with the same ids",
                    name);
        }
        long first = beginsAtFirst(cursor) ? 0 : size;
        cursor.set(first);
        return first;
    }

    private List<LogEntry> batch(LogReader reader, long next, long size) throws IOException {
        List<LogEntry> batch = new ArrayList<>();
        int atOnce = Math.min(destination.most(), most);
        for (long at = next; at < size && batch.size() < atOnce; ) {
            for (LogEntry entry : reader.from(at)) {
                if (entry.index() < size && batch.size() < atOnce) {
                    batch.add(entry);
                }
                at = entry.index() + 1;
            }
        }
        return batch;
    }

    private void tell(long events, Optional<Instant> since) {
        behind = Optional.of(new Behind(events, since));
        boolean late = since.isPresent()
                && Duration.between(since.get(), clock.instant()).compareTo(alarm) >= 0;
        if (!late) {
            problems.clear(problem());
            return;
        }
        problems.raise(
                problem(),
                FailureKind.UNAVAILABLE,
                "Audit.Forward." + name + " lacks events of the audit log for more than " + Durations.format(alarm)
                        + "; they wait in the log, and images go on",
                "Look at the receiver, its certificate and the line; the sidecar's log tells what it answers");
    }

    private String problem() {
        return "forward/" + name;
    }
}
