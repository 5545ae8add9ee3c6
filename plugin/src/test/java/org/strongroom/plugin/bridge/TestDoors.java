package org.strongroom.plugin.bridge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.HttpAuthentication.Answer;

/** What the {@link FileApplication} does with the doors that a test asked for. */
final class TestDoors implements HttpFilter {
    static final List<String> ROUTES = List.of("/statistics", "/tools/(find|lookup)");

    private static final Pattern INSTANCE = Pattern.compile("1\\.2\\.826\\.0\\.1\\.3680043\\.10\\.1338\\.3\\.(\\d+)");

    private final Orthanc orthanc;
    private final ConcurrentLinkedQueue<String> arrivals = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();

    TestDoors(Orthanc orthanc) {
        this.orthanc = orthanc;
    }

    @Override
    public Decision decide(Question question) {
        if (question.uri().startsWith("/changes")) {
            throw new IllegalStateException("asked to throw");
        } else if (question.uri().startsWith("/exports")) {
            throw StrongroomException.of(FailureKind.REFUSED, "asked to refuse");
        } else if (question.uri().startsWith("/stuck")) {
            FileApplication.stuck();
        }
        boolean known = question.ip().equals("127.0.0.1")
                && question.arguments().stream().noneMatch(pair -> pair.getKey().equals("forbidden"))
                && question.method() != HttpMethod.DELETE;
        return known ? Decision.allow(question.headers().getOrDefault("x-token", "")) : Decision.deny();
    }

    void ended(String job) {
        ended.add(job);
    }

    Answer authenticate(HttpAuthentication.Question question) {
        return switch (question.headers().getOrDefault("x-login", "")) {
            case "none" -> Answer.unauthorized();
            case "bad" -> Answer.forbidden();
            case "page" -> Answer.redirect("strongroom/door/login");
            case "throw" -> throw new IllegalStateException("asked to throw");
            default -> Answer.granted(question.headers().getOrDefault("x-login", ""));
        };
    }

    /** Notes a DICOM instance by its number, anything else as "other". */
    void arrived(ArrivalContext source, ByteSource content) {
        try {
            Matcher instance = INSTANCE.matcher(text(content.read(0, Math.toIntExact(content.size()))));
            String what = instance.find() ? instance.group(1) : "other";
            arrivals.add(String.join(" ", what, source.origin().name(), source.remoteAet(), source.token()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Inflated if Orthanc has compressed it. */
    private static String text(byte[] bytes) {
        String plain = new String(bytes, StandardCharsets.ISO_8859_1);
        if (bytes.length < 132 || plain.startsWith("DICM", 128)) {
            return plain;
        }
        try {
            ByteArrayInputStream zipped = new ByteArrayInputStream(bytes, 8, bytes.length - 8);
            return new String(new InflaterInputStream(zipped).readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return plain; // it was not
        }
    }

    boolean answers(String path) {
        return !path.startsWith("/strongroom/") || path.startsWith("/strongroom/door/");
    }

    RestAnswer handle(RestRequest request) {
        try {
            return switch (request.path()) {
                case "/strongroom/door/arrivals" ->
                    RestAnswer.of(200, "text/plain", String.join("\n", arrivals).getBytes(StandardCharsets.UTF_8));
                case "/strongroom/door/jobs" ->
                    RestAnswer.of(200, "text/plain", String.join("\n", ended).getBytes(StandardCharsets.UTF_8));
                case "/strongroom/door/dicom" ->
                    RestAnswer.of(
                            200,
                            "application/dicom",
                            orthanc.createDicom(new String(
                                    request.body().read(0, (int) request.body().size()), StandardCharsets.UTF_8)));
                case "/strongroom/door/who" ->
                    RestAnswer.of(200, "text/plain", request.authentication().getBytes(StandardCharsets.UTF_8));
                case "/strongroom/door/upload" ->
                    RestAnswer.of(
                            200,
                            "application/json",
                            orthanc.withToken(request.headers().get("x-upload"))
                                    .restApiPost("/instances", request.body().read(0, (int)
                                            request.body().size())));
                case "/strongroom/door/nested" ->
                    RestAnswer.json(
                            orthanc.callRestApi(HttpMethod.GET, "/statistics", Map.of(), new byte[0], true)
                                    .status(),
                            "{}");
                case "/statistics" ->
                    RestAnswer.of(200, "application/json", orthanc.restApiGet("/statistics"))
                            .with("X-Arguments", request.arguments().toString());
                default ->
                    RestAnswer.of(
                            200, "application/octet-stream", request.body().read(0, (int)
                                    request.body().size()));
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
