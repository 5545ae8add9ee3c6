package org.strongroom.core.time;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PulseTest {
    @Test
    void aWakeDoesNotWaitForThePause() {
        AtomicInteger runs = new AtomicInteger();
        try (Pulse pulse = new Pulse("test", Duration.ofDays(1), runs::incrementAndGet)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> runs.get() == 1);
            pulse.wake();
            await().atMost(Duration.ofMinutes(1)).until(() -> runs.get() == 2);
        }
    }

    /** The plugin looks after its sidecar in this way: a thread that it cannot make now must not be the end of it. */
    @Test
    void anErrorIsNotItsEnd() {
        AtomicInteger runs = new AtomicInteger();
        try (Pulse pulse = new Pulse("test", Duration.ofDays(1), () -> {
            if (runs.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        })) {
            await().atMost(Duration.ofMinutes(1)).until(() -> runs.get() == 1);
            pulse.wake();
            await().atMost(Duration.ofMinutes(1)).until(() -> runs.get() == 2);
        }
    }
}
