package org.strongroom.plugin.journal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.DurableFiles;

/**
 * Signs and writes the head soon after entries became durable: one signature covers all entries of a moment. What cannot be
 * written is tried again. Thread-safe.
 */
final class HeadWriter {
    private static final Logger LOG = System.getLogger(HeadWriter.class.getName());
    private final Path file;
    private final HeadSigner signer;
    private final Clock clock;
    private final Duration delay;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "strongroom-journal-head");
        thread.setDaemon(true);
        return thread;
    });

    private long sequence;
    private Sha256 chain;
    private long signed;
    private ScheduledFuture<?> pending;
    private boolean closed;
    private Exception failure;

    /**
     * @param sequence of the last entry, durable and not necessarily signed yet
     */
    HeadWriter(Path file, HeadSigner signer, Clock clock, Duration delay, long sequence, Sha256 chain) {
        this.file = file;
        this.signer = signer;
        this.clock = clock;
        this.delay = delay;
        this.sequence = sequence;
        this.chain = chain;
    }

    /** Everything up to this entry is durable. */
    synchronized void durable(long newSequence, Sha256 newChain) {
        if (newSequence > sequence) {
            sequence = newSequence;
            chain = newChain;
            schedule();
        }
    }

    /** Writes the head now. */
    synchronized void write() throws IOException {
        JournalHead head = new JournalHead(sequence, clock.millis(), chain);
        DurableFiles.replace(file, head.encode(signer.sign(head.signedBytes())));
        signed = sequence;
        if (failure != null) {
            LOG.log(Level.INFO, "The journal is signed again");
        }
        failure = null;
    }

    /** Writes the last head and stops. */
    void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            later.shutdown();
            if (signed < sequence || failure != null) {
                write();
            }
        }
    }

    private void schedule() {
        if (pending == null && !closed) {
            pending = later.schedule(this::onTime, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void onTime() {
        pending = null;
        if (closed) {
            return;
        }
        try {
            write();
        } catch (IOException | RuntimeException e) {
            if (failure == null) {
                LOG.log(
                        Level.ERROR,
                        "The newest entries of the journal are kept, but cannot be signed: look at the disk and the"
                                + " permissions of " + file.getParent() + "; it is tried again and again",
                        e);
            }
            failure = e;
            schedule();
        }
    }
}
