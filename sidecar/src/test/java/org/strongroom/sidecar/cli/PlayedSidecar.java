package org.strongroom.sidecar.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.control.ControlFile;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.Status;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.MovableClock;

/** A sidecar that answers what a test wrote down, and a command line that asks it. */
final class PlayedSidecar implements AutoCloseable {
    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else every answer waits 40 ms for an ACK
    }

    static final UUID ID = UUID.fromString("6f1c1f0e-8f3c-4d3b-9d0f-0a1b2c3d4e5f");

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final List<String> asked = new ArrayList<>();
    final MovableClock clock = new MovableClock();
    final Path config;
    final Home home;
    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();

    private record Answer(int status, String json) {}

    PlayedSidecar(Path folder) throws IOException {
        home = new Home(folder.resolve("home"));
        Files.createDirectories(home.run());
        config = folder.resolve("orthanc.json");
        Files.writeString(
                config,
                """
                {"Strongroom": {"Home": "%s", "RootKey": {"KeyFile": "%s"}, "Tiers": {"near": {"Directory": "%s"}}}}
                """
                        .formatted(home.root(), folder.resolve("key"), folder.resolve("near")));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        new ControlFile(Protocol.VERSION, server.getAddress().getPort(), 1, "t", ID, Instant.EPOCH)
                .write(home.control());
    }

    /** The next answers to {@code METHOD /path}; the last one is given for ever. */
    PlayedSidecar on(String request, Object... records) {
        for (Object record : records) {
            String json = record instanceof String text
                    ? text
                    : new String(ControlJson.write(record), StandardCharsets.UTF_8);
            answers.computeIfAbsent(request, key -> new ArrayDeque<>())
                    .add(new Answer(record instanceof ErrorBody ? 500 : 200, json));
        }
        return this;
    }

    int run(String... arguments) {
        List<String> line = new ArrayList<>(List.of("--config", config.toString()));
        line.addAll(List.of(arguments));
        Sleeper sleeper = clock::advance;
        return new Main(Map.of(), new PrintWriter(out), new PrintWriter(err), false, clock, clock.running(), sleeper)
                .run(line.toArray(String[]::new));
    }

    /** Nobody answers any more. */
    void disappear() {
        server.stop(0);
    }

    static Status status(long backlog, Status.Plugin plugin, boolean healthy) {
        return status(backlog, plugin, healthy, List.of());
    }

    static Status status(long backlog, Status.Plugin plugin, boolean healthy, List<Status.Problem> waitsFor) {
        return new Status(
                ID,
                plugin,
                new Status.Backlog(backlog, backlog * 1_000_000, backlog == 0 ? null : Instant.EPOCH, waitsFor),
                new Status.Stored(10, 20_000_000, 9_000_000),
                new Status.Local(9_000_000, 1_000_000, 8_000_000, 500_000_000_000L, 2_000),
                new Status.Line(48_000L),
                new Status.Forecast(
                        backlog == 0 ? null : Instant.EPOCH.plusSeconds(360_000), 12.7, 4_900_000_000L, 800_000_000L),
                null,
                Map.of(
                        "near",
                        new Status.TierStatus(
                                healthy,
                                "directory",
                                true,
                                3,
                                9_000_000,
                                backlog,
                                healthy ? null : "not mounted",
                                3,
                                0,
                                Instant.EPOCH,
                                null,
                                0,
                                0,
                                true,
                                Instant.EPOCH,
                                0,
                                Map.of("versions", "not kept"),
                                Map.of())),
                Map.of(),
                Map.of("colleague", new Status.WitnessStatus(Instant.EPOCH, 7L, null, false)),
                new Status.Erasing(1, Map.of("far", 2L)),
                List.of());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add((request + " " + body).strip());
        Deque<Answer> next = request.equals("POST /v1/log-reads")
                ? new ArrayDeque<>(List.of(new Answer(200, "{}")))
                : answers.get(request);
        if (next == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            Answer answer = next.size() > 1 ? next.remove() : next.peek();
            byte[] json = answer.json().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), json.length == 0 ? -1 : json.length);
            exchange.getResponseBody().write(json);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
