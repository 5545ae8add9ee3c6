package org.strongroom.sidecar.alert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.ControlJson;

/** Runs a program with the alert on its standard input; one that does not end in time is killed. */
public final class AlertCommand implements Alerts.Channel {
    private static final Logger LOG = LoggerFactory.getLogger(AlertCommand.class);
    private final Path program;
    private final Duration longest;

    public AlertCommand(Path program, Duration longest) {
        this.program = program;
        this.longest = longest;
    }

    @Override
    public void tell(Alert alert) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            write(process, ControlJson.write(alert));
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the program does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException("exit status " + process.exitValue());
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** A program need not read it; how it ended says whether it did its work. */
    private static void write(Process process, byte[] alert) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(alert); // less than a pipe holds: never waits for the program
        } catch (IOException e) {
            LOG.debug("the program for alerts did not read the alert", e);
        }
    }
}
