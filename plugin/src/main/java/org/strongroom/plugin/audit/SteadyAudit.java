package org.strongroom.plugin.audit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;

/**
 * Records what must not fail because the disk takes no event: who looks at images in an emergency gets them. What cannot be recorded
 * is kept in memory and recorded later, between a {@code recording-stop} and a {@code recording-start}; a kill meanwhile loses it.
 * Thread-safe.
 */
public final class SteadyAudit implements AutoCloseable {
    static final int MOST_HELD = 10_000;

    private static final Logger LOG = System.getLogger(SteadyAudit.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Consumer<AuditEvent> tap;
    private final InstantSource clock;
    private final Pulse pulse;
    private final Deque<AuditEvent> held = new ArrayDeque<>();
    /** Null while events go to the disk. */
    private Instant stopped;

    private long lost;

    /** @param tap returns when an event is durable; throws if it could not be made so */
    public SteadyAudit(Consumer<AuditEvent> tap, InstantSource clock) {
        this.tap = tap;
        this.clock = clock;
        this.pulse = new Pulse("strongroom-audit-again", AGAIN, this::again);
    }

    /** Records an event: durable when this returns, or in memory until the disk takes it. */
    public void record(AuditEvent event) {
        if (!isStopped()) {
            try {
                tap.accept(event);
                return;
            } catch (StrongroomException e) {
                LOG.log(Level.ERROR, "Who sees what is kept in memory until it can be recorded", e);
            }
        }
        hold(event);
    }

    private synchronized boolean isStopped() {
        return stopped != null;
    }

    private synchronized void hold(AuditEvent event) {
        Instant now = clock.instant();
        stopped = stopped == null ? now : stopped;
        if (held.size() < MOST_HELD) {
            held.add(event.with("happened", now));
        } else {
            lost++;
        }
    }

    /** Records what is kept, if the disk takes it now. */
    synchronized void again() {
        if (stopped == null) {
            return;
        }
        try {
            tap.accept(AuditEvent.of(AuditType.RECORDING_STOP)
                    .by(AuditEvent.STRONGROOM)
                    .failed("the disk took no event")
                    .with("since", stopped));
            long later = 0;
            for (; !held.isEmpty(); held.remove()) {
                tap.accept(held.element());
                later++;
            }
            tap.accept(AuditEvent.of(AuditType.RECORDING_START)
                    .by(AuditEvent.STRONGROOM)
                    .with("recordedLater", later)
                    .with("lost", lost));
            stopped = null;
            lost = 0;
            LOG.log(Level.INFO, "The disk takes audit events again");
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "the disk still takes no event", e);
        }
    }

    @Override
    public void close() {
        pulse.close();
        again();
    }
}
