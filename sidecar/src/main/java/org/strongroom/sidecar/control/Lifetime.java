package org.strongroom.sidecar.control;

import java.time.Duration;
import java.util.Optional;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.work.WorkDesk;

/**
 * When a supervised sidecar ends by itself: a while after its Orthanc let it go, or was not heard of any more, and not in the middle of what
 * a command asks for. Thread-safe.
 */
public final class Lifetime {
    private static final Duration AFTER_RELEASE = Duration.ofSeconds(15);
    private static final Duration SILENCE = Duration.ofMinutes(2);
    /** A command that is not done yet asks again within this time. */
    private static final Duration BETWEEN = Duration.ofSeconds(15);

    private final boolean stay;
    private final WorkDesk desk;
    private final RunningTime time;
    private final Duration started;
    private Optional<Duration> released = Optional.empty();
    private Optional<Duration> answered = Optional.empty();
    private int answering;

    /** @param stay whether someone else ends it: a package's service manager */
    public Lifetime(boolean stay, WorkDesk desk, RunningTime time) {
        this.stay = stay;
        this.desk = desk;
        this.time = time;
        this.started = time.now();
    }

    /** Orthanc stops. */
    public synchronized void released() {
        released = Optional.of(time.now());
    }

    /** Something begins that must not break off; {@link #answered} follows. */
    synchronized void asked() {
        answering++;
    }

    /** It has ended. */
    synchronized void answered() {
        answering--;
        answered = Optional.of(time.now());
    }

    /** Whether something goes on that must not break off. */
    synchronized boolean isAnswering() {
        return answering > 0;
    }

    /** Whether it is time. A plugin that asks for work after the release has adopted this sidecar. */
    public synchronized boolean isOver() {
        Duration now = time.now();
        Duration heard = desk.heard().orElse(started);
        released = released.filter(moment -> heard.compareTo(moment) <= 0);
        boolean used = isAnswering()
                || answered.filter(moment -> now.compareTo(moment.plus(BETWEEN)) <= 0)
                        .isPresent();
        if (stay || used) {
            return false;
        }
        boolean letGo = released.filter(moment -> now.compareTo(moment.plus(AFTER_RELEASE)) > 0)
                .isPresent();
        return letGo || now.compareTo(heard.plus(SILENCE)) > 0;
    }
}
