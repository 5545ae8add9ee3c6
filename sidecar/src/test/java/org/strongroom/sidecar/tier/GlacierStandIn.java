package org.strongroom.sidecar.tier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for S3 with its archive classes, which no store that runs here has: it answers the few requests of {@link S3Archive}
 * as the S3 API Reference says, and checks no signature.
 */
final class GlacierStandIn implements AutoCloseable {
    private static final Set<String> CLASSES = Set.of("GLACIER", "DEEP_ARCHIVE");

    /** Bodies of the requests to restore something. */
    final List<String> restores = new CopyOnWriteArrayList<>();

    /** Objects that were copied in one request. */
    final AtomicInteger copies = new AtomicInteger();

    volatile String versioning = "";
    volatile boolean noCapacity;

    /** Parts of uploads that were begun and neither completed nor aborted. */
    final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    /** Ranges that were copied into parts. */
    final List<String> copied = new CopyOnWriteArrayList<>();
    /** The part with this number is refused. */
    volatile int refusedPart;

    private final Map<String, String> classes = new ConcurrentHashMap<>();
    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private final HttpServer server;

    private static final class Stored {
        private final byte[] content;
        private final String storageClass;
        private final String restore;

        private Stored(byte[] content, String storageClass, String restore) {
            this.content = content;
            this.storageClass = storageClass;
            this.restore = restore;
        }

        private boolean isAway() {
            return CLASSES.contains(storageClass) && !restore.contains("false");
        }
    }

    GlacierStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange, exchange.getRequestURI().getPath());
            }
        });
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Hours later. */
    void arrives(String path, String expiry) {
        objects.computeIfPresent(
                path,
                (name, object) -> new Stored(
                        object.content,
                        object.storageClass,
                        "ongoing-request=\"false\", expiry-date=\"" + expiry + "\""));
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("x-amz-request-id", "1");
        Stored object = objects.get(path);
        if (query.startsWith("versioning")) {
            String status = versioning.isEmpty() ? "" : "<Status>" + versioning + "</Status>";
            send(exchange, 200, "<VersioningConfiguration>" + status + "</VersioningConfiguration>");
            return;
        }
        if (query.startsWith("uploads") || query.contains("uploadId=")) {
            upload(exchange, path, query);
            return;
        }
        switch (exchange.getRequestMethod()) {
            case "PUT" -> put(exchange, path, body);
            case "DELETE" -> {
                objects.remove(path);
                exchange.sendResponseHeaders(204, -1);
            }
            case "POST" -> restore(exchange, path, object, new String(body, StandardCharsets.UTF_8));
            default -> get(exchange, object);
        }
    }

    private void put(HttpExchange exchange, String path, byte[] body) throws IOException {
        String source = exchange.getRequestHeaders().getFirst("x-amz-copy-source");
        String storageClass = exchange.getRequestHeaders().getFirst("x-amz-storage-class");
        exchange.getResponseHeaders().set("ETag", "\"1\"");
        if (source == null) {
            objects.put(path, new Stored(body, "", ""));
            send(exchange, 200, "");
            return;
        }
        Stored copied = objects.get("/" + source);
        if (copied.isAway()) {
            refuse(exchange, 403, "InvalidObjectState");
            return;
        }
        if (path.equals("/" + source) && String.valueOf(storageClass).equals(copied.storageClass)) {
            refuse(exchange, 400, "InvalidRequest"); // a copy onto itself that changes nothing
            return;
        }
        copies.incrementAndGet();
        objects.put(path, new Stored(copied.content, storageClass, ""));
        send(exchange, 200, "<CopyObjectResult><ETag>\"1\"</ETag></CopyObjectResult>");
    }

    private void upload(HttpExchange exchange, String path, String query) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "DELETE" -> {
                uploads.remove(path);
                exchange.sendResponseHeaders(204, -1);
            }
            case "PUT" -> {
                if (query.contains("partNumber=" + refusedPart)) {
                    refuse(exchange, 403, "AccessDenied");
                    return;
                }
                Stored source = objects.get("/" + exchange.getRequestHeaders().getFirst("x-amz-copy-source"));
                String range = exchange.getRequestHeaders().getFirst("x-amz-copy-source-range");
                copied.add(range);
                String[] ends = range.substring("bytes=".length()).split("-", 2);
                uploads.get(path)
                        .writeBytes(Arrays.copyOfRange(
                                source.content, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1));
                send(exchange, 200, "<CopyPartResult><ETag>\"1\"</ETag></CopyPartResult>");
            }
            default -> {
                if (query.startsWith("uploads")) {
                    uploads.put(path, new ByteArrayOutputStream());
                    classes.put(path, exchange.getRequestHeaders().getFirst("x-amz-storage-class"));
                    send(
                            exchange,
                            200,
                            "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
                } else {
                    objects.put(path, new Stored(uploads.remove(path).toByteArray(), classes.get(path), ""));
                    send(
                            exchange,
                            200,
                            "<CompleteMultipartUploadResult><ETag>\"1\"</ETag></CompleteMultipartUploadResult>");
                }
            }
        }
    }

    private void restore(HttpExchange exchange, String path, Stored object, String request) throws IOException {
        restores.add(request);
        if (noCapacity && request.contains("Expedited")) {
            refuse(exchange, 503, "GlacierExpeditedRetrievalNotAvailable");
        } else if (object.restore.contains("true")) {
            refuse(exchange, 409, "RestoreAlreadyInProgress");
        } else {
            objects.put(path, new Stored(object.content, object.storageClass, "ongoing-request=\"true\""));
            exchange.sendResponseHeaders(202, -1);
        }
    }

    private void get(HttpExchange exchange, Stored object) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (object == null) {
            refuse(exchange, 404, "NoSuchKey");
            return;
        }
        if (!head && object.isAway()) {
            refuse(exchange, 403, "InvalidObjectState");
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"1\"");
        if (!object.storageClass.isEmpty()) {
            exchange.getResponseHeaders().set("x-amz-storage-class", object.storageClass);
        }
        if (!object.restore.isEmpty()) {
            exchange.getResponseHeaders().set("x-amz-restore", object.restore);
        }
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(object.content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String[] ends = exchange.getRequestHeaders()
                .getFirst("Range")
                .substring("bytes=".length())
                .split("-", 2);
        byte[] range = Arrays.copyOfRange(object.content, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1);
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + ends[0] + "-" + ends[1] + "/" + object.content.length);
        exchange.sendResponseHeaders(206, range.length);
        exchange.getResponseBody().write(range);
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        send(exchange, status, "<Error><Code>" + code + "</Code></Error>");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean empty = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
        if (!empty) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
