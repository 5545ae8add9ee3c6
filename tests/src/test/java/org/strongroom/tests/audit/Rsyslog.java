package org.strongroom.tests.audit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.strongroom.tests.harness.Certificates;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Ports;

/** Debian's rsyslogd on this machine, which takes messages by TLS from whoever shows a certificate of its authority. Not thread-safe. */
final class Rsyslog implements AutoCloseable {
    final int port = Ports.free();
    private final Path folder;
    private Process process;

    /** @param folder for {@link Certificates} and everything else */
    Rsyslog(Path folder) throws IOException {
        this.folder = folder;
        new Certificates(folder);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    void start() throws IOException {
        Path configuration = Files.writeString(
                folder.resolve("rsyslog.conf"),
                """
                global(workDirectory="%1$s" maxMessageSize="64k" defaultNetstreamDriver="ossl"
                  defaultNetstreamDriverCAFile="%1$s/ca.pem" defaultNetstreamDriverCertFile="%1$s/localhost.pem"
                  defaultNetstreamDriverKeyFile="%1$s/localhost.key")
                module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
                template(name="all" type="string" string="%%timestamp:::date-rfc3339%% %%app-name%% %%msgid%% %%structured-data%% %%msg%%\\n")
                input(type="imtcp" address="127.0.0.1" port="%2$s" supportOctetCountedFraming="on")
                action(type="omfile" file="%1$s/received" template="all")
                """
                        .formatted(folder, port));
        process = new ProcessBuilder("/usr/sbin/rsyslogd", "-n", "-f", configuration.toString(), "-i", folder + "/pid")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
    }

    /** With kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops it in the midst of whatever it does, or lets it go on. */
    void signal(String name) {
        Command.of("kill", "-" + name, process.pid()).run().orFail();
    }

    /** What it has written, line by line. */
    List<String> received() throws IOException {
        Path file = folder.resolve("received");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
