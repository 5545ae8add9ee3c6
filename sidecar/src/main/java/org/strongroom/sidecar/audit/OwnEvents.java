package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;

/** Records what happens in the sidecar, and what commands tell it; the sequencer takes it in like the plugin's events. Thread-safe. */
public final class OwnEvents implements AutoCloseable {
    static final int MOST_HELD = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(OwnEvents.class);

    private final Home home;
    private final InstantSource clock;
    private final RunningTime time;
    private volatile UnaryOperator<AuditEvent> completed = UnaryOperator.identity();
    /** Null until something happens: a series begins with an event. */
    private PendingLog pending;
    /** What was written last and may not be on the disk yet; 0: nothing. */
    private long unsynced;

    /** What the disk did not take, the oldest first, since when, and how many more were too many. */
    private final Deque<AuditEvent> held = new ArrayDeque<>();

    private Instant stopped;
    private long lost;
    /** Whether that it stopped is in the log, and how many of those behind it. */
    private boolean told;

    private long later;

    public OwnEvents(Home home, InstantSource clock, RunningTime time) {
        this.home = home;
        this.clock = clock;
        this.time = time;
    }

    /** From now on events are recorded as {@code completed} returns them. */
    public void complete(UnaryOperator<AuditEvent> completed) {
        this.completed = completed;
    }

    /** As {@link #record(List)}, one. */
    public void record(AuditEvent event) {
        record(List.of(event));
    }

    /**
     * As {@link #record(AuditEvent)}, of what goes on all the same where the disk takes no events: what it does not take is kept in memory,
     * and recorded between a {@code recording-stop} and a {@code recording-start} when it does. A kill meanwhile loses it.
     */
    public synchronized void tell(AuditEvent event) {
        try {
            write(List.of(event));
        } catch (IOException e) {
            hold(event);
            LOG.warn("{} is kept in memory until it can be recorded: {}", event.type(), e.toString());
            return;
        }
        try {
            sync();
        } catch (IOException e) { // not kept as well: the file itself writes it again
            LOG.warn("{} is written, and not yet surely on the disk: {}", event.type(), e.toString());
        }
    }

    private void hold(AuditEvent event) {
        Instant now = clock.instant();
        stopped = stopped == null ? now : stopped;
        if (held.size() < MOST_HELD) {
            held.add(event.with("happened", now));
        } else {
            lost++;
        }
    }

    /** Records what is kept, and brings to the disk what is written, if it takes that now; to be called regularly. */
    public synchronized void again() {
        if (stopped == null && unsynced == 0) {
            return;
        }
        try {
            write(List.of());
            sync();
        } catch (IOException e) {
            LOG.debug("the disk still takes no event", e);
        }
    }

    /**
     * Records events, if any; they are durable when this returns.
     *
     * @throws StrongroomException UNAVAILABLE if they are not
     */
    public synchronized void record(List<AuditEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        try {
            write(events);
            sync();
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "an audit event could not be recorded")
                    .with("folder", home.pendingAuditOfSidecar())
                    .cure("Look at the disk that holds Strongroom.Home: mount, space, permissions")
                    .causedBy(e);
        }
    }

    private void write(List<AuditEvent> events) throws IOException {
        if (pending == null) {
            pending = PendingLog.open(home.pendingAuditOfSidecar(), "sidecar", clock, time);
        }
        bringBack();
        for (AuditEvent event : events) {
            put(completed.apply(event));
        }
    }

    /** In order, before what comes; what failed in the midst goes on there. */
    private void bringBack() throws IOException {
        if (stopped == null) {
            return;
        }
        if (!told) {
            put(about(AuditType.RECORDING_STOP).failed("the disk took no event").with("since", stopped));
            told = true;
        }
        for (AuditEvent event = held.peek(); event != null; event = held.peek()) {
            put(completed.apply(event));
            held.remove();
            later++;
        }
        put(about(AuditType.RECORDING_START).with("recordedLater", later).with("lost", lost));
        stopped = null;
        told = false;
        later = 0;
        lost = 0;
    }

    private void put(AuditEvent event) throws IOException {
        unsynced = pending.write(event);
    }

    private void sync() throws IOException {
        pending.sync(unsynced);
        unsynced = 0;
    }

    private static AuditEvent about(AuditType type) {
        return AuditEvent.of(type).by(AuditEvent.STRONGROOM).with("part", "sidecar");
    }

    /**
     * Does something, and records how that ended before anybody is told.
     *
     * @param event of it; asked for afterwards
     */
    public <T> T recorded(Supplier<AuditEvent> event, Supplier<T> work) {
        T done;
        try {
            done = work.get();
        } catch (StrongroomException e) {
            AuditEvent told = event.get();
            record(e.kind() == FailureKind.REFUSED ? told.refused(e.text()) : told.failed(e.text()));
            throw e;
        }
        record(event.get());
        return done;
    }

    @Override
    public synchronized void close() {
        again();
        if (stopped != null) {
            LOG.error("the disk took no event since {}: {} of the sidecar's are lost", stopped, held.size() + lost);
        }
        try {
            if (pending != null) {
                pending.close();
            }
        } catch (IOException e) {
            LOG.warn("the sidecar's audit events did not close; the last of them may not be on the disk", e);
        }
        pending = null;
        unsynced = 0;
    }
}
