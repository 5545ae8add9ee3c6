package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A station that takes whatever is sent to a port, by DCMTK's storescp, and leaves it in a folder, bit by bit. movescu can listen
 * itself, but looks only once a second whether somebody calls.
 */
final class StoreScp implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;

    /** Returns when it listens. */
    StoreScp(int port, Path into) {
        List<Object> words = List.of("--accept-all", "--bit-preserving", "--disable-host-lookup", "-od", into, port);
        try {
            process = Command.of("storescp")
                    .and(words.toArray())
                    .with("TCP_NODELAY", "1")
                    .builder()
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await()
                .atMost(START)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> listens(port));
    }

    /** What a command that has something sent here comes to. */
    Command.Result during(Command movescu) {
        Command.Result result = movescu.run();
        assertRuns();
        return result;
    }

    private void assertRuns() {
        if (!process.isAlive()) {
            throw new AssertionError("storescp ended with status " + process.exitValue());
        }
    }

    private boolean listens(int port) {
        assertRuns();
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return caller.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
