package org.strongroom.tests.harness;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands before an S3 server or Azurite and behaves as stores, and the lines to them, do on bad days; with {@link Day#GOOD} it passes
 * everything on. Thread-safe.
 */
public final class BadStore implements AutoCloseable {
    private static final List<String> HOP_BY_HOP =
            List.of("connection", "transfer-encoding", "content-length", "expect");

    private static final long CHUNKED = -2;
    private static final Duration SLOWNESS = Duration.ofMillis(700);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** What is wrong with every request from now on. */
    public enum Day {
        GOOD,
        FORBIDDEN(403, "AccessDenied"),
        NOT_FOUND(404, "NoSuchKey"),
        BUCKET_DELETED(404, "NoSuchBucket"),
        FAILING(500, "InternalError"),
        BUSY(503, "SlowDown"),
        /** Objects end in the middle of their announced length. */
        TRUNCATING,
        /** One byte of every object is another one. */
        CHANGING,
        /** Parts and objects are taken with thanks, and thrown away. */
        LOSING,
        /** Every answer takes its time. */
        SLOW,
        /** One byte of an answer in a second, and of what is sent. */
        TRICKLING,
        /** The line breaks: in turn before the store was asked, and after it did as it was asked. */
        CUTTING,
        /** Nothing is answered, and no connection ends before the day does. */
        SILENT;

        private final int status;
        private final String code;

        Day() {
            this(0, "");
        }

        Day(int status, String code) {
            this.status = status;
            this.code = code;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int target;
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile Day day = Day.GOOD;

    /** Before the server at {@code target} of 127.0.0.1. */
    public BadStore(URI target) {
        this.target = target.getPort();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public void day(Day today) {
        day = today;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Day today = day;
            if (today == Day.TRICKLING) {
                trickle(exchange);
                return; // in the middle of something
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (today == Day.SLOW) {
                LockSupport.parkNanos(SLOWNESS.toNanos());
            } else if (today == Day.SILENT) {
                awaitEndOf(today);
                return; // closed without an answer
            } else if (today == Day.CUTTING && cuts.getAndIncrement() % 2 == 0) {
                return;
            }
            if (today.status != 0) {
                answer(exchange, today);
            } else if (today == Day.LOSING && exchange.getRequestMethod().equals("PUT")) {
                exchange.getResponseHeaders().set("ETag", "\"d41d8cd98f00b204e9800998ecf8427e\"");
                exchange.sendResponseHeaders(200, -1);
            } else {
                pass(exchange, body, today);
            }
        }
    }

    private void trickle(HttpExchange exchange) throws IOException {
        boolean upload = exchange.getRequestMethod().equals("PUT");
        if (!upload) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, Integer.MAX_VALUE);
        }
        while (day == Day.TRICKLING && !threads.isShutdown()) {
            if (upload) {
                exchange.getRequestBody().read();
            } else {
                exchange.getResponseBody().write('<');
                exchange.getResponseBody().flush();
            }
            LockSupport.parkNanos(SECOND.toNanos());
        }
    }

    private void awaitEndOf(Day today) {
        while (day == today && !threads.isShutdown()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private static void answer(HttpExchange exchange, Day today) throws IOException {
        byte[] error = ("<Error><Code>" + today.code + "</Code><Message>a bad day</Message></Error>")
                .getBytes(StandardCharsets.US_ASCII);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(today.status, head ? -1 : error.length);
        if (!head) {
            exchange.getResponseBody().write(error);
        }
    }

    /** By hand, since Java's HTTP clients do not let anyone choose the Host that was signed. */
    private void pass(HttpExchange exchange, byte[] body, Day today) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), target)) {
            OutputStream out = socket.getOutputStream();
            out.write(request(exchange, body.length).getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            int status = Integer.parseInt(line(in).split(" ", 3)[1]);
            long length = copyHeaders(in, exchange.getResponseHeaders());
            boolean object = status / 100 == 2 && isObject(exchange);
            boolean empty = exchange.getRequestMethod().equals("HEAD") || length == 0 || status == 204;
            byte[] answer = empty ? new byte[0] : body(in, length);
            if (today == Day.CUTTING) {
                return;
            }
            if (object && today == Day.CHANGING && answer.length > 0) {
                answer[answer.length / 2] ^= 1;
            }
            if (length >= 0 && exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
            }
            exchange.sendResponseHeaders(status, empty ? -1 : answer.length);
            if (!empty) {
                int most = object && today == Day.TRUNCATING ? answer.length / 2 : answer.length;
                exchange.getResponseBody().write(answer, 0, most);
            }
        }
    }

    private static boolean isObject(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return exchange.getRequestMethod().equals("GET") && (path.contains("/packs/") || path.contains("/keys/"));
    }

    private static String request(HttpExchange exchange, int length) {
        StringBuilder request = new StringBuilder(exchange.getRequestMethod())
                .append(' ')
                .append(exchange.getRequestURI())
                .append(" HTTP/1.1\r\n");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(
                        value -> request.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        return request.append("Content-Length: ")
                .append(length)
                .append("\r\nConnection: close\r\n\r\n")
                .toString();
    }

    private static byte[] body(InputStream in, long length) throws IOException {
        if (length == CHUNKED) {
            return chunks(in);
        }
        return length < 0 ? in.readAllBytes() : in.readNBytes((int) length);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            all.writeBytes(in.readNBytes(size));
            line(in);
        }
        return all.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    /** The Content-Length; {@link #CHUNKED}, or -1 if the answer ends with the connection. */
    private static long copyHeaders(InputStream in, Headers headers) throws IOException {
        long length = -1;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Content-Length")) {
                length = Long.parseLong(value);
            } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
                length = CHUNKED;
            } else if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                headers.add(name, value);
            }
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
