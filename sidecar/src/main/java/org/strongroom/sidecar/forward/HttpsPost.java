package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.strongroom.sidecar.uplink.PacedBody;
import org.strongroom.sidecar.uplink.Uplink;

/** Sends something by HTTPS with a token that is read anew each time: tokens run out. Thread-safe. */
final class HttpsPost {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int REDIRECTS = 300;

    private final HttpClient client;
    private final Token token;
    private final Uplink uplink;

    /** What says who we are. Obligations: safe for several threads. */
    @FunctionalInterface
    interface Token {
        /** Empty if nothing has to be said. */
        Optional<String> read() throws IOException;
    }

    HttpsPost(SSLContext tls, Token token, Uplink uplink) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(LONGEST)
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.token = token;
        this.uplink = uplink;
    }

    /** @throws IOException if the answer does not say that it was taken */
    void send(String method, URI address, String type, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(PacedBody.time(body, uplink, LONGEST))
                .header("Content-Type", type)
                .method(method, PacedBody.of(body, uplink));
        Optional<String> secret = token.read();
        if (secret.isPresent()) {
            authorize(request, secret.get());
        }
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close(); // unread: the time allowed ends with the headers, and a body may never end
        if (answer.statusCode() >= REDIRECTS) {
            throw new IOException("status " + answer.statusCode());
        }
    }

    private static void authorize(HttpRequest.Builder request, String secret) throws IOException {
        try {
            request.header("Authorization", "Bearer " + secret);
        } catch (IllegalArgumentException e) {
            throw new IOException("the token cannot be in a header"); // without its cause, which shows it
        }
    }
}
