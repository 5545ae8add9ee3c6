package org.strongroom.plugin.audit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;

/**
 * Records what must not fail because the disk takes no event: who looks at images in an emergency gets them. What cannot be recorded
 * is kept in memory and recorded later, between a {@code recording-stop} and a {@code recording-start}; a kill meanwhile loses it.
 * Thread-safe.
 */
public final class SteadyAudit implements AuditSink, AutoCloseable {
    static final int MOST_HELD = 10_000;

    private static final Logger LOG = System.getLogger(SteadyAudit.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final ToLongFunction<AuditEvent> write;
    private final LongConsumer sync;
    private final InstantSource clock;
    private final AtomicLong written = new AtomicLong();
    /** Guards what changes when events are held or the last of them is gone; no event waits for a sync under it. */
    private final Deque<AuditEvent> held = new ArrayDeque<>();
    /** One thread at a time brings back what is held. */
    private final Object bringingBack = new Object();

    private final Pulse pulse;

    /** Null while events go to the disk. */
    private volatile Instant stopped;

    private long lost;
    /** Whether that it stopped is in the log, and how many of those behind it; what failed in the midst goes on there. */
    private boolean told;

    private long later;

    /**
     * @param write as {@link AuditTap#write}
     * @param sync as {@link AuditTap#sync}
     */
    public SteadyAudit(ToLongFunction<AuditEvent> write, LongConsumer sync, InstantSource clock) {
        this.write = write;
        this.sync = sync;
        this.clock = clock;
        this.pulse = new Pulse("strongroom-audit-again", AGAIN, this::again);
    }

    /** Records an event: durable when this returns, or in memory until the disk takes it. */
    @Override
    public void record(AuditEvent event) {
        if (takes(event)) {
            force();
        }
    }

    @Override
    public void write(AuditEvent event) {
        takes(event);
    }

    @Override
    public void sync() {
        if (stopped == null) {
            force();
        }
    }

    /** Whether the log took it; else it is held. */
    private boolean takes(AuditEvent event) {
        if (stopped != null && holdWhileStopped(event)) {
            return false;
        }
        try {
            put(event);
            return true;
        } catch (StrongroomException e) {
            LOG.log(Level.ERROR, "Who sees what is kept in memory until it can be recorded", e);
            hold(event);
            return false;
        }
    }

    /** What was written is not held as well if this fails: the log itself writes it again, under the id that it has. */
    private void force() {
        try {
            sync.accept(written.get());
        } catch (StrongroomException e) {
            LOG.log(Level.ERROR, "Who sees what is written, and not yet surely on the disk", e);
        }
    }

    private void put(AuditEvent event) {
        written.accumulateAndGet(write.applyAsLong(event), Math::max);
    }

    private boolean holdWhileStopped(AuditEvent event) {
        synchronized (held) {
            if (stopped != null) {
                hold(event);
            }
            return stopped != null;
        }
    }

    private void hold(AuditEvent event) {
        synchronized (held) {
            Instant now = clock.instant();
            stopped = stopped == null ? now : stopped;
            if (held.size() < MOST_HELD) {
                held.add(event.with("happened", now));
            } else {
                lost++;
            }
        }
    }

    /** Records what is kept, if the disk takes it now. */
    void again() {
        synchronized (bringingBack) {
            if (stopped == null) {
                return;
            }
            try {
                bringBack();
                LOG.log(Level.INFO, "The disk takes audit events again");
            } catch (StrongroomException e) {
                LOG.log(Level.DEBUG, "the disk still takes no event", e);
            }
        }
    }

    /** In order, with one sync for all: what the log took it writes again itself, should that fail. */
    private void bringBack() {
        if (!told) {
            put(AuditEvent.of(AuditType.RECORDING_STOP)
                    .by(AuditEvent.STRONGROOM)
                    .failed("the disk took no event")
                    .with("since", stopped));
            told = true;
        }
        do {
            for (AuditEvent event = first(); event != null; event = first()) {
                put(event);
                later++;
                synchronized (held) {
                    held.remove();
                }
            }
        } while (!goOn());
        sync.accept(written.get());
    }

    private AuditEvent first() {
        synchronized (held) {
            return held.peek();
        }
    }

    /** From here on events go to the disk, behind the one that says so; false if something was held meanwhile. */
    private boolean goOn() {
        synchronized (held) {
            if (!held.isEmpty()) {
                return false;
            }
            put(AuditEvent.of(AuditType.RECORDING_START)
                    .by(AuditEvent.STRONGROOM)
                    .with("recordedLater", later)
                    .with("lost", lost));
            stopped = null;
            lost = 0;
            later = 0;
            told = false;
            return true;
        }
    }

    @Override
    public void close() {
        pulse.close();
        again();
    }
}
