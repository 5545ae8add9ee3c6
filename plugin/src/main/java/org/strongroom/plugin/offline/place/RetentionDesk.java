package org.strongroom.plugin.offline.place;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.retention.Consent;

/** Where one command at a time, Orthanc running or not, changes what plans told or people approved, and records it. For one thread. */
public final class RetentionDesk implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS = 1_200;

    private final FileChannel lock;
    private final Place place;
    private final Clock clock;
    /** Opened by the first event: who only looks leaves no file. */
    private Optional<AuditTap> audit = Optional.empty();

    private RetentionDesk(FileChannel lock, Place place, Clock clock) {
        this.lock = lock;
        this.place = place;
        this.clock = clock;
    }

    /** @throws StrongroomException REFUSED if another command is at it, or Home belongs to another user */
    public static RetentionDesk take(Place place, Clock clock) throws IOException {
        return taken(place, clock).orElseThrow(RetentionDesk::busy);
    }

    /** The same, if another command leaves it within two minutes: one that takes long leaves it now and then. */
    public static RetentionDesk await(Place place, Clock clock, Sleeper sleeper)
            throws IOException, InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            Optional<RetentionDesk> desk = taken(place, clock);
            if (desk.isPresent()) {
                return desk.get();
            }
            sleeper.sleep(LOOK);
        }
        throw busy();
    }

    private static StrongroomException busy() {
        return StrongroomException.of(FailureKind.REFUSED, "another command is at work")
                .cure("Wait until it has ended, and run this again");
    }

    private static Optional<RetentionDesk> taken(Place place, Clock clock) throws IOException {
        place.requireOwner();
        DurableFiles.createDirectories(place.home().run());
        FileChannel lock =
                FileChannel.open(place.home().retentionLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(lock)) {
                lock.close();
                return Optional.empty();
            }
            return Optional.of(new RetentionDesk(lock, place, clock));
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
    public static AuditEvent event(String digest, String step, Consent consent) {
        return AuditEvent.of(AuditType.RETENTION)
                .by(AuditEvent.COMMAND_LINE)
                .with("plan", digest)
                .with("step", step)
                .with("owner", consent.owner());
    }

    /** As {@link AuditTap#record}. */
    public void record(AuditEvent event) throws IOException {
        if (audit.isEmpty()) {
            audit = Optional.of(AuditTap.ofCommand(place.home(), clock, RunningTime.system()));
        }
        audit.get().record(event);
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            if (audit.isPresent()) {
                audit.get().close();
            }
        }
    }
}
