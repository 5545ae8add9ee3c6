package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An Orthanc process of a test, with the {@link FileApplication} as its storage area. */
final class OrthancServer implements AutoCloseable {
    private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/Orthanc"), Path.of("/usr/local/sbin/Orthanc"));

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Process process;
    private final Path log;
    private final int port;

    private OrthancServer(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    static boolean isInstalled() {
        return PLACES.stream().anyMatch(Files::isExecutable);
    }

    /** Starts a server in {@code folder}, which keeps what an earlier one has stored; does not wait for it. */
    static OrthancServer start(Path folder, Distribution distribution, Path libjvm) throws IOException {
        return start(folder, distribution, libjvm, Files.createDirectories(folder.resolve("files")));
    }

    /** The same with another folder for the test application's files. */
    static OrthancServer start(Path folder, Distribution distribution, Path libjvm, Path files) throws IOException {
        Path index = Files.createDirectories(folder.resolve("index"));
        Path log = folder.resolve("orthanc.log");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path configuration = folder.resolve("orthanc.json");
        Files.writeString(
                configuration,
                """
                {"StorageDirectory": "%s", "IndexDirectory": "%s", "HttpPort": %d, "DicomServerEnabled": false,
                 "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "Plugins": ["%s"],
                 "Strongroom": {"Java": {"Library": "%s"}}, "StrongroomTest": {"Folder": "%s", "Deadline": 60}}
                """
                        .formatted(index, index, port, distribution.library(), libjvm, files));
        Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElseThrow();
        Process process = new ProcessBuilder(program.toString(), "--verbose", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new OrthancServer(process, log, port);
    }

    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("Orthanc ended:\n" + log());
                    }
                    return isReady();
                });
    }

    boolean isReady() {
        try {
            return get("/system").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    HttpResponse<byte[]> get(String path) throws IOException {
        return send(request(path).GET());
    }

    HttpResponse<byte[]> post(String path, byte[] body) throws IOException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Waits for the end that the server comes to by itself; its exit status. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("Orthanc did not end");
        }
        return process.exitValue();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Asks the server to stop, as systemd does; its exit status. */
    int stop() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
