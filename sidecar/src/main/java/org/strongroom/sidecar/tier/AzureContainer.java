package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.sidecar.uplink.PacedStream;
import org.strongroom.sidecar.uplink.Uplink;

/** One container with its settings: signs requests, sends them, and turns what goes wrong into our failures. Thread-safe. */
final class AzureContainer implements AutoCloseable {
    /** Of Microsoft's "Versioning for Azure Storage": the oldest that knows the access tier Cold. */
    private static final String VERSION = "2021-12-02";

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    /** Of the service, and of a body on its way; a list of a thousand objects takes no longer on the slowest line that is supported. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    private static final Duration SKEW = Duration.ofMinutes(10); // Azure allows 15
    private static final int LONGEST_ERROR = 64 * 1024;

    private final AzureConnection connection;
    private final AzureSettings settings;
    private final AzureKey key;
    private final AzureKey deleter;
    private final AzureFailures failures;
    private final Uplink uplink;
    private final InstantSource clock;
    private final String path;

    /** @param deleter what deletes; perhaps {@code key} */
    AzureContainer(
            AzureSettings settings,
            AzureKey key,
            AzureKey deleter,
            AzureFailures failures,
            Uplink uplink,
            InstantSource clock,
            AzureConnection connection) {
        this.connection = connection;
        this.settings = settings;
        this.key = key;
        this.deleter = deleter;
        this.failures = failures;
        this.uplink = uplink;
        this.clock = clock;
        this.path = settings.address().getRawPath() + "/" + settings.container();
    }

    InstantSource clock() {
        return clock;
    }

    AzureFailures failures() {
        return failures;
    }

    /** What the blobs' names in this tier begin with. */
    String prefix() {
        return settings.prefix().orElse("");
    }

    String name(String blob) {
        return blob.substring(prefix().length());
    }

    /** The header that puts a new object where the settings say. */
    AzureRequest inAccessTier(AzureRequest request) {
        settings.accessTier().ifPresent(tier -> request.header("x-ms-access-tier", tier));
        return request;
    }

    /** The access tier of what is brought back from the archive. */
    String readableTier() {
        return settings.accessTier().orElse("Hot");
    }

    /** What a successful answer says, made of it before its connection is given back. */
    @FunctionalInterface
    interface Reading<T> {
        T read(ClassicHttpResponse answer) throws IOException;
    }

    /** Asks the service; every failure comes as ours, and names the object. */
    <T> T call(AzureRequest request, Reading<T> reading) {
        HttpUriRequestBase http = signed(request);
        try (AzureDeadline deadline = connection.deadline(http, SILENCE)) {
            http.setEntity(request.body(content -> deadline.watched(new PacedStream(content, uplink))));
            try (ClassicHttpResponse answer = connection.send(http)) {
                checkSuccess(http, answer);
                T result = reading.read(answer);
                EntityUtils.consume(answer.getEntity()); // left unread it would cost the connection
                return result;
            } catch (IOException e) {
                throw deadline.passed() ? failures.late().causedBy(e) : unanswered(e);
            }
        } catch (StrongroomException e) {
            throw named(request, e);
        }
    }

    /** As {@link #call} for those of whom nothing but success is asked. */
    void call(AzureRequest request) {
        call(request, answer -> true);
    }

    /** As {@link #call}, but the body is read later by whoever closes the stream. */
    InputStream open(AzureRequest request, long length, Reading<Void> check) {
        HttpUriRequestBase http = signed(request); // has no body
        try {
            ClassicHttpResponse answer = connection.send(http);
            try {
                checkSuccess(http, answer);
                check.read(answer);
                return new ExactStream(answer.getEntity().getContent(), length, failures::broken, http::cancel);
            } catch (IOException | StrongroomException e) {
                http.cancel();
                answer.close();
                throw e;
            }
        } catch (IOException e) {
            throw named(request, unanswered(e));
        } catch (StrongroomException e) {
            throw named(request, e);
        }
    }

    private StrongroomException unanswered(IOException e) {
        return connection.isClosed() ? failures.closed().causedBy(e) : failures.unanswered(e);
    }

    private static StrongroomException named(AzureRequest request, StrongroomException e) {
        return request.object().isEmpty() ? e : e.with("object", request.object());
    }

    /** The address of a version of a blob, for a request of this account that copies it. */
    URI source(String object, String version) {
        return address(path + "/" + prefix() + object, Map.of("versionid", version), key.token());
    }

    private HttpUriRequestBase signed(AzureRequest request) {
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.put("x-ms-date", DATE.format(clock.instant()));
        headers.put("x-ms-version", VERSION);
        String place = request.object().isEmpty() ? path : path + "/" + prefix() + request.object();
        AzureKey mine = request.method().equals("DELETE") ? deleter : key;
        Optional<String> token = mine.token();
        HttpUriRequestBase http = new HttpUriRequestBase(request.method(), address(place, request.query(), token));
        headers.forEach(http::setHeader);
        if (token.isEmpty()) {
            String text = AzureSignature.text(
                    request.method(), headers, request.bodySize(), "/" + settings.account() + place, request.query());
            http.setHeader("authorization", "SharedKey " + settings.account() + ":" + mine.sign(text));
        }
        return http;
    }

    private URI address(String place, Map<String, String> query, Optional<String> token) {
        String parameters = Stream.concat(
                        query.entrySet().stream()
                                .map(each -> each.getKey() + "="
                                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8)),
                        token.stream())
                .collect(Collectors.joining("&"));
        return settings.address().resolve(place + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    private void checkSuccess(HttpUriRequestBase http, ClassicHttpResponse answer) throws IOException {
        int status = answer.getCode();
        boolean azure = answer.containsHeader("x-ms-request-id");
        if (azure && status >= 200 && status < 300) {
            return;
        }
        String code = header(answer, "x-ms-error-code");
        if (!azure && status < 500 && status != 408 && status != 429) {
            throw failures.stranger().with("status", status);
        }
        throw failures.answered(
                new AzureRefusal(status, code),
                isSkewed(http.getFirstHeader("x-ms-date").getValue(), header(answer, "date")),
                answer.getReasonPhrase() + " " + text(answer.getEntity()));
    }

    private static boolean isSkewed(String here, String there) {
        try {
            Duration difference = Duration.between(Instant.from(DATE.parse(here)), Instant.from(DATE.parse(there)));
            return difference.abs().compareTo(SKEW) > 0;
        } catch (DateTimeException e) {
            return false; // it does not say
        }
    }

    private static String text(HttpEntity body) throws IOException {
        return body == null ? "" : new String(body.getContent().readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
    }

    /** A header's value; empty if it is not there. */
    static String header(ClassicHttpResponse answer, String name) {
        Header header = answer.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }

    /** A header that every blob service sends: without it a stranger answered. */
    long number(ClassicHttpResponse answer, String name) {
        return number(header(answer, name));
    }

    long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw failures.stranger().causedBy(e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
