package org.strongroom.core.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.time.Sleeper;

/**
 * What every command is given. Immutable.
 *
 * @param config Orthanc's configuration, a file or a folder
 * @param environment for variables in it
 * @param timeout after which the command ends, done or not; empty: it ends by itself
 */
public record Session(Console console, Path config, Map<String, String> environment, Optional<Duration> timeout) {
    /** Orthanc's configuration folder on Debian. */
    public static final String USUAL_CONFIG = "/etc/orthanc";

    /** So that a command that knows more about what is missing may say so itself. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration STARTING = Duration.ofSeconds(60);

    public Session {
        environment = Map.copyOf(environment);
    }

    /** Reads the configuration; REFUSED with all its problems if it cannot be used. */
    public Configuration configuration() {
        return Configuration.load(config, environment);
    }

    public Home home() {
        return new Home(configuration().settings().home());
    }

    /** The running sidecar, waited for while Orthanc is starting, until they have found each other; UNAVAILABLE if there is none. */
    public ControlClient sidecar() {
        Home home = home();
        for (int waited = 0; waited < STARTING.toSeconds() && isStarting(home); waited++) {
            Optional<ControlClient> sidecar = complete(home);
            if (sidecar.isPresent()) {
                return sidecar.get();
            }
            pause();
        }
        return ControlClient.connect(home);
    }

    /** Empty as long as it does not answer, or Orthanc has not asked it for work. */
    private static Optional<ControlClient> complete(Home home) {
        try {
            ControlClient client = ControlClient.connect(home);
            return client.status().plugin() == Status.Plugin.connected ? Optional.of(client) : Optional.empty();
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.UNAVAILABLE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Sleeper.SYSTEM.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "interrupted while Orthanc was starting")
                    .causedBy(e);
        }
    }

    /** The plugin writes the merged settings when it starts; its sidecar answers some seconds later. */
    private static boolean isStarting(Home home) {
        try {
            Instant started = Files.getLastModifiedTime(home.settings()).toInstant();
            return started.plus(STARTING).isAfter(Clock.systemUTC().instant()) && PluginLock.isHeld(home);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Runs a command and returns its exit status; shortly after {@link #timeout} it is interrupted and the call fails as
     * UNAVAILABLE. A failure of the command is told as {@link Console#failed} does.
     */
    public int run(Callable<Integer> command) {
        FutureTask<Integer> task = new FutureTask<>(command);
        Thread thread = new Thread(task, "command");
        thread.setDaemon(true);
        thread.start();
        try {
            return timeout.isPresent()
                    ? task.get(timeout.get().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
                    : task.get();
        } catch (TimeoutException e) {
            task.cancel(true);
            return console.failed(StrongroomException.of(FailureKind.UNAVAILABLE, "the time allowed is over")
                    .with("seconds", timeout.orElseThrow().toSeconds())
                    .cure("allow more with --timeout; what was begun goes on"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            task.cancel(true);
            return Console.NOT_DONE;
        } catch (ExecutionException e) {
            return console.failed(known(e.getCause()));
        }
    }

    /** The failure itself: a command line library wraps what its commands throw. */
    private static StrongroomException known(Throwable failure) {
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StrongroomException known) {
                return known;
            }
            if (cause instanceof AccessDeniedException denied) {
                return StrongroomException.of(FailureKind.REFUSED, "this user may not use a file or folder")
                        .with("file", denied.getFile())
                        .cure("run this as the user that runs Orthanc, and let it write only where that user may")
                        .causedBy(failure);
            }
            if (cause instanceof NoSuchFileException absent) {
                return StrongroomException.of(FailureKind.NOT_FOUND, "a file or folder is not there")
                        .with("file", absent.getFile())
                        .cure("check its path")
                        .causedBy(failure);
            }
            deepest = cause;
        }
        return StrongroomException.of(FailureKind.BUG, "failed for a reason that nobody thought of")
                .with("type", deepest.getClass().getName())
                .causedBy(failure);
    }
}
