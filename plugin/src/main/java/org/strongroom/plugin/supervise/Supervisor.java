package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.Pulse;

/**
 * Looks every few seconds whether a sidecar answers, and starts one if none does. A sidecar that outlived its Orthanc is
 * adopted by finding it alive. Looking never blocks the PACS: without a sidecar it stores and reads local files.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Supervisor.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int MAX_LOOKS_BETWEEN_STARTS = 30;

    private final Home home;
    private final SidecarLink link;
    private final SidecarCommand command;
    private final Pulse pulse;
    private Process process;
    private int starts;
    private int looksUntilStart;

    /** Starts looking at once. */
    public Supervisor(Home home, SidecarLink link, SidecarCommand command) {
        this.home = home;
        this.link = link;
        this.command = command;
        this.pulse = new Pulse("strongroom-supervisor", LOOK, this::look);
    }

    private void look() {
        try {
            if (process != null && process.isAlive()) {
                return;
            }
            if (process != null) {
                LOG.log(
                        Level.WARNING,
                        "The sidecar ended with status {0}; see run/sidecar.log in Strongroom.Home",
                        process.exitValue());
                process = null;
            }
            if (answers()) {
                starts = 0;
                return;
            }
            if (looksUntilStart-- > 0) {
                return;
            }
            process = command.process(home, "run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            home.run().resolve("sidecar.log").toFile()))
                    .start();
            starts++;
            looksUntilStart = Math.min(MAX_LOOKS_BETWEEN_STARTS, (1 << Math.min(starts, 10)) / 2);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "The sidecar cannot be started: studies are kept on this machine only", e);
        }
    }

    private boolean answers() {
        try {
            link.get().status();
            return true;
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "no sidecar answers", e);
            return false;
        }
    }

    /** Tells the sidecar that Orthanc stops; after {@code /tools/reset} the next plugin finds it alive. */
    @Override
    public void close() {
        pulse.close();
        try {
            link.get().released();
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "no sidecar to release", e);
        }
    }
}
