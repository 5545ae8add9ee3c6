package org.strongroom.plugin.offline;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.retention.Consent;

/** Where one command at a time, Orthanc running or not, changes what plans told or people approved, and records it. For one thread. */
final class RetentionDesk implements AutoCloseable {
    /** The principal of what people do here. */
    static final String COMMAND_LINE = "command line";

    private final FileChannel lock;
    private final AuditTap audit;

    private RetentionDesk(FileChannel lock, AuditTap audit) {
        this.lock = lock;
        this.audit = audit;
    }

    /** @throws StrongroomException REFUSED if another command is at it, or Home belongs to another user */
    static RetentionDesk take(Place place, Clock clock) throws IOException {
        place.requireOwner();
        DurableFiles.createDirectories(place.home().run());
        FileChannel lock =
                FileChannel.open(place.home().retentionLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(lock)) {
                throw StrongroomException.of(FailureKind.REFUSED, "another retention command is at work")
                        .cure("Wait until it has ended, and run this again");
            }
            return new RetentionDesk(lock, AuditTap.ofCommand(place.home(), clock, RunningTime.system()));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this process
        }
    }

    /** Somebody does something about a plan. */
    static AuditEvent event(String digest, String step, Consent consent) {
        return AuditEvent.of(AuditType.RETENTION)
                .by(COMMAND_LINE)
                .with("plan", digest)
                .with("step", step)
                .with("owner", consent.owner());
    }

    /** As {@link AuditTap#record}. */
    void record(AuditEvent event) {
        audit.record(event);
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            audit.close();
        }
    }
}
