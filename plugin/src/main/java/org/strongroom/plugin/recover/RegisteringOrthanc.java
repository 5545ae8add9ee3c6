package org.strongroom.plugin.recover;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.plugin.supervise.Child;

/** An Orthanc for as long as a recovery needs one, which nobody else can talk to. Used by one thread. */
public final class RegisteringOrthanc implements AutoCloseable {
    private static final int SECONDS_TO_END = 60;

    private final Child process;
    private final Path log;

    private RegisteringOrthanc(Child process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Orthanc's program, on this machine; empty if it is not installed. */
    public static Optional<Path> installed(String searchPath) {
        return Stream.concat(
                        Stream.of(searchPath.split(File.pathSeparator, -1)), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "Orthanc"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it; it is not ready yet.
     *
     * @param leftOut tiers of the configuration that it is to do without
     */
    public static RegisteringOrthanc start(
            Path program, Home home, RecoveredConfiguration configuration, Set<String> leftOut) throws IOException {
        Path own = home.run().resolve("recover-orthanc.json");
        configuration.writeForRegistering(own, leftOut);
        Path log = home.run().resolve("recover-orthanc.log");
        ProcessBuilder builder = new ProcessBuilder(program.toString(), own.toString())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new RegisteringOrthanc(Child.start(builder, SECONDS_TO_END), log);
    }

    /** @throws StrongroomException UNAVAILABLE if it has ended */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the Orthanc that was started has ended")
                    .with("status", process.exitStatus())
                    .with("log", log)
                    .cure("Its log says why; then run the same command again: it goes on where it was");
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
