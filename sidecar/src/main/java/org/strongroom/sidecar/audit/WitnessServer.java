package org.strongroom.sidecar.audit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.StrongroomException;

/**
 * A witness by HTTP (C2SP tlog-witness). Everybody may ask: what it signs only the log's key can ask for, and it tells nothing else. Thread-safe.
 */
public final class WitnessServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessServer.class);
    /** 63 hashes, and a checkpoint with dozens of signatures. */
    private static final int LONGEST = 64 * 1024;

    private static final int THREADS = 4;
    private static final int QUEUED = 64;
    private static final Pattern NEWEST = Pattern.compile("/([0-9a-f]{64})/checkpoint");

    private final LogWitness witness;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    /** Listens, and answers from now on. */
    public WitnessServer(LogWitness witness, InetSocketAddress listen) throws IOException {
        this.witness = witness;
        this.server = HttpServer.create(listen, QUEUED);
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), task -> {
                    Thread thread = new Thread(task, "witness");
                    thread.setDaemon(true);
                    return thread;
                });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Has connections of this process ended that are too slow; to be called before the first server. For a process that serves nothing
     * else: a long poll would be ended as well.
     */
    public static void limitTimes() {
        System.setProperty("sun.net.httpserver.maxReqTime", "20");
        System.setProperty("sun.net.httpserver.maxRspTime", "20");
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            LogWitness.Answer answer;
            try {
                answer = answer(exchange);
            } catch (IOException | StrongroomException e) {
                LOG.error("not answered", e);
                answer = text(500, "the witness cannot read or write what it signed");
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            LOG.debug("the asker went away", e);
        }
    }

    private LogWitness.Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Matcher newest = NEWEST.matcher(path);
        if (exchange.getRequestMethod().equals("GET") && newest.matches()) {
            return witness.newest(newest.group(1));
        }
        if (!path.equals("/add-checkpoint")) {
            return text(404, "no such address");
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            return text(405, "POST it");
        }
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST + 1);
        return body.length > LONGEST ? text(413, "too long") : witness.add(body);
    }

    private static LogWitness.Answer text(int status, String text) {
        return new LogWitness.Answer(status, "text/plain; charset=utf-8", text + "\n");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
