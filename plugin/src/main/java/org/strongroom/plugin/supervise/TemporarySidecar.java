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
    private static final int ANOTHER_SERVES = 3;

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
        SidecarLink link = new SidecarLink(home);
        Child process = Child.start(builder, SECONDS_TO_END);
        try {
            for (int look = 0; look < LOOKS && !answers(link); look++) {
                sleeper.sleep(LOOK);
                if (!process.isAlive()) {
                    process = again(process, builder);
                }
            }
            if (answers(link)) {
                return new TemporarySidecar(process);
            }
        } catch (InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
        process.close();
        throw doesNotAnswer();
    }

    /** One that no longer answers may still hold Home while it ends: only then is it worth another try. */
    private static Child again(Child ended, ProcessBuilder builder) throws IOException {
        if (ended.exitStatus() != ANOTHER_SERVES) {
            throw doesNotAnswer();
        }
        ended.close();
        return Child.start(builder, SECONDS_TO_END);
    }

    private static boolean answers(SidecarLink link) {
        try {
            link.get().status();
            return true;
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "the sidecar does not answer yet", e);
            return false;
        }
    }

    private static StrongroomException doesNotAnswer() {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "a sidecar was started but does not answer")
                .cure("Look at run/sidecar.log in Strongroom.Home");
    }

    @Override
    public void close() {
        process.close();
    }
}
