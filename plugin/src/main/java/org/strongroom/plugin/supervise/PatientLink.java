package org.strongroom.plugin.supervise;

import java.time.Duration;
import java.util.function.Supplier;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/**
 * The way to a sidecar for those who can wait until it has started: a study that is opened right after Orthanc is shown some
 * seconds later instead of not. Thread-safe.
 */
public final class PatientLink implements Supplier<ControlClient> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final SidecarLink link;
    private final RunningTime time;
    private final Sleeper sleeper;

    public PatientLink(SidecarLink link, RunningTime time, Sleeper sleeper) {
        this.link = link;
        this.time = time;
        this.sleeper = sleeper;
    }

    /** @throws StrongroomException why none answered for twenty seconds */
    @Override
    public ControlClient get() {
        Duration end = time.now().plus(PATIENCE);
        while (true) {
            try {
                ControlClient client = link.get();
                client.alive();
                return client;
            } catch (StrongroomException e) {
                if (time.now().compareTo(end) >= 0 || interrupted()) {
                    throw e;
                }
            }
        }
    }

    private boolean interrupted() {
        try {
            sleeper.sleep(LOOK);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
