package org.strongroom.plugin.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.time.Sleeper;

/** An OpenID Connect provider that can be told to lie: over real sockets, with real keys. What an honest one does is tested with a certified one. */
final class PlayedProvider implements AutoCloseable {
    static final String CLIENT = "strongroom";
    private static final JWK ONE = rsa("one");

    final List<String> asked = new CopyOnWriteArrayList<>();
    /** What the next ID tokens say beside, or instead of, the truth. */
    final Map<String, Object> claims = new ConcurrentHashMap<>();

    final Map<String, Object> userInfo = new ConcurrentHashMap<>();
    /** What the description says beside, or instead of, the truth. */
    final Map<String, Object> description = new ConcurrentHashMap<>();

    volatile JWSAlgorithm algorithm = JWSAlgorithm.RS256;
    volatile boolean signs = true;
    volatile JWK key = ONE;
    volatile List<JWK> shown = List.of(key);
    volatile int tokenStatus = 200;
    /** Of an answer to a code that it does not know. */
    volatile int refusalStatus = 400;
    /** Before codes are answered. */
    volatile Duration pause = Duration.ZERO;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final InstantSource clock;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    PlayedProvider(InstantSource clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    static JWK rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static JWK ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Somebody logs in there: what the browser is sent back with. */
    String authorize(String address) {
        Map<String, String> question = form(URI.create(address).getRawQuery());
        String code = "code" + codes.size();
        codes.put(code, question);
        return "/strongroom/openid?code=" + code + "&state=" + question.get("state");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        byte[] body = exchange.getRequestBody().readAllBytes();
        Object said;
        int status = 200;
        if (path.equals("/.well-known/openid-configuration")) {
            said = described();
        } else if (path.equals("/keys")) {
            said = new JWKSet(shown).toPublicJWKSet().toJSONObject();
        } else if (path.equals("/me")) {
            Map<String, Object> all = new HashMap<>(Map.of("sub", claims.getOrDefault("sub", "subject-of-jane")));
            all.putAll(userInfo);
            said = all;
        } else {
            pause();
            said = token(form(new String(body, StandardCharsets.UTF_8)));
            status = said == null ? refusalStatus : tokenStatus;
        }
        byte[] json = JSONObjectUtils.toJSONString(castToMap(said)).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    private void pause() {
        try {
            Sleeper.SYSTEM.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> castToMap(Object said) {
        return said == null ? Map.of("error", "invalid_grant") : (Map<String, Object>) said;
    }

    private Map<String, Object> described() {
        Map<String, Object> all = new HashMap<>(Map.of(
                "issuer",
                issuer(),
                "authorization_endpoint",
                issuer() + "/auth",
                "token_endpoint",
                issuer() + "/token",
                "jwks_uri",
                issuer() + "/keys",
                "userinfo_endpoint",
                issuer() + "/me"));
        all.putAll(description);
        return all;
    }

    private Map<String, Object> token(Map<String, String> form) {
        Map<String, String> question = codes.remove(form.getOrDefault("code", ""));
        if (question == null) {
            return null;
        }
        byte[] hash = Sha256.of(form.get("code_verifier").getBytes(StandardCharsets.US_ASCII))
                .toBytes();
        boolean same =
                Base64.getUrlEncoder().withoutPadding().encodeToString(hash).equals(question.get("code_challenge"));
        if (!same || !question.get("redirect_uri").equals(form.get("redirect_uri"))) {
            return null;
        }
        try {
            return Map.of("id_token", idToken(question.get("nonce")), "access_token", "access", "token_type", "Bearer");
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String idToken(String nonce) throws JOSEException {
        Instant now = clock.instant();
        JWTClaimsSet.Builder set = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .subject("subject-of-jane")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("nonce", nonce)
                .claim("preferred_username", "Jane")
                .claim("groups", List.of("readers"));
        claims.forEach((name, value) -> set.claim(name, value.equals("") ? null : value));
        if (!signs) {
            return new PlainJWT(set.build()).serialize();
        }
        JWSHeader header = new JWSHeader.Builder(algorithm)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, set.build());
        token.sign(signer());
        return token.serialize();
    }

    private JWSSigner signer() throws JOSEException {
        if (JWSAlgorithm.Family.HMAC_SHA.contains(algorithm)) {
            return new MACSigner(shown.get(0).toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8));
        }
        return JWSAlgorithm.Family.EC.contains(algorithm)
                ? new ECDSASigner(key.toECKey())
                : new RSASSASigner(key.toRSAKey());
    }

    private static Map<String, String> form(String text) {
        Map<String, String> form = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            form.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
