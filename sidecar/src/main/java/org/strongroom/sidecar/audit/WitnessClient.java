package org.strongroom.sidecar.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.sidecar.uplink.PacedBody;
import org.strongroom.sidecar.uplink.Uplink;

/** Asks one witness by HTTP (C2SP tlog-witness); ends after half a minute, whatever it answers. Thread-safe. */
final class WitnessClient {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** No checkpoint with its signatures is longer. */
    private static final int MOST = 64 * 1024;

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final WebAddress address;
    private final Uplink uplink;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(LONGEST)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** What it answered. */
    record Answer(int status, String body) {}

    WitnessClient(WebAddress address, Uplink uplink) {
        this.uplink = uplink;
        this.address = address;
    }

    /** @throws IOException if it does not answer in time, or with more than any witness would */
    Answer add(WitnessRequest request) throws IOException, InterruptedException {
        byte[] body = request.encode();
        return ask(at("add-checkpoint")
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(PacedBody.of(body, uplink))
                .build());
    }

    /**
     * The checkpoint that it signed last for a log; empty if it knows of none.
     *
     * @throws IOException as {@link #add}, and for every other answer
     */
    Optional<String> newest(String origin) throws IOException, InterruptedException {
        Answer answer = ask(at(LogWitness.hash(origin) + "/checkpoint").GET().build());
        if (answer.status() == NOT_FOUND) {
            return Optional.empty();
        } else if (answer.status() != OK) {
            throw new IOException("status " + answer.status());
        }
        return Optional.of(answer.body());
    }

    private HttpRequest.Builder at(String path) {
        URI uri = address.below(path);
        return HttpRequest.newBuilder(uri).timeout(LONGEST);
    }

    private Answer ask(HttpRequest request) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> asked = client.sendAsync(
                request,
                HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                    if (body.size() <= MOST) {
                        body.write(bytes, 0, Math.min(bytes.length, MOST + 1 - body.size()));
                    }
                })));
        try {
            // The request's own time limit ends with the headers, and a body may never end.
            HttpResponse<Void> response = asked.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            if (body.size() > MOST) {
                throw new IOException("an answer that is too long");
            }
            return new Answer(response.statusCode(), body.toString(StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            throw new IOException("no answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException("no answer: " + e.getCause(), e);
        } finally {
            asked.cancel(true);
        }
    }
}
