package org.strongroom.plugin.keyservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

@Timeout(60)
class KeyServiceHttpTest {
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    private KeyServiceHttp.Answer ask(Duration time, HttpHandler handler) throws Exception {
        server.createContext("/", handler);
        return new KeyServiceHttp("Strongroom.RootKey.Vault", SSLContext.getDefault(), time)
                .post(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1"), Map.of(), BODY);
    }

    private void silence() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void isUnavailable(Throwable failed) {
        assertThat(failed)
                .isInstanceOfSatisfying(StrongroomException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                    assertThat(e.cure()).contains("start Orthanc again");
                })
                .hasMessageContaining("Strongroom.RootKey.Vault does not answer")
                .hasMessageContaining("127.0.0.1:");
    }

    @Test
    void silenceEnds() {
        assertThatThrownBy(() -> ask(Duration.ofMillis(300), exchange -> silence()))
                .satisfies(KeyServiceHttpTest::isUnavailable);
    }

    @Test
    void silenceEndsAlsoAfterTheHeaders() {
        assertThatThrownBy(() -> ask(Duration.ofMillis(300), exchange -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                    silence();
                }))
                .satisfies(KeyServiceHttpTest::isUnavailable);
    }

    @Test
    void aSecretIsNotSentOnToWhereverAServerSays() throws Exception {
        KeyServiceHttp.Answer answer = ask(Duration.ofSeconds(30), exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });

        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.text("/data")).isEmpty();
    }

    @Test
    void whatIsNoJsonIsNoAnswer() throws Exception {
        KeyServiceHttp.Answer answer = ask(Duration.ofSeconds(30), exchange -> {
            byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });

        assertThat(answer.text("/data")).isEmpty();
        assertThat(answer.bytes("/data")).isEmpty();
    }
}
