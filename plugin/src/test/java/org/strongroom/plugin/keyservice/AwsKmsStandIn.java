package org.strongroom.plugin.keyservice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.strongroom.core.secret.Secret;

/**
 * Answers as AWS KMS does, by its public API reference. It is a stand-in: the real service was never tried. Thread-safe.
 */
public final class AwsKmsStandIn implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String REGION = "eu-central-1";

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final AwsCredentials user;
    private final Map<String, BlindKey> keys = new ConcurrentHashMap<>();
    private volatile String trouble = "";

    /** Knows one user. */
    public AwsKmsStandIn(String accessKey, String secretKey) throws IOException {
        this.user = new AwsCredentials(accessKey, Secret.of(secretKey), Optional.empty());
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Makes a key with an alias, in place of the one that has it. */
    public AwsKmsStandIn key(String alias) {
        keys.put(alias, new BlindKey());
        return this;
    }

    /** Every request gets this error; none if it is empty. */
    public void trouble(String error) {
        trouble = error;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            JsonNode asked = JSON.readTree(body);
            String action = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            BlindKey key = keys.get(asked.path("KeyId").asText());
            String context = asked.path("EncryptionContext").toString();
            if (!trouble.isEmpty()) {
                refuse(exchange, trouble.equals("KMSInternalException") ? 500 : 400, trouble);
            } else if (!isSigned(exchange, body)) {
                refuse(exchange, 400, "InvalidSignatureException");
            } else if (key == null) {
                refuse(exchange, 400, "NotFoundException");
            } else if (action.equals("TrentService.Encrypt")) {
                send(
                        exchange,
                        200,
                        JSON.createObjectNode()
                                .put(
                                        "CiphertextBlob",
                                        key.encrypt(asked.path("Plaintext").asText(), context))
                                .put("KeyId", arn(asked))
                                .put("EncryptionAlgorithm", "SYMMETRIC_DEFAULT"));
            } else if (action.equals("TrentService.Decrypt")) {
                String plain = key.decrypt(asked.path("CiphertextBlob").asText(), context);
                if (plain == null) {
                    refuse(exchange, 400, "IncorrectKeyException");
                } else {
                    send(
                            exchange,
                            200,
                            JSON.createObjectNode().put("Plaintext", plain).put("KeyId", arn(asked)));
                }
            } else {
                refuse(exchange, 400, "UnknownOperationException");
            }
        }
    }

    private static String arn(JsonNode asked) {
        return "arn:aws:kms:" + REGION + ":111122223333:key/"
                + Integer.toUnsignedString(asked.path("KeyId").asText().hashCode());
    }

    /** What was signed is what came, by one who knows the secret, within the five minutes that AWS allows. */
    private boolean isSigned(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : new String[] {"Content-Type", "X-Amz-Target"}) {
            headers.put(name, String.valueOf(exchange.getRequestHeaders().getFirst(name)));
        }
        Instant then = TIME.parse(exchange.getRequestHeaders().getFirst("X-Amz-Date"), Instant::from);
        URI address = URI.create("http://" + exchange.getRequestHeaders().getFirst("Host") + "/");
        String expected = new AwsSignature(REGION, "kms", user)
                .sign(address, headers, body, then)
                .get("Authorization");
        return expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                && Math.abs(Instant.now().getEpochSecond() - then.getEpochSecond()) < 300;
    }

    private static void refuse(HttpExchange exchange, int status, String error) throws IOException {
        send(exchange, status, JSON.createObjectNode().put("__type", error).put("message", "see " + error));
    }

    private static void send(HttpExchange exchange, int status, JsonNode answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
