package org.strongroom.sidecar.control;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.strongroom.sidecar.work.WorkDesk;

/** When a supervised sidecar ends by itself: a while after its Orthanc let it go, or was not heard of any more. Thread-safe. */
public final class Lifetime {
    private static final Duration AFTER_RELEASE = Duration.ofSeconds(15);
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final boolean stay;
    private final WorkDesk desk;
    private final InstantSource clock;
    private final Instant started;
    private Instant released = Instant.MAX;

    /** @param stay whether someone else ends it: a package's service manager */
    public Lifetime(boolean stay, WorkDesk desk, InstantSource clock) {
        this.stay = stay;
        this.desk = desk;
        this.clock = clock;
        this.started = clock.instant();
    }

    /** Orthanc stops. */
    public synchronized void released() {
        released = clock.instant();
    }

    /** Whether it is time. A plugin that asks for work after the release has adopted this sidecar. */
    public synchronized boolean isOver() {
        Instant now = clock.instant();
        Instant heard = desk.heard();
        if (heard.isAfter(released)) {
            released = Instant.MAX;
        }
        if (stay) {
            return false;
        }
        Instant last = heard.isAfter(started) ? heard : started;
        boolean letGo = !released.equals(Instant.MAX) && now.isAfter(released.plus(AFTER_RELEASE));
        return letGo || now.isAfter(last.plus(SILENCE));
    }
}
