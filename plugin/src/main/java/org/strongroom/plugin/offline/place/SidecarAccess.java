package org.strongroom.plugin.offline.place;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.core.time.Pulse;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.supervise.TemporarySidecar;

/** A sidecar to ask: the one that runs, or one that runs as long as a command does. */
public final class SidecarAccess {
    private static final Logger LOG = System.getLogger(SidecarAccess.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int LOOKS = 180;
    /** One that Orthanc has left waits three times as long for a command's next question. */
    private static final Duration ASK = Duration.ofSeconds(5);

    private SidecarAccess() {}

    /** What is done with it. */
    @FunctionalInterface
    public interface Use {
        /** @param alone whether this command holds Home: no Orthanc runs, and none can start */
        int with(ControlClient sidecar, boolean alone) throws IOException, InterruptedException;
    }

    /**
     * Runs {@code use} with a sidecar.
     *
     * @throws StrongroomException UNAVAILABLE if Orthanc runs and its sidecar does not: a second one would get in its way; if none runs,
     *     NOT_FOUND if Home has no keys, which only a first start makes, and REFUSED if a tenant that says where its studies go has no id yet
     */
    public static int run(Session session, Place place, Sleeper sleeper, Use use)
            throws IOException, InterruptedException {
        // Not its status, for which one that was left behind does not stay.
        if (answers(session, ControlClient::uplink)) {
            ControlClient sidecar = ControlClient.connect(place.home());
            Pulse asking = new Pulse("strongroom-asking", ASK, () -> keep(sidecar));
            try (asking) {
                return use.with(sidecar, false);
            }
        }
        HomeLock lock = takeOver(place);
        try (lock) {
            TenantPlaces.ids(place.home(), place.settings()); // it would only say so in its log
            TemporarySidecar sidecar = TemporarySidecar.start(place.home(), place.sidecar(), sleeper);
            try (sidecar) {
                return use.with(ControlClient.connect(place.home()), true);
            }
        }
    }

    /**
     * As {@link #run}, for what takes hours: a sidecar that a stopped Orthanc left behind ends by itself within minutes, and is waited for.
     *
     * @throws StrongroomException UNAVAILABLE if it does not end
     */
    public static int runLong(Session session, Place place, Sleeper sleeper, Use use)
            throws IOException, InterruptedException {
        if (place.settings().sidecar().autostart()) {
            awaitNone(session, place, sleeper);
        }
        return run(session, place, sleeper, use);
    }

    /**
     * Returns when no sidecar runs; not for whoever holds Home's lock.
     *
     * @throws StrongroomException UNAVAILABLE if one does not end, or is a service that somebody has to stop
     */
    public static void awaitNone(Session session, Place place, Sleeper sleeper) throws InterruptedException {
        boolean leftBehind = answers(session, ControlClient::status);
        int looks = place.settings().sidecar().autostart() ? LOOKS : 0;
        if (leftBehind && looks > 0) {
            session.console().note("Waiting until the sidecar ends that Orthanc left behind, up to three minutes …");
        }
        for (int look = 0; leftBehind && look < looks; look++) {
            sleeper.sleep(LOOK);
            leftBehind = answers(session, ControlClient::status);
        }
        if (leftBehind) {
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE, "a sidecar runs that no Orthanc needs, and does not end")
                    .with("pid", session.sidecar().peer().pid())
                    .cure("Stop it, and run this again");
        }
    }

    private static boolean answers(Session session, Consumer<ControlClient> question) {
        try {
            question.accept(session.sidecar());
            return true;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return false;
            }
            throw e;
        }
    }

    /** Whoever reads archives or waits for a person asks nothing for long. */
    private static void keep(ControlClient sidecar) {
        try {
            sidecar.uplink();
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "what is done with the sidecar will tell", e);
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
        place.installation(); // without it no sidecar would run, and Home would be made all the same, perhaps as root's
        return place.takeOver();
    }
}
