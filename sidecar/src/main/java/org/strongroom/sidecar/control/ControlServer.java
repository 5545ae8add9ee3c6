package org.strongroom.sidecar.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The HTTP server on 127.0.0.1: who may ask, which route answers, and one body for every failure. Thread-safe. */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    /** Beyond the reads that may wait for a tier: long polls, status and local bytes. */
    private static final int SPARE_THREADS = 16;

    private static final int QUEUED = 256;
    private static final String RETRY_SECONDS = "2";
    /** What Orthanc asks as long as it runs, and what is asked by who waits for the sidecar's end: neither keeps it. */
    private static final Set<String> IN_PASSING =
            Set.of("GET /status", "GET /alive", "GET /work", "POST /work/", "POST /notices", "POST /released");

    static {
        // Without it small answers wait for the client's delayed acknowledgement, 40 ms each.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final String token;
    private final Map<String, Route> routes;
    private final Lifetime lifetime;

    /**
     * Binds to a free port and starts to answer.
     *
     * @param routes by method and path below {@code /v1}, such as {@code GET /sealed/}: with a slash at the end whatever
     *     follows is handed to the route
     * @param lifetime told of what must not break off
     * @param waiting reads that may wait for a tier at a time
     */
    ControlServer(Map<String, Route> routes, Lifetime lifetime, int waiting) throws IOException {
        this.routes = Map.copyOf(routes);
        this.lifetime = lifetime;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.token = HexFormat.of().formatHex(secret);
        int most = waiting + SPARE_THREADS;
        this.threads =
                new ThreadPoolExecutor(most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUED), task -> {
                    Thread thread = new Thread(task, "control");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 64);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String token() {
        return token;
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            try {
                answer(exchange);
            } catch (StrongroomException e) {
                LOG.debug("{} {}", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                fail(exchange, ErrorBody.status(e.kind()), e);
            } catch (MalformedException e) {
                fail(exchange, 400, e.failure());
            } catch (InterruptedException e) {
                fail(exchange, 503, StrongroomException.of(FailureKind.UNAVAILABLE, "the sidecar stops"));
            } catch (RuntimeException e) {
                LOG.error(
                        "{} {}",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        e);
                fail(exchange, 500, StrongroomException.of(FailureKind.BUG, "the sidecar failed to answer"));
            }
        } catch (IOException e) {
            // The asker went away, or an answer broke off: closing the connection says so.
            LOG.debug("{} {}", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        if (!isAllowed(exchange)) {
            fail(exchange, 401, StrongroomException.of(FailureKind.REFUSED, "not the token of this sidecar"));
            return;
        }
        String version = exchange.getRequestHeaders().getFirst(Protocol.VERSION_HEADER);
        if (!Integer.toString(Protocol.VERSION).equals(version)) {
            fail(
                    exchange,
                    426,
                    StrongroomException.of(FailureKind.REFUSED, "the sidecar speaks another protocol version")
                            .with("protocol", Protocol.VERSION)
                            .cure("Install plugin and sidecar of the same release and restart both"));
            return;
        }
        List<String> segments = segments(exchange.getRequestURI());
        if (segments.isEmpty() || !segments.get(0).equals("v1")) {
            throw unknown();
        }
        String method = exchange.getRequestMethod() + " ";
        for (int length = segments.size(); length > 0; length--) {
            String prefix = method + "/" + String.join("/", segments.subList(1, length));
            List<String> rest = segments.subList(length, segments.size());
            String name = rest.isEmpty() ? prefix : prefix + "/";
            Optional<Route> route = Optional.ofNullable(routes.get(name));
            if (route.isPresent()) {
                handle(name, route.get(), new Call(exchange, rest));
                return;
            }
        }
        throw unknown();
    }

    private void handle(String name, Route route, Call call) throws IOException, InterruptedException {
        if (IN_PASSING.contains(name)) {
            route.handle(call);
            return;
        }
        lifetime.asked();
        try {
            route.handle(call);
        } finally {
            lifetime.answered();
        }
    }

    private static StrongroomException unknown() {
        return StrongroomException.of(FailureKind.NOT_FOUND, "no such route");
    }

    private static List<String> segments(URI uri) {
        List<String> segments = new ArrayList<>();
        for (String segment : uri.getRawPath().split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return segments;
    }

    private boolean isAllowed(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected);
    }

    private static void fail(HttpExchange exchange, int status, StrongroomException failure) throws IOException {
        if (exchange.getResponseCode() != -1) {
            return; // the answer has begun: closing the connection is all that is left
        }
        if (status == 503) {
            exchange.getResponseHeaders().set("Retry-After", RETRY_SECONDS);
        }
        exchange.getResponseHeaders().remove("Content-Range");
        new Call(exchange, List.of()).answer(status, ControlJson.write(ErrorBody.of(failure)));
    }

    @Override
    public void close() {
        server.stop(1);
        threads.shutdownNow();
    }
}
