package org.strongroom.core.audit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.audit.AuditEntry.Place;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.AppendLog;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.RunningTime;

/**
 * Records events where the sidecar takes them from (format.md §9.2). Thread-safe: threads that record together share one fsync. At most
 * one per folder.
 */
public final class PendingLog implements Closeable {
    private static final Logger LOG = System.getLogger(PendingLog.class.getName());
    private static final long MAX_FILE = 1 << 20;
    /** Clocks are slewed all the time; a step is more. */
    private static final Duration STEP = Duration.ofSeconds(2);

    private final AppendLog log;
    private final InstantSource clock;
    private final RunningTime time;
    private final Object order = new Object();
    private final String writer;
    private final Optional<Place> before;
    /** By how much the clock is behind the last entry before, negative if it is: between two writers nobody measures time. */
    private final Duration behind;

    private long number;
    private Instant lastInstant;
    private Duration lastRunning;

    private PendingLog(AppendLog log, String writer, Optional<AuditEntry> last, InstantSource clock, RunningTime time) {
        this.log = log;
        this.clock = clock;
        this.time = time;
        this.writer = writer;
        this.before = last.map(AuditEntry::place);
        this.lastInstant = clock.instant();
        this.lastRunning = time.now();
        this.behind = last.map(entry -> Duration.between(entry.time(), lastInstant))
                .filter(Duration::isNegative)
                .orElse(Duration.ZERO);
    }

    /**
     * Begins a series of its own, in a new file behind those in {@code folder}.
     *
     * @param part of Strongroom that writes here, one lower-case word
     */
    public static PendingLog open(Path folder, String part, InstantSource clock, RunningTime time) throws IOException {
        DurableFiles.createDirectories(folder);
        List<Integer> files = PendingReader.numbers(folder);
        int newest = files.isEmpty() ? 0 : files.get(files.size() - 1);
        Optional<AuditEntry> last = Optional.empty();
        for (int at = files.size() - 1; at >= 0 && last.isEmpty(); at--) {
            last = last(Files.readAllBytes(PendingFrame.file(folder, files.get(at))));
        }
        AppendLog log = new AppendLog(file -> PendingFrame.file(folder, file), newest + 1, 0);
        return new PendingLog(log, part + "-" + randomHex(), last, clock, time);
    }

    /** The last entry that a reader of this file finds. */
    private static Optional<AuditEntry> last(byte[] file) {
        ByteBuffer content = ByteBuffer.wrap(file);
        AuditEntry last = null;
        try {
            for (byte[] json = PendingFrame.next(content); json != null; json = PendingFrame.next(content)) {
                last = AuditEntry.decode(json);
            }
        } catch (StrongroomException e) {
            LOG.log(Level.ERROR, "A pending audit file holds what is no entry; the sidecar tells of it", e);
        }
        return Optional.ofNullable(last);
    }

    /** Records an event; it is durable on return. As {@link #write}. */
    public void record(AuditEvent event) throws IOException {
        sync(write(event));
    }

    /**
     * Records an event: it survives the end of this process, and a power cut only after {@link #sync}.
     *
     * @return what {@link #sync} waits for
     * @throws IOException if it could not be written: then it is as if it had not been tried
     */
    public long write(AuditEvent event) throws IOException {
        synchronized (order) {
            Instant now = clock.instant();
            Duration running = time.now();
            Duration step = Duration.between(lastInstant, now)
                    .minus(running.minus(lastRunning))
                    .plus(number == 0 ? behind : Duration.ZERO);
            long stepMillis = step.abs().compareTo(STEP) >= 0 ? step.toMillis() : 0;
            Optional<Place> after = number == 0 ? before : Optional.empty();
            byte[] json = new AuditEntry(UUID.randomUUID(), writer, number + 1, after, now, stepMillis, event).encode();
            byte[] frame = PendingFrame.encode(json);
            if (log.length() + frame.length > MAX_FILE) {
                log.rotate();
            }
            long ticket = log.write(frame);
            number++;
            lastInstant = now;
            lastRunning = running;
            return ticket;
        }
    }

    /** Returns when everything up to this {@link #write} is on the disk. */
    public void sync(long ticket) throws IOException {
        log.sync(ticket);
    }

    /** Makes everything durable and ends; closing twice does no harm. */
    @Override
    public void close() throws IOException {
        log.close();
    }

    private static String randomHex() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
