package org.strongroom.plugin.openid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.strongroom.core.time.OwnThread;

/** Asks addresses of the provider, each within a time, and reads JSON that is not too long. Thread-safe. */
final class ProviderHttp {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 512 * 1024;

    private final HttpClient client;
    private final Duration timeout;

    /** @param json a missing node if the body is none */
    record Answer(int status, String type, JsonNode json) {
        /** Whether the provider says that it cannot now. */
        boolean isOfTrouble() {
            return status >= 500 || status == 429;
        }
    }

    /** @param timeout of each answer, from connecting to its last byte */
    ProviderHttp(SSLContext tls, Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // secrets and trust go where the settings say
                .connectTimeout(timeout)
                .sslContext(tls)
                .build();
    }

    HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).timeout(timeout).header("Accept", "application/json");
    }

    /** @throws Trouble if there is no whole answer */
    Answer send(HttpRequest request) throws Trouble {
        try {
            return OwnThread.within("strongroom-openid", timeout, () -> exchange(request));
        } catch (ExecutionException e) {
            throw trouble(request, e.getCause());
        } catch (TimeoutException e) {
            throw trouble(request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw trouble(request, e);
        }
    }

    private Answer exchange(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream content = response.body()) {
            byte[] body = content.readNBytes(LONGEST + 1);
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Answer(response.statusCode(), type, body.length > LONGEST ? JSON.missingNode() : json(body));
        }
    }

    private static JsonNode json(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** The reason's class only: a message may hold what was sent. */
    private static Trouble trouble(HttpRequest request, Throwable cause) {
        String what = cause instanceof javax.net.ssl.SSLException
                ? " is not trusted: see that its certificate is of Authorities and for this host name"
                : " does not answer";
        return new Trouble(place(request) + what + " (" + cause.getClass().getSimpleName() + ")", cause);
    }

    private static String place(HttpRequest request) {
        return place(request.uri());
    }

    /** What may be told of an address. */
    static String place(URI address) {
        return address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
    }
}
