package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.Pulse;

/**
 * Looks every few seconds whether a sidecar answers, starts one if there is none, and ends one that hangs. A sidecar that
 * outlived its Orthanc is adopted by finding it alive. Looking never blocks the PACS: without a sidecar it stores and reads
 * local files.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Supervisor.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int MAX_LOOKS_BETWEEN_STARTS = 10;
    /** Each of them waits some seconds for an answer, so that together they are about a minute. */
    private static final int UNANSWERED = 8;

    private final Home home;
    private final SidecarLink link;
    private final SidecarCommand command;
    private final Pulse pulse;
    private Process process;
    private int starts;
    private int looksUntilStart;
    private int unanswered;

    /** Starts looking at once. */
    public Supervisor(Home home, SidecarLink link, SidecarCommand command) {
        this.home = home;
        this.link = link;
        this.command = command;
        this.pulse = new Pulse("strongroom-supervisor", LOOK, this::look);
    }

    private void look() {
        try {
            if (answers()) {
                starts = 0;
                unanswered = 0;
                return;
            }
            Optional<ProcessHandle> silent = command.running(home);
            if (silent.isPresent()) {
                endIfHung(silent.get());
                return;
            }
            if (process != null && process.isAlive()) {
                return; // it has not announced itself yet
            }
            if (process != null) {
                LOG.log(
                        Level.WARNING,
                        "The sidecar ended with status {0}; see run/sidecar.log in Strongroom.Home",
                        process.exitValue());
                process = null;
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

    /** What it was doing is safe: whatever a sidecar does goes on after a kill. */
    private void endIfHung(ProcessHandle silent) {
        if (++unanswered >= UNANSWERED) {
            LOG.log(Level.WARNING, "The sidecar (process {0}) hangs; it is killed and started again", silent.pid());
            silent.destroyForcibly();
            unanswered = 0;
        }
    }

    private boolean answers() {
        try {
            link.get().alive();
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
        release(link);
    }

    /** Tells a sidecar, whoever started it, that Orthanc stops. */
    public static void release(SidecarLink link) {
        try {
            link.get().released();
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "no sidecar to release", e);
        }
    }
}
