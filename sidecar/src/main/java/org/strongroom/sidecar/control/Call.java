package org.strongroom.sidecar.control;

import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.StrongroomException;

/** One request and its answer. For one thread. */
final class Call {
    private static final int MAX_BODY = 1 << 20;
    private static final int BUFFER = 64 * 1024;

    private final HttpExchange exchange;
    private final List<String> path;

    /** @param path the segments of the path that follow the route's own */
    Call(HttpExchange exchange, List<String> path) {
        this.exchange = exchange;
        this.path = path;
    }

    List<String> path() {
        return path;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** A parameter of the query. */
    Optional<String> query(String name) {
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? List.<String>of() : List.of(raw.split("&"))) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    /** @throws MalformedException if the text is no UUID */
    static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a uuid", e);
        }
    }

    <T> T body(Class<T> type) throws IOException {
        byte[] json = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (json.length > MAX_BODY) {
            throw new MalformedException("the request is too long");
        }
        try {
            return ControlJson.readRequest(json, type);
        } catch (StrongroomException e) {
            throw new MalformedException(e.text(), e);
        }
    }

    /** Answers 200 with a record as JSON. */
    void answer(Object record) throws IOException {
        answer(200, ControlJson.write(record));
    }

    void answer(int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length == 0 ? -1 : json.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(json);
        }
    }

    /** Answers 200 with one line of JSON after another. */
    Lines lines() throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/jsonl");
        exchange.sendResponseHeaders(200, 0);
        return new Lines(exchange.getResponseBody());
    }

    /** An answer that is written line by line. */
    record Lines(OutputStream out) implements AutoCloseable {
        void line(Object record) throws IOException {
            out.write(ControlJson.write(record));
            out.write('\n');
        }

        /** Sends what was written so far. */
        void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Opens {@code length} bytes from {@code offset} on. */
    @FunctionalInterface
    interface Range {
        InputStream open(long offset, long length) throws IOException;
    }

    /** Answers with the bytes that the {@code Range} header asks for: 200, 206 or 416. */
    void range(long size, Range source) throws IOException {
        ByteRange range;
        try {
            range = ByteRange.of(header("Range").orElse(null), size);
        } catch (ByteRange.Unsatisfiable e) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + size);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        try (InputStream in = source.open(range.offset(), range.length())) {
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (range.partial()) {
                exchange.getResponseHeaders()
                        .set(
                                "Content-Range",
                                "bytes " + range.offset() + "-" + (range.offset() + range.length() - 1) + "/" + size);
            }
            exchange.sendResponseHeaders(range.partial() ? 206 : 200, range.length() == 0 ? -1 : range.length());
            copy(in, range.length());
        }
    }

    /** Answers 206 with bytes of something whose whole size is not known here. */
    void part(ByteRange range, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + range.offset() + "-" + (range.offset() + bytes.length - 1) + "/*");
        exchange.sendResponseHeaders(206, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private void copy(InputStream in, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, length))];
        try (OutputStream out = exchange.getResponseBody()) {
            for (long left = length; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("a sealed file is shorter than it was");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }
}
