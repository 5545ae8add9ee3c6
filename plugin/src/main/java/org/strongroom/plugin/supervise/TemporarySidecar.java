package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.Sleeper;

/** A sidecar for as long as one command runs, where Orthanc does not. It does all that a sidecar does. Used by one thread. */
public final class TemporarySidecar implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TemporarySidecar.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOOKS = 300;
    private static final int SECONDS_TO_END = 30;

    private final Child process;

    private TemporarySidecar(Child process) {
        this.process = process;
    }

    /**
     * Starts one and returns when it answers.
     *
     * @throws StrongroomException UNAVAILABLE if it ends or does not answer within a minute
     */
    public static TemporarySidecar start(Home home, SidecarCommand command, Sleeper sleeper)
            throws IOException, InterruptedException {
        // The pipe closes however this process ends, kill -9 included.
        ProcessBuilder builder = command.process(home, "run", "--stay", "--until-input-ends")
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.run().resolve("sidecar.log").toFile()));
        TemporarySidecar sidecar = new TemporarySidecar(Child.start(builder, SECONDS_TO_END));
        try {
            sidecar.await(new SidecarLink(home), sleeper);
            return sidecar;
        } catch (InterruptedException | RuntimeException e) {
            sidecar.close();
            throw e;
        }
    }

    private void await(SidecarLink link, Sleeper sleeper) throws InterruptedException {
        for (int i = 0; i < LOOKS && process.isAlive(); i++) {
            try {
                link.get().status();
                return;
            } catch (StrongroomException e) {
                LOG.log(Level.DEBUG, "the sidecar does not answer yet", e);
            }
            sleeper.sleep(LOOK);
        }
        throw StrongroomException.of(FailureKind.UNAVAILABLE, "a sidecar was started but does not answer")
                .cure("Look at run/sidecar.log in Strongroom.Home");
    }

    @Override
    public void close() {
        process.close();
    }
}
