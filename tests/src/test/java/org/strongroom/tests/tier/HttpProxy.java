package org.strongroom.tests.tier;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Scratch;

/** A real forward proxy (Apache's) on 127.0.0.1, as a hospital has one between its network and the world. */
final class HttpProxy implements AutoCloseable {
    private final Scratch scratch = new Scratch();
    private final int port = Ports.free();
    private final Path log = scratch.path().resolve("requests");
    private Process process;

    /** One through which nothing passes but what this user sends. */
    HttpProxy(String user, String password) {
        this(
                """
                AuthType Basic
                AuthName "the clinic's proxy"
                AuthBasicProvider file
                AuthUserFile ${FOLDER}/users
                Require valid-user
                """);
        String hash = Command.of("openssl", "passwd", "-apr1", password)
                .run()
                .orFail()
                .output();
        write("users", user + ":" + hash);
    }

    private HttpProxy(String who) {
        String modules = Stream.of(
                        "mpm_event",
                        "authn_core",
                        "authn_file",
                        "authz_core",
                        "authz_user",
                        "auth_basic",
                        "proxy",
                        "proxy_http",
                        "proxy_connect")
                .map("LoadModule %1$s_module /usr/lib/apache2/modules/mod_%1$s.so%n"::formatted)
                .collect(Collectors.joining());
        write(
                "apache.conf",
                modules
                        + """
                        ServerRoot ${FOLDER}
                        ServerName localhost
                        PidFile ${FOLDER}/pid
                        DefaultRuntimeDir ${FOLDER}
                        ErrorLog ${FOLDER}/errors
                        LogFormat "%r" request
                        CustomLog ${FOLDER}/requests request
                        User nobody
                        Group nogroup
                        Listen 127.0.0.1:${PORT}
                        ProxyRequests On
                        AllowCONNECT 1-65535
                        <Proxy "*">
                        """
                        + who
                        + "</Proxy>\n");
    }

    /** Starts it, also after {@link #kill}. */
    HttpProxy start() {
        try {
            process = new ProcessBuilder(
                            "/usr/sbin/apache2",
                            "-D",
                            "FOREGROUND",
                            "-f",
                            scratch.path().resolve("apache.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(Duration.ofSeconds(20)).until(this::listens);
        return this;
    }

    /** Ends it and what it has started. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What it has been asked for: method and address of each request. */
    String requests() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        scratch.close();
    }

    private void write(String name, String text) {
        String own = text.replace("${FOLDER}", scratch.path().toString()).replace("${PORT}", Integer.toString(port));
        scratch.file(name, own.getBytes(StandardCharsets.UTF_8));
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
