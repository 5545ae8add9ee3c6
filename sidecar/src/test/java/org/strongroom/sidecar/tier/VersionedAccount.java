package org.strongroom.sidecar.tier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands in for a storage account that keeps versions and has soft delete, which Azurite lacks: it answers the few requests of
 * {@link AzureVersions} as Microsoft's reference of the blob service says, and checks no signature.
 */
final class VersionedAccount implements AutoCloseable {
    /** Whether it keeps versions. */
    volatile boolean versions = true;
    /** How long what is deleted can be brought back; 0 without soft delete. */
    volatile int days;
    /** Whether what is soft-deleted may be deleted for good before. */
    volatile boolean permanent;
    /** Whether it refuses to list what is not seen. */
    volatile boolean tellsNothing;
    /** Whether no version can be deleted: a SAS without that right, or a policy of theirs. */
    volatile boolean keepsVersions;

    private final List<Blob> blobs = new ArrayList<>();
    private final HttpServer server;
    private int clock;

    private static final class Blob {
        private final String name;
        private final byte[] content;
        private final String version;
        private String snapshot = "";
        private boolean current = true;
        private boolean deleted;

        private Blob(String name, byte[] content, String version) {
            this.name = name;
            this.content = content;
            this.version = version;
        }

        private boolean isSeen() {
            return current && !deleted;
        }
    }

    VersionedAccount() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/clinic");
    }

    /** What somebody does who may delete, and knows nothing of versions. */
    synchronized void hide(String name) {
        drop(name);
    }

    /** What somebody does who may put. */
    synchronized void overwrite(String name, byte[] content) {
        put(name, content);
    }

    /** The days of soft delete are over. */
    synchronized void daysPass() {
        blobs.removeIf(blob -> blob.deleted);
    }

    /** All that it has, seen or not. */
    synchronized int count() {
        return blobs.size();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI());
        String name = exchange.getRequestURI().getPath().replaceFirst("^/clinic/images/?", "");
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (query.containsKey("comp")) {
                    list(exchange, query);
                } else {
                    read(exchange, name, true);
                }
            }
            case "HEAD" -> read(exchange, name, false);
            case "PUT" -> {
                String source = exchange.getRequestHeaders().getFirst("x-ms-copy-source");
                byte[] content = source == null
                        ? exchange.getRequestBody().readAllBytes()
                        : version(name, query(URI.create(source)).get("versionid"));
                put(name, content);
                exchange.getResponseHeaders().add("x-ms-copy-status", "success");
                send(exchange, 201, "", new byte[0]);
            }
            case "DELETE" -> delete(exchange, name, query);
            default -> send(exchange, 405, "UnsupportedHttpVerb", new byte[0]);
        }
    }

    private byte[] version(String name, String version) {
        return blobs.stream()
                .filter(blob -> blob.name.equals(name) && blob.version.equals(version) && !blob.deleted)
                .findFirst()
                .orElseThrow()
                .content;
    }

    private void put(String name, byte[] content) {
        for (Blob blob : List.copyOf(blobs)) {
            if (blob.name.equals(name) && blob.isSeen()) {
                blob.current = false;
                if (!versions && days > 0) { // what it was before is kept as a deleted snapshot
                    blob.snapshot = time();
                    blob.deleted = true;
                } else if (!versions) {
                    blobs.remove(blob);
                }
            }
        }
        blobs.add(new Blob(name, content, versions ? time() : ""));
    }

    private String time() {
        return "2026-11-25T20:00:00.%07dZ".formatted(++clock);
    }

    private boolean drop(String name) {
        for (Blob blob : blobs) {
            if (blob.name.equals(name) && blob.isSeen()) {
                if (versions) {
                    blob.current = false;
                } else {
                    gone(blob);
                }
                return true;
            }
        }
        return false;
    }

    private void gone(Blob blob) {
        if (days > 0) {
            blob.deleted = true;
        } else {
            blobs.remove(blob);
        }
    }

    private void delete(HttpExchange exchange, String name, Map<String, String> query) throws IOException {
        String id = query.getOrDefault("versionid", query.getOrDefault("snapshot", ""));
        if (id.isEmpty()) {
            boolean there = drop(name);
            send(exchange, there ? 202 : 404, there ? "" : "BlobNotFound", new byte[0]);
            return;
        }
        Blob one = blobs.stream()
                .filter(blob -> blob.name.equals(name) && (blob.version.equals(id) || blob.snapshot.equals(id)))
                .findFirst()
                .orElse(null);
        if (keepsVersions) {
            send(exchange, 403, "AuthorizationPermissionMismatch", new byte[0]);
        } else if (one == null || (one.deleted && !query.containsKey("deletetype"))) {
            send(exchange, 404, "BlobNotFound", new byte[0]);
        } else if (!one.deleted) {
            gone(one);
            send(exchange, 202, "", new byte[0]);
        } else if (permanent) {
            blobs.remove(one);
            send(exchange, 202, "", new byte[0]);
        } else {
            send(exchange, 409, "OperationNotAllowed", new byte[0]);
        }
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
        List<String> include = List.of(query.get("include").split(","));
        if (tellsNothing && include.contains("versions")) {
            send(exchange, 403, "AuthorizationPermissionMismatch", new byte[0]);
            return;
        }
        StringBuilder xml = new StringBuilder("<EnumerationResults><Blobs>");
        blobs.stream()
                .filter(blob -> blob.name.startsWith(query.getOrDefault("prefix", "")))
                .filter(blob -> blob.isSeen()
                        || (blob.deleted
                                ? include.contains("deleted")
                                        && (blob.version.isEmpty() || include.contains("versions"))
                                        && (blob.snapshot.isEmpty() || include.contains("snapshots"))
                                : include.contains("versions")))
                .sorted(java.util.Comparator.comparing(blob -> blob.name))
                .forEach(blob -> xml.append("<Blob><Name>" + blob.name + "</Name>"
                        + (blob.snapshot.isEmpty() ? "" : "<Snapshot>" + blob.snapshot + "</Snapshot>")
                        + (blob.version.isEmpty() ? "" : "<VersionId>" + blob.version + "</VersionId>")
                        + (blob.isSeen() && versions ? "<IsCurrentVersion>true</IsCurrentVersion>" : "")
                        + (blob.deleted ? "<Deleted>true</Deleted>" : "")
                        + "<Properties><Content-Length>" + blob.content.length + "</Content-Length>"
                        + (blob.deleted ? "<RemainingRetentionDays>" + days + "</RemainingRetentionDays>" : "")
                        + "</Properties><Metadata /></Blob>"));
        xml.append("</Blobs><NextMarker /></EnumerationResults>");
        send(exchange, 200, "", xml.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void read(HttpExchange exchange, String name, boolean body) throws IOException {
        Blob there = blobs.stream()
                .filter(blob -> blob.name.equals(name) && blob.isSeen())
                .findFirst()
                .orElse(null);
        if (there == null) {
            send(exchange, 404, "BlobNotFound", new byte[0]);
        } else if (body) {
            send(exchange, 200, "", there.content);
        } else {
            exchange.getResponseHeaders().add("x-ms-request-id", "1");
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(there.content.length));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static void send(HttpExchange exchange, int status, String code, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("x-ms-request-id", "1");
        if (!code.isEmpty()) {
            exchange.getResponseHeaders().add("x-ms-error-code", code);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> query(URI address) {
        Map<String, String> found = new HashMap<>();
        for (String pair : String.valueOf(address.getQuery()).split("&", -1)) {
            String[] both = pair.split("=", 2);
            found.put(both[0], both.length > 1 ? both[1] : "");
        }
        return found;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
