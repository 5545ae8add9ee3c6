package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;

/**
 * Takes pending events into the log, each exactly once: the log itself says which of them it has, and a pending file goes when a
 * checkpoint covers it. What is missing in between becomes an event of its own. Thread-safe.
 */
public final class Sequencer {
    private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
    /** Between two looks at the clock and the disk. */
    private static final int BATCH = 4096;

    private final Home home;
    private final UUID installation;
    private final AuditRules rules;
    private final InstantSource clock;
    private final RunningTime time;

    /** Null until the log could be opened, and after a failure. */
    private AuditLog log;

    private Series series;
    private Map<Path, PendingReader> readers = Map.of();
    /** Read and not in the log yet. */
    private final List<Waiting> waiting = new ArrayList<>();
    /** The file that each folder's newest read entry stands in. */
    private final Map<Path, Integer> reached = new LinkedHashMap<>();

    private volatile UnaryOperator<AuditEvent> completed = UnaryOperator.identity();
    private Duration waitingSince = Duration.ZERO;
    private long size;
    /** When what nobody reads any more was last taken away. */
    private Optional<Duration> tidied = Optional.empty();

    /** An entry and its bytes as they were recorded. */
    private static final class Waiting {
        private final AuditEntry entry;
        private final byte[] json;

        private Waiting(AuditEntry entry, byte[] json) {
            this.entry = entry;
            this.json = json;
        }
    }

    public Sequencer(Home home, UUID installation, AuditRules rules, InstantSource clock, RunningTime time) {
        this.home = home;
        this.installation = installation;
        this.rules = rules;
        this.clock = clock;
        this.time = time;
    }

    /**
     * From now on events are signed as {@code completed} returns them: it is asked last, when most is known, and takes nothing away. Before
     * a checkpoint covers an entry it may be asked again, and say more.
     */
    public void complete(UnaryOperator<AuditEvent> completed) {
        this.completed = completed;
    }

    /**
     * Looks for events and signs what is due.
     *
     * @return whether there is more at once
     * @throws org.strongroom.core.error.StrongroomException CORRUPT or REFUSED if the log is not what was signed; events stay pending
     */
    public synchronized boolean step() throws IOException {
        return step(false);
    }

    /** Signs everything that is pending now, due or not. */
    public synchronized void flush() throws IOException {
        while (step(true)) {
            // until nothing is pending
        }
    }

    /** Entries in the log, as far as is known; 0 before it was first opened. */
    public synchronized long size() {
        return size;
    }

    private boolean step(boolean now) throws IOException {
        try {
            open();
            boolean more = read();
            boolean due = waiting.size() >= rules.checkpointEvents()
                    || time.now().minus(waitingSince).compareTo(rules.checkpointInterval()) >= 0;
            if (!waiting.isEmpty() && (now || due)) {
                sign();
            }
            tidy();
            return more;
        } catch (IOException | RuntimeException e) {
            log = null; // nobody knows what is on the disk: look again
            throw e;
        }
    }

    /** The log is whole with or without what this takes away. */
    private void tidy() {
        if (tidied.isPresent() && time.now().minus(tidied.get()).compareTo(PartialTiles.READERS) < 0) {
            return;
        }
        tidied = Optional.of(time.now());
        try {
            PartialTiles.tidy(home.audit(), size, clock.instant());
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("what nobody reads of the audit log stays a while longer", e);
        }
    }

    private void open() throws IOException {
        if (log != null) {
            return;
        }
        waiting.clear();
        reached.clear();
        AuditLog opened = AuditLog.open(home.audit(), installation);
        series = Series.load(home.audit(), new LogReader(home.audit()), opened.size());
        readers = new LinkedHashMap<>();
        for (Path folder : List.of(home.pendingAudit(), home.pendingAuditOfCommands(), home.pendingAuditOfSidecar())) {
            readers.put(folder, new PendingReader(folder));
        }
        size = opened.size();
        log = opened;
    }

    private boolean read() throws IOException {
        int before = waiting.size();
        for (Map.Entry<Path, PendingReader> reader : readers.entrySet()) {
            Optional<Pending> next = reader.getValue().next();
            while (next.isPresent()) {
                take(reader.getKey(), next.get());
                if (waiting.size() - before >= BATCH) {
                    return true;
                }
                next = reader.getValue().next();
            }
        }
        return false;
    }

    private void take(Path folder, Pending pending) {
        if (pending.entry().isEmpty()) {
            gap(AuditEvent.of(AuditType.RECORDING_GAP)
                    .with("folder", folder.getFileName())
                    .with("file", pending.file())
                    .with("unreadableBytes", pending.unreadable()));
            return;
        }
        AuditEntry entry = pending.entry().get();
        reached.put(folder, pending.file());
        long last = series.last(entry.writer());
        if (entry.number() <= last) {
            return; // a kill came between the checkpoint and the removal of the pending file
        }
        if (entry.number() > last + 1) {
            gap(AuditEvent.of(AuditType.RECORDING_GAP)
                    .with("writer", entry.writer())
                    .with("from", last + 1)
                    .with("to", entry.number() - 1));
        }
        entry.after()
                .filter(before -> series.last(before.writer()) < before.number())
                .ifPresent(before -> gap(AuditEvent.of(AuditType.RECORDING_GAP)
                        .with("writer", before.writer())
                        .with("from", series.last(before.writer()) + 1)
                        .with("to", before.number())));
        add(entry, pending.json());
    }

    private void gap(AuditEvent event) {
        String writer = "sequencer-" + installation.toString().replace("-", "").substring(0, 16);
        AuditEntry entry = new AuditEntry(
                UUID.randomUUID(),
                writer,
                series.last(writer) + 1,
                Optional.empty(),
                clock.instant(),
                0,
                event.by(AuditEvent.STRONGROOM).failed("events that were recorded are missing or cannot be read"));
        add(entry, entry.encode());
    }

    private void add(AuditEntry entry, byte[] json) {
        if (waiting.isEmpty()) {
            waitingSince = time.now();
        }
        waiting.add(new Waiting(entry, json));
        series.next(entry);
    }

    /** As it was recorded, if nothing more is known. */
    private byte[] completed(Waiting one) {
        AuditEntry entry = one.entry;
        AuditEvent more = completed.apply(entry.event());
        return more.equals(entry.event())
                ? one.json
                : new AuditEntry(
                                entry.id(),
                                entry.writer(),
                                entry.number(),
                                entry.after(),
                                entry.time(),
                                entry.stepMillis(),
                                more)
                        .encode();
    }

    private void sign() throws IOException {
        log.append(waiting.stream().map(this::completed).toList());
        waiting.clear();
        size = log.size();
        series.save(home.audit());
        for (Map.Entry<Path, Integer> folder : reached.entrySet()) {
            PendingReader.drop(folder.getKey(), folder.getValue());
        }
    }
}
