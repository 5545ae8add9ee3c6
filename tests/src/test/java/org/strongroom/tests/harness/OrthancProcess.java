package org.strongroom.tests.harness;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A running Orthanc. Not thread-safe, except {@link #rest}. */
public final class OrthancProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofMinutes(3);

    private final OrthancSetup setup;
    private final Path log;
    private Process process;

    private OrthancProcess(OrthancSetup setup, Path log) {
        this.setup = setup;
        this.log = log;
    }

    /** Starts an Orthanc and returns when it answers; its log is printed if it does not. */
    static OrthancProcess start(OrthancSetup setup) {
        OrthancProcess orthanc = new OrthancProcess(setup, setup.logFile());
        orthanc.launch();
        orthanc.awaitReady();
        return orthanc;
    }

    /** Starts an Orthanc that must end by itself with a non-zero status; gives its log. */
    static String startAndFail(OrthancSetup setup) {
        try (OrthancProcess orthanc = new OrthancProcess(setup, setup.logFile())) {
            orthanc.launch();
            if (!orthanc.ended(START)) {
                throw new AssertionError("Orthanc runs although it should have refused to start:\n" + orthanc.log());
            }
            if (orthanc.process.exitValue() == 0) {
                throw new AssertionError("Orthanc ended with status 0:\n" + orthanc.log());
            }
            return orthanc.log();
        }
    }

    public Rest rest() {
        return new Rest(setup.httpPort());
    }

    public int dicomPort() {
        return setup.dicomPort();
    }

    public ObjectNode configuration() {
        return setup.configuration();
    }

    public long pid() {
        return process.pid();
    }

    /** All that this Orthanc and those before it under the same setup have logged. */
    public String log() {
        try {
            return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as a power cut would: no handler runs. */
    public void kill() {
        process.destroyForcibly();
        if (!ended(STOP)) {
            throw new AssertionError("Orthanc survived SIGKILL");
        }
    }

    /** Ends it in order, as systemd does. */
    public void stop() {
        process.destroy();
        if (!ended(STOP)) {
            process.destroyForcibly();
            throw new AssertionError("Orthanc did not stop:\n" + log());
        }
        if (exitStatus() != 0) {
            throw new AssertionError("Orthanc stopped with status " + exitStatus() + ":\n" + log());
        }
    }

    /** After {@link #stop} or {@link #kill}: the same Orthanc again. */
    public void restart() {
        launch();
        awaitReady();
    }

    /** {@code /tools/reset}: the same process stops, unloads its plugins, and starts again. Orthanc answers before it begins. */
    public void reset() {
        int starts = starts();
        rest().post("/tools/reset", new byte[0]);
        await().atMost(START).pollInterval(Duration.ofMillis(50)).until(() -> !running() || starts() > starts);
        awaitReady();
    }

    /** The same by SIGHUP, which Orthanc takes for the same if its configuration is another one by then. */
    public void hangUp() {
        int starts = starts();
        setup.set("Name", "\"Strongroom test, start " + (starts + 1) + "\"").write();
        Command.of(Path.of("/bin/kill"), "-HUP", process.pid()).run().orFail();
        await().atMost(START).pollInterval(Duration.ofMillis(50)).until(() -> !running() || starts() > starts);
        awaitReady();
    }

    public boolean running() {
        return process != null && process.isAlive();
    }

    /** Of an Orthanc that has ended. */
    public int exitStatus() {
        return process.exitValue();
    }

    /** Waits until HTTP is answered, for instance after a reset. */
    public void awaitReady() {
        try {
            await().atMost(START).pollInterval(Duration.ofMillis(100)).until(() -> {
                if (!process.isAlive()) {
                    throw new AssertionError("Orthanc ended with status " + process.exitValue() + ":\n" + log());
                }
                return answers();
            });
        } catch (RuntimeException e) {
            throw new AssertionError("Orthanc does not answer:\n" + log(), e);
        }
    }

    @Override
    public void close() {
        if (running()) {
            process.destroy();
            if (!ended(Duration.ofSeconds(30))) {
                kill();
            }
        }
    }

    private void launch() {
        try {
            process = setup.command()
                    .builder()
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process.getOutputStream().close();
            Process started = process;
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int starts() {
        return log().split("Orthanc has started", -1).length - 1;
    }

    private boolean answers() {
        try {
            int status = rest().send("GET", "/system", null).statusCode();
            return status == 200 || status == 403 || status == 401; // where users have to log in
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private boolean ended(Duration within) {
        try {
            return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
