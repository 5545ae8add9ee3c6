package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;

/** Records what happens in the sidecar, and what commands tell it; the sequencer takes it in like the plugin's events. Thread-safe. */
public final class OwnEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnEvents.class);

    private final Home home;
    private final InstantSource clock;
    private final RunningTime time;
    private volatile UnaryOperator<AuditEvent> completed = UnaryOperator.identity();
    /** Null until something happens: a series begins with an event. */
    private PendingLog pending;

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

    /** As {@link #record(AuditEvent)}, of what goes on all the same where the disk takes no events. */
    public void tell(AuditEvent event) {
        try {
            record(event);
        } catch (StrongroomException e) {
            LOG.warn("{} is not in the audit log: {}", event.type(), e.text());
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
            if (pending == null) {
                pending = PendingLog.open(home.pendingAuditOfSidecar(), "sidecar", clock, time);
            }
            long last = 0;
            for (AuditEvent event : events) {
                last = pending.write(completed.apply(event));
            }
            pending.sync(last);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "an audit event could not be recorded")
                    .with("folder", home.pendingAuditOfSidecar())
                    .cure("Look at the disk that holds Strongroom.Home: mount, space, permissions")
                    .causedBy(e);
        }
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
        try {
            if (pending != null) {
                pending.close();
            }
        } catch (IOException e) {
            LOG.warn("the sidecar's audit events did not close; all of them are on the disk", e);
        }
        pending = null;
    }
}
