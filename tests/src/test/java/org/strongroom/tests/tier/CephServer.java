package org.strongroom.tests.tier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/** A real Ceph object gateway, by {@code tests/ceph-rgw.sh}. */
final class CephServer {
    private static final int MINUTES = 4;
    private static final int MAX_PORT = 65_535;

    private final Path script;
    private final Path folder;
    private final int port;

    /** Starts Ceph in {@code folder}. */
    CephServer(Path folder) throws IOException {
        this.script = script();
        this.folder = folder;
        this.port = freePair();
        start();
    }

    void start() {
        run(List.of("start", folder.toString(), Integer.toString(port)));
    }

    /** Ends the gateway as a power cut would. */
    void kill() {
        run(List.of("kill", folder.toString()));
    }

    void stop() {
        run(List.of("stop", folder.toString()));
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Path credentialsFile() {
        return folder.resolve("credentials");
    }

    AwsBasicCredentials credentials() {
        Profile profile = ProfileFile.builder()
                .content(credentialsFile())
                .type(ProfileFile.Type.CREDENTIALS)
                .build()
                .profile("default")
                .orElseThrow();
        return AwsBasicCredentials.create(
                profile.property("aws_access_key_id").orElseThrow(),
                profile.property("aws_secret_access_key").orElseThrow());
    }

    private void run(List<String> arguments) {
        try {
            Path log = folder.resolveSibling(folder.getFileName() + ".log");
            Process process = new ProcessBuilder(Stream.concat(Stream.of(script.toString()), arguments.stream())
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("ceph-rgw.sh " + arguments + " takes too long: see " + log);
            }
            if (process.exitValue() != 0) {
                throw new AssertionError("ceph-rgw.sh " + arguments + " failed: " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The script stands in this module's folder, from which Maven runs its tests. */
    private static Path script() {
        return Stream.of(Path.of("ceph-rgw.sh"), Path.of("tests", "ceph-rgw.sh"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("tests/ceph-rgw.sh is not there"))
                .toAbsolutePath();
    }

    /** A free port whose successor is free as well. */
    private static int freePair() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        for (int attempt = 0; attempt < 100; attempt++) {
            try (ServerSocket first = new ServerSocket(0, 1, here)) {
                int port = first.getLocalPort();
                if (port < MAX_PORT && isFree(here, port + 1)) {
                    return port;
                }
            }
        }
        throw new IOException("no two free ports");
    }

    private static boolean isFree(InetAddress address, int port) {
        try (ServerSocket taken = new ServerSocket(port, 1, address)) {
            return taken.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
