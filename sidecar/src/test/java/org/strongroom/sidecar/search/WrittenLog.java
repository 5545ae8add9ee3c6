package org.strongroom.sidecar.search;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.IntFunction;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.Sequencer;

/** Puts events into a log as plugin and sidecar do, with a clock of its own. */
public final class WrittenLog {
    private WrittenLog() {}

    /** Appends {@code count} events, the first at {@code begin}, one every {@code pause}. */
    public static void append(Home home, Instant begin, Duration pause, int count, IntFunction<AuditEvent> events)
            throws IOException {
        Duration[] passed = {Duration.ZERO};
        try (PendingLog pending =
                PendingLog.open(home.pendingAudit(), "test", () -> begin.plus(passed[0]), () -> passed[0])) {
            long last = 0;
            for (int i = 0; i < count; i++) {
                last = pending.write(events.apply(i));
                passed[0] = passed[0].plus(pause);
            }
            pending.sync(last);
        }
        new Sequencer(
                        home,
                        UUID.fromString("11111111-2222-3333-4444-555555555555"),
                        new AuditRules(1, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)),
                        () -> begin,
                        RunningTime.system())
                .flush();
    }
}
