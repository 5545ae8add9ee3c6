package org.strongroom.core.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.strongroom.core.home.Home;

/** A server that a Home names as its sidecar; what it answers is the test's. */
public final class StandInSidecar implements AutoCloseable {
    private final HttpServer server;

    public StandInSidecar() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    /** Answers what begins with a path; the exchange is closed behind it. */
    public StandInSidecar on(String path, HttpHandler answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answer.handle(exchange);
            }
        });
        return this;
    }

    /** From now on it answers, and is announced. */
    public StandInSidecar begin(Home home, UUID installation) throws IOException {
        server.start();
        new ControlFile(Protocol.VERSION, server.getAddress().getPort(), 1, "token", installation, Instant.EPOCH)
                .write(home.control());
        return this;
    }

    /** Answers with the bytes. */
    public static void give(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Answers with the range of {@code whole} that was asked for. */
    public static void giveRange(HttpExchange exchange, byte[] whole) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String[] ends = range.substring("bytes=".length()).split("-", 2);
        int from = Integer.parseInt(ends[0]);
        int to = Integer.parseInt(ends[1]) + 1;
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + whole.length);
        give(exchange, 206, Arrays.copyOfRange(whole, from, to));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
