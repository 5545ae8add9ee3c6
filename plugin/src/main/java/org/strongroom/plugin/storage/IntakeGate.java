package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.IntakePause;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/** Where what arrives waits while a copy of Orthanc's index needs a moment of rest ({@link IntakePause}). Reads do not come by. Thread-safe. */
final class IntakeGate {
    private static final Logger LOG = System.getLogger(IntakeGate.class.getName());
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Home home;
    private final RunningTime time;
    private final Sleeper sleeper;
    private Pause last = new Pause("", Duration.ZERO);

    IntakeGate(Home home, RunningTime time, Sleeper sleeper) {
        this.home = home;
        this.time = time;
        this.sleeper = sleeper;
    }

    /**
     * A pause that was seen.
     *
     * @param until when nobody waits for its end any more, also if whoever began it was killed
     */
    private record Pause(String name, Duration until) {}

    /** Returns when nothing pauses intake, or the one that does has lasted too long. */
    void await() {
        try {
            for (Optional<String> name = IntakePause.current(home);
                    name.isPresent() && time.now().compareTo(seen(name.get())) < 0;
                    name = IntakePause.current(home)) {
                sleeper.sleep(LOOK);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "It cannot be seen whether intake pauses; it does not", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until when it is waited for: one moment for all who do. */
    private synchronized Duration seen(String name) {
        if (!last.name().equals(name)) {
            LOG.log(
                    Level.WARNING,
                    "Intake waits, for " + IntakePause.LONGEST.toSeconds()
                            + " s at most: Orthanc's index is copied, and changes too quickly for it");
            last = new Pause(name, time.now().plus(IntakePause.LONGEST));
        }
        return last.until();
    }
}
