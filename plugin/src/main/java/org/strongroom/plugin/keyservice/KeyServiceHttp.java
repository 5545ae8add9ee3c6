package org.strongroom.plugin.keyservice;

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
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.OwnThread;

/** Posts JSON to a key service and reads its answer. Thread-safe. */
final class KeyServiceHttp {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int LONGEST = 64 * 1024;

    private final String setting;
    private final HttpClient client;
    private final Duration answer;

    /**
     * What a service said.
     *
     * @param json its body; a missing node if that is none
     */
    record Answer(int status, JsonNode json) {
        /** The text at this place of an answer that says yes; empty if there is none. */
        Optional<String> text(String place) {
            return status == 200
                    ? Optional.of(json.at(place).asText()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        }

        /** The same, of base64. */
        Optional<byte[]> bytes(String place) {
            try {
                return text(place).map(Base64.getDecoder()::decode);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    /** @param setting such as {@code Strongroom.RootKey.Vault} */
    KeyServiceHttp(String setting, SSLContext tls) {
        this(setting, tls, ANSWER);
    }

    KeyServiceHttp(String setting, SSLContext tls, Duration answer) {
        this.setting = setting;
        this.answer = answer;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // a secret goes where the settings say
                .connectTimeout(CONNECT)
                .sslContext(tls)
                .build();
    }

    /** @throws StrongroomException UNAVAILABLE if there is no answer */
    Answer post(URI address, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            return OwnThread.within("strongroom-key-service", answer, () -> send(request.build()));
        } catch (ExecutionException e) {
            throw unreachable(address, e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(address, e);
        }
    }

    private Answer send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream content = response.body()) {
            return new Answer(response.statusCode(), json(content.readNBytes(LONGEST)));
        }
    }

    private static JsonNode json(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private StrongroomException unreachable(URI address, Throwable cause) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, setting + " does not answer, so no key can be opened")
                .with("address", address.getScheme() + "://" + address.getRawAuthority())
                .with("reason", cause.getClass().getSimpleName())
                .cure("See that the service runs, that this machine reaches it, and that its certificate is trusted;"
                        + " then start Orthanc again. Nothing is lost meanwhile")
                .causedBy(cause);
    }

    /** @throws StrongroomException REFUSED with what the service said */
    StrongroomException refused(Answer answer, String said, String cure) {
        FailureKind kind = answer.status() >= 500 ? FailureKind.UNAVAILABLE : FailureKind.REFUSED;
        return StrongroomException.of(kind, setting + " refuses")
                .with("status", answer.status())
                .with("answer", printable(said))
                .cure(cure);
    }

    /** Somebody else's text in our log: one line, not too long. */
    static String printable(String said) {
        String line = said.replaceAll("[^\\x20-\\x7e]+", " ").strip();
        return line.length() > 200 ? line.substring(0, 200) : line;
    }
}
