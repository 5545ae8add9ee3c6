package org.strongroom.plugin.offline;

import java.io.IOException;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.supervise.TemporarySidecar;

/** A sidecar to ask: the one that runs, or one that runs as long as a command does. */
final class SidecarAccess {
    private SidecarAccess() {}

    /** What is done with it. */
    @FunctionalInterface
    interface Use {
        /** @param alone whether this command holds Home: no Orthanc runs, and none can start */
        int with(ControlClient sidecar, boolean alone) throws IOException, InterruptedException;
    }

    /**
     * Runs {@code use} with a sidecar.
     *
     * @throws StrongroomException UNAVAILABLE if Orthanc runs and its sidecar does not: a second one would get in its way
     */
    static int run(Session session, Place place, Sleeper sleeper, Use use) throws IOException, InterruptedException {
        if (answers(session)) {
            return use.with(ControlClient.connect(place.home()), false);
        }
        HomeLock lock = takeOver(place);
        try (lock) {
            TemporarySidecar sidecar = TemporarySidecar.start(place.home(), place.sidecar(), sleeper);
            try (sidecar) {
                return use.with(ControlClient.connect(place.home()), true);
            }
        }
    }

    private static boolean answers(Session session) {
        try {
            session.sidecar().status();
            return true;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return false;
            }
            throw e;
        }
    }

    private static HomeLock takeOver(Place place) throws IOException {
        if (PluginLock.isHeld(place.home())) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc runs, but its sidecar does not answer")
                    .with("log", place.home().run().resolve("sidecar.log"))
                    .cure(
                            place.settings().sidecar().autostart()
                                    ? "Wait a minute, Orthanc starts it again; if it does not come, read its log"
                                    : "Start the sidecar's service (Sidecar.Autostart is off), or read its log");
        }
        return place.takeOver();
    }
}
