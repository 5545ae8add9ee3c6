package org.strongroom.plugin.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlFile;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

/** A sidecar that comes some looks later, is not the one that was announced, or never comes. */
class PatientLinkTest {
    @TempDir
    Path folder;

    private Home home;
    private HttpServer server;
    private Duration now = Duration.ZERO;
    private Runnable afterThreeLooks = () -> {};
    private int looks;

    @BeforeEach
    void open() throws IOException {
        home = new Home(folder);
        home.createFolders();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/alive", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private PatientLink link() {
        return new PatientLink(new SidecarLink(home), () -> now, wait -> {
            now = now.plus(wait);
            if (++looks == 3) {
                afterThreeLooks.run();
            }
        });
    }

    private void announce(int port) {
        try {
            new ControlFile(Protocol.VERSION, port, looks + 1, "token", new UUID(1, 2), Instant.EPOCH)
                    .write(home.control());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void announced() {
        server.start();
        announce(server.getAddress().getPort());
    }

    @Test
    void oneThatAnswersIsNotWaitedFor() {
        announced();
        assertThat(link().get().peer().pid()).isEqualTo(1);
        assertThat(looks).isZero();
    }

    @Test
    void oneThatStartsIsWaitedFor() {
        afterThreeLooks = this::announced;
        assertThat(link().get().peer().pid()).isEqualTo(4);
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void theAnnouncementOfOneThatHasEndedIsNotBelieved() {
        announce(1);
        afterThreeLooks = this::announced;
        assertThat(link().get().peer().pid()).isEqualTo(4);
    }

    @Test
    void oneThatNeverComesIsGivenUp() {
        assertThatThrownBy(link()::get).isInstanceOf(StrongroomException.class).hasMessageContaining("does not run");
        assertThat(now).isEqualTo(Duration.ofSeconds(20));
    }
}
