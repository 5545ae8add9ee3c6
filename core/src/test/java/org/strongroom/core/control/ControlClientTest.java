package org.strongroom.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

class ControlClientTest {
    private static final UUID ID = UUID.fromString("6f1c1f0e-8f3c-4d3b-9d0f-0a1b2c3d4e5f");
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private final List<String> seen = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Home home;
    private ControlClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        home = new Home(folder);
        Files.createDirectories(home.run());
        announce(server.getAddress().getPort());
        client = ControlClient.connect(home);
    }

    @AfterEach
    void stop() {
        ended.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aRangeIsAskedForWithTokenVersionAndDeadline() {
        serveContent("/v1/sealed/" + ID);
        assertThat(client.sealed(ID, 2, 3, Duration.ofMillis(1500), false))
                .isEqualTo("234".getBytes(StandardCharsets.US_ASCII));
        assertThat(seen).containsExactly("bytes=2-4 Bearer secret 1 1500");
        assertThat(client.sealedSize(ID, Duration.ofSeconds(1))).isEqualTo(10);
    }

    @Test
    void aWholeObjectIsBounded() {
        serveContent("/v1/tiers/near/objects/keys/1-2-ab");
        assertThat(client.tierObject("near", "keys/1-2-ab", 10)).isEqualTo(CONTENT);
        fails(FailureKind.CORRUPT, () -> client.tierObject("near", "keys/1-2-ab", 9));
        assertThat(client.tierObject("near", "keys/1-2-ab", 9, 1)).containsExactly('9');
    }

    @Test
    void aRangeBeyondTheEndIsRefusedWithTheSize() {
        server.createContext("/v1/sealed/", exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes */10");
            answer(exchange, 416, new byte[0]);
        });
        assertThat(fails(FailureKind.REFUSED, () -> client.sealed(ID, 20, 1, Duration.ofSeconds(1), false))
                        .context())
                .containsEntry("bytes", "10");
    }

    @Test
    void anotherRangeThanTheOneAskedForIsABug() {
        server.createContext("/v1/sealed/", exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-2/10");
            answer(exchange, 206, new byte[3]);
        });
        fails(FailureKind.BUG, () -> client.sealed(ID, 1, 3, Duration.ofSeconds(1), false));
    }

    @Test
    void aRangeIsWholeAndNoMore() {
        for (int sent : new int[] {1, 2, 3, 4, 100_000}) {
            HttpContext context = server.createContext("/v1/sealed/" + ID, exchange -> {
                exchange.getResponseHeaders().set("Content-Range", "bytes 0-2/10");
                answer(exchange, 206, new byte[sent]);
            });
            if (sent == 3) {
                assertThat(client.sealed(ID, 0, 3, Duration.ofSeconds(1), false))
                        .hasSize(3);
            } else {
                fails(FailureKind.BUG, () -> client.sealed(ID, 0, 3, Duration.ofSeconds(1), false));
            }
            server.removeContext(context);
        }
    }

    @Test
    void aSizeThatIsNoneIsABug() {
        for (String size : List.of("*", "99999999999999999999")) {
            HttpContext context = server.createContext("/v1/sealed/" + ID, exchange -> {
                exchange.getResponseHeaders().set("Content-Range", "bytes 0-0/" + size);
                answer(exchange, 206, new byte[1]);
            });
            fails(FailureKind.BUG, () -> client.sealedSize(ID, Duration.ofSeconds(1)));
            server.removeContext(context);
        }
    }

    @Test
    void aFailureArrivesAsItWas() {
        StrongroomException original = StrongroomException.of(FailureKind.FULL, "no room")
                .with("bytes", 7)
                .cure("make room");
        server.createContext("/v1/", exchange -> answer(exchange, 507, ControlJson.write(ErrorBody.of(original))));
        List<ThrowingCallable> calls = List.of(
                () -> client.status(),
                () -> client.study(ID),
                () -> client.studies(line -> {}),
                () -> client.ship(true),
                () -> client.answer("x", WorkAnswer.DONE));
        for (ThrowingCallable call : calls) {
            StrongroomException failure = fails(FailureKind.FULL, call);
            assertThat(failure.text()).isEqualTo("no room");
            assertThat(failure.context()).isEqualTo(Map.of("bytes", "7"));
            assertThat(failure.cure()).isEqualTo("make room");
        }
    }

    @Test
    void anUnexplainedFailureIsABugWithItsStatus() {
        server.createContext("/v1/status", exchange -> answer(exchange, 502, CONTENT));
        assertThat(fails(FailureKind.BUG, () -> client.status()).context()).containsEntry("status", "502");
    }

    @Test
    void linesArriveOneByOne() {
        String lines =
                """
                {"name": "packs/1", "bytes": 5}
                {"name": "packs/2", "bytes": 6, "more": true}
                """;
        server.createContext("/v1/tiers/near/objects", exchange -> {
            seen.add(exchange.getRequestURI().getRawQuery());
            answer(exchange, 200, lines.getBytes(StandardCharsets.UTF_8));
        });
        List<ObjectLine> objects = new ArrayList<>();
        client.tierObjects("near", "packs/&", objects::add);
        assertThat(objects).containsExactly(new ObjectLine("packs/1", 5), new ObjectLine("packs/2", 6));
        assertThat(seen).containsExactly("prefix=packs%2F%26");
    }

    @Test
    void linesThatEndEarlyAreUnavailable() {
        server.createContext("/v1/packs", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.close();
        });
        fails(FailureKind.UNAVAILABLE, () -> client.packs(line -> {}));
    }

    @Test
    void workIsReadAndAnswered() {
        server.createContext("/v1/work", exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(
                    exchange,
                    200,
                    ("{\"items\": [{\"id\": \"a\", \"type\": \"restore\", \"attachments\": [\"" + ID
                                    + "\"], \"forget\": false, \"toOwner\": false}]}")
                            .getBytes(StandardCharsets.UTF_8));
        });
        assertThat(client.work(ID, Duration.ofMinutes(9)))
                .containsExactly(new Work.Restore("a", List.of(ID), false, false));
        client.answer("a", WorkAnswer.DONE);
        assertThat(seen.get(0)).isEqualTo("GET /v1/work?asker=" + ID + "&wait=30 ");
        assertThat(seen.get(1)).startsWith("POST /v1/work/a {").contains("\"ok\":true");
    }

    @Test
    void silenceEndsAtTheDeadlineEvenAfterTheHeaders() {
        server.createContext("/v1/sealed/", exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-2/10");
            exchange.sendResponseHeaders(206, 3);
            exchange.getResponseBody().write('0');
            exchange.getResponseBody().flush();
            await();
        });
        ControlCalls calls = new ControlCalls(client.peer());
        fails(
                FailureKind.UNAVAILABLE,
                () -> calls.range("/v1/sealed/" + ID, 0, 3, null, false, Duration.ofMillis(300)));
    }

    @Test
    void nobodyThere() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            announce(free.getLocalPort());
        }
        ControlClient gone = ControlClient.connect(home);
        assertThat(fails(FailureKind.UNAVAILABLE, () -> gone.status()).cure()).contains("start Orthanc");
        Files.delete(home.control());
        assertThat(fails(FailureKind.UNAVAILABLE, () -> ControlClient.connect(home))
                        .cure())
                .contains("start Orthanc");
    }

    @Test
    void aTokenThatIsRefusedMeansAnotherSidecar() {
        server.createContext("/v1/status", exchange -> answer(exchange, 401, new byte[0]));
        StrongroomException failure = fails(FailureKind.UNAVAILABLE, () -> client.status());
        assertThat(failure).hasMessageNotContaining("secret");
    }

    private void serveContent(String path) {
        server.createContext(path, exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            seen.add(String.join(
                    " ",
                    range,
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst(Protocol.VERSION_HEADER),
                    exchange.getRequestHeaders().getFirst(Protocol.DEADLINE_HEADER)));
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            int from = Integer.parseInt(ends[0]);
            int to = Math.min(CONTENT.length - 1, Integer.parseInt(ends[1]));
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + CONTENT.length);
            answer(exchange, 206, java.util.Arrays.copyOfRange(CONTENT, from, to + 1));
        });
    }

    private void announce(int port) throws IOException {
        new ControlFile(Protocol.VERSION, port, 1, "secret", ID, Instant.EPOCH).write(home.control());
    }

    private void await() {
        try {
            ended.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static StrongroomException fails(FailureKind kind, ThrowingCallable call) {
        List<StrongroomException> caught = new ArrayList<>();
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(call).satisfies(caught::add);
        assertThat(caught.get(0).kind()).isEqualTo(kind);
        return caught.get(0);
    }
}
