package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.LogRead;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SidecarLock;
import org.strongroom.core.time.RunningTime;

/** That a command reads the audit log: one event for each study that it asks for, so that it is found by it. Stateless. */
public final class LogReads {
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    private LogReads() {}

    public static List<AuditEvent> events(LogRead read) {
        AuditEvent event = AuditEvent.of(AuditType.LOG_READ)
                .by(AuditEvent.COMMAND_LINE)
                .with("account", read.account())
                .with("way", read.how());
        return read.keys().isEmpty()
                ? List.of(event)
                : read.keys().stream().map(key -> event.with("key", key)).toList();
    }

    /**
     * Records it in the place of a sidecar that does not run; the next one sequences it.
     *
     * @return false if it could not be: a sidecar is there after all, or this is not the user who Home belongs to, whose sidecar could not
     *     read what another one writes
     */
    public static boolean recordWithoutSidecar(Home home, LogRead read, InstantSource clock) {
        try {
            // Not by name: a container's user often has none.
            if (!Files.getOwner(home.root()).equals(Files.getOwner(THIS_PROCESS)) || !Files.isDirectory(home.run())) {
                return false;
            }
            Optional<SidecarLock> lock = SidecarLock.take(home);
            if (lock.isEmpty()) {
                return false;
            }
            SidecarLock held = lock.get();
            try (held;
                    OwnEvents own = new OwnEvents(home, clock, RunningTime.system())) {
                own.record(events(read));
            }
            return true;
        } catch (IOException | StrongroomException e) {
            return false;
        }
    }
}
