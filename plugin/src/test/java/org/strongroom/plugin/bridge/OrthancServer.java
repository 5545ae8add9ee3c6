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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An Orthanc process of a test, with the {@link FileApplication} as its storage area. */
final class OrthancServer implements AutoCloseable {
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

    /** A new folder that the servers' user may write to. */
    static Path folder(Path parent, String name) throws IOException {
        Path made = Files.createDirectory(parent.resolve(name));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        return made;
    }

    /** Starts a server in {@code folder}, which keeps what an earlier one has stored; does not wait for it. */
    static OrthancServer start(Path folder, Distribution distribution, OrthancTree tree)
            throws IOException, InterruptedException {
        return start(folder, distribution, tree, tree.libjvm(), subfolder(folder, "files"));
    }

    /** The same with another Java, or another folder for the test application's files. */
    static OrthancServer start(Path folder, Distribution distribution, OrthancTree tree, String libjvm, Path files)
            throws IOException, InterruptedException {
        return start(folder, distribution, tree, libjvm, files, "\"DicomServerEnabled\": false", false);
    }

    /** The same with the {@link TestDoors}, and more settings of Orthanc. */
    static OrthancServer start(Path folder, Distribution distribution, OrthancTree tree, String settings)
            throws IOException, InterruptedException {
        return start(folder, distribution, tree, tree.libjvm(), subfolder(folder, "files"), settings, true);
    }

    private static OrthancServer start(
            Path folder,
            Distribution distribution,
            OrthancTree tree,
            String libjvm,
            Path files,
            String settings,
            boolean doors)
            throws IOException, InterruptedException {
        Path index = subfolder(folder, "index");
        Path log = folder.resolve("orthanc.log");
        int port = freePort();
        Path configuration = folder.resolve("orthanc.json");
        Files.writeString(
                configuration,
                """
                {"StorageDirectory": "%s", "IndexDirectory": "%s", "HttpPort": %d, %s,
                 "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "Plugins": ["%s"],
                 "Strongroom": {"Java": {"Library": "%s"}}, "StrongroomTest": {"Folder": "%s", "Deadline": 60, "Doors": %s}}
                """
                        .formatted(index, index, port, settings, distribution.library(), libjvm, files, doors));
        Process process = new ProcessBuilder(tree.command("/usr/sbin/Orthanc", "--verbose", configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new OrthancServer(process, log, port);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path subfolder(Path folder, String name) throws IOException {
        return Files.isDirectory(folder.resolve(name)) ? folder.resolve(name) : folder(folder, name);
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

    /** With headers, each a name and a value. */
    HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) throws IOException {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
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
