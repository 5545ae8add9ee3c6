package org.strongroom.core.audit;

import java.io.Closeable;
import java.nio.file.Path;
import java.time.InstantSource;
import org.strongroom.core.time.RunningTime;

/** Takes the place of the real one in the benchmark's copy of a distribution, to show what recording costs: it records nothing. */
public final class PendingLog implements Closeable {
    public static PendingLog open(Path folder, String part, InstantSource clock, RunningTime time) {
        return new PendingLog();
    }

    public void record(AuditEvent event) {}

    public long write(AuditEvent event) {
        return 0;
    }

    public void sync(long ticket) {}

    @Override
    public void close() {}
}
