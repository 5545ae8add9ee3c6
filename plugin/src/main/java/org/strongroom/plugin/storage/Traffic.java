package org.strongroom.plugin.storage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.strongroom.core.time.RunningTime;

/** Whether modalities send or readers read just now: who has time waits for them. Thread-safe. */
public final class Traffic {
    private final RunningTime time;
    private final AtomicReference<Duration> last = new AtomicReference<>();

    public Traffic(RunningTime time) {
        this.time = time;
    }

    /** Something was stored or read. */
    void note() {
        last.set(time.now());
    }

    /** Whether nothing was stored or read for {@code length}. */
    public boolean isQuietFor(Duration length) {
        Duration at = last.get();
        return at == null || time.now().minus(at).compareTo(length) >= 0;
    }
}
