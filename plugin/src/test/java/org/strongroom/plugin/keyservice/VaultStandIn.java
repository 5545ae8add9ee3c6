package org.strongroom.plugin.keyservice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers as Vault's transit engine does, by its public HTTP API documentation. It is a stand-in: no real Vault was ever tried.
 * Thread-safe.
 */
public final class VaultStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "vault:v1:";

    private final HttpServer server;
    private final String token;
    private final Map<String, BlindKey> keys = new ConcurrentHashMap<>();
    private volatile boolean sealed;

    /** Takes this token, and has one transit engine at {@code transit}. */
    public VaultStandIn(String token) throws IOException {
        this(token, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    VaultStandIn(String token, HttpServer server) {
        this.token = token;
        this.server = server;
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Makes a key, in place of the one that has the name. */
    public VaultStandIn key(String name) {
        keys.put(name, new BlindKey());
        return this;
    }

    /** As after its restart: it answers nothing until it is unsealed. */
    public void seal(boolean now) {
        sealed = now;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode asked = JSON.readTree(exchange.getRequestBody());
            String[] path = exchange.getRequestURI().getPath().split("/", -1);
            if (sealed) {
                refuse(exchange, 503, "Vault is sealed");
            } else if (!token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
                refuse(exchange, 403, "permission denied");
            } else if (path.length != 5 || !path[1].equals("v1") || !path[2].equals("transit")) {
                refuse(exchange, 404, "no handler for route");
            } else if (!keys.containsKey(path[4])) {
                refuse(exchange, 400, "encryption key not found");
            } else if (path[3].equals("encrypt")) {
                give(
                        exchange,
                        "ciphertext",
                        PREFIX
                                + keys.get(path[4])
                                        .encrypt(asked.path("plaintext").asText(), ""));
            } else {
                String text = asked.path("ciphertext").asText();
                String plain =
                        text.startsWith(PREFIX) ? keys.get(path[4]).decrypt(text.substring(PREFIX.length()), "") : null;
                if (plain == null) {
                    refuse(exchange, 400, "cipher: message authentication failed");
                } else {
                    give(exchange, "plaintext", plain);
                }
            }
        }
    }

    private static void give(HttpExchange exchange, String name, String value) throws IOException {
        ObjectNode answer = JSON.createObjectNode().put("request_id", "1").put("lease_duration", 0);
        answer.putObject("data").put(name, value).put("key_version", 1);
        send(exchange, 200, answer);
    }

    private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("errors").add(why);
        send(exchange, status, answer);
    }

    private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
