package org.strongroom.plugin.audit;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;

/**
 * Records audit events (format.md §9). Thread-safe: what is recorded at the same time shares one fsync. Whoever holds Home's lock may
 * open it, once.
 */
public final class AuditTap implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AuditTap.class.getName());

    private final Path folder;
    private final PendingLog pending;
    private final InstantSource clock;
    private volatile UnaryOperator<AuditEvent> completed = UnaryOperator.identity();
    private final ExecutorService disk = Executors.newSingleThreadExecutor(AuditTap::thread);

    private AuditTap(Path folder, PendingLog pending, InstantSource clock) {
        this.folder = folder;
        this.pending = pending;
        this.clock = clock;
    }

    /** Opens it; what a killed writer left is kept. */
    public static AuditTap open(Home home, InstantSource clock, RunningTime time) throws IOException {
        return open(home.pendingAudit(), "plugin", clock, time);
    }

    /** The same for a command that holds {@link Home#retentionLock} instead: Orthanc may run. */
    public static AuditTap ofCommand(Home home, InstantSource clock, RunningTime time) throws IOException {
        return open(home.pendingAuditOfCommands(), "command", clock, time);
    }

    private static AuditTap open(Path folder, String part, InstantSource clock, RunningTime time) throws IOException {
        return new AuditTap(folder, PendingLog.open(folder, part, clock, time), clock);
    }

    /** What it takes for the time of an event that happens now. */
    public Instant now() {
        return clock.instant();
    }

    /** From now on events are recorded as {@code completed} returns them. */
    public void complete(UnaryOperator<AuditEvent> completed) {
        this.completed = completed;
    }

    /**
     * Records an event; it is durable when this returns. Record before you answer: an action whose event cannot be recorded must not
     * succeed.
     *
     * @throws StrongroomException UNAVAILABLE if it could not be made durable
     */
    public void record(AuditEvent event) {
        try {
            pending.record(completed.apply(event));
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /**
     * The first half of {@link #record}, for work that can go on meanwhile: written, safe from the end of this process, and on its way
     * to the disk.
     *
     * @return what {@link #sync} waits for
     */
    public long write(AuditEvent event) {
        try {
            long ticket = pending.write(completed.apply(event));
            disk.execute(() -> syncAhead(ticket));
            return ticket;
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private void syncAhead(long ticket) {
        try {
            pending.sync(ticket);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "whoever waits for it tries again, and is told", e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "strongroom-audit");
        thread.setDaemon(true);
        return thread;
    }

    /** The second half: returns when it is durable. */
    public void sync(long ticket) {
        try {
            pending.sync(ticket);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private StrongroomException unavailable(IOException e) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "an audit event could not be recorded")
                .with("folder", folder)
                .cure("Look at the disk that holds Strongroom.Home: mount, space, permissions")
                .causedBy(e);
    }

    @Override
    public void close() throws IOException {
        pending.close();
        disk.shutdown();
    }
}
