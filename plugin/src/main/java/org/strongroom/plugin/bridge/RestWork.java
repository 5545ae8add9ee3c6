package org.strongroom.plugin.bridge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/** Passes HTTP requests on to a {@link RestHandler} and its answers back. */
final class RestWork {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestHandler handler;
    private final OrthancLog log;

    RestWork(RestHandler handler, OrthancLog log) {
        this.handler = handler;
        this.log = log;
    }

    void answer(Request request) throws IOException {
        RestAnswer answer;
        try {
            answer = handler.handle(decode(request));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.BUG) {
                log.error("REST request failed. " + Failures.describe(e));
            }
            answer = error(e);
        }
        byte[] head = head(answer);
        request.allocate(LoaderFunctions.HEAD, head.length);
        request.copyOut(LoaderFunctions.HEAD, 0, head, 0, head.length);
        request.allocate(LoaderFunctions.CONTENT, answer.body().length);
        request.copyOut(LoaderFunctions.CONTENT, 0, answer.body(), 0, answer.body().length);
        request.succeed();
    }

    private static RestRequest decode(Request request) throws IOException {
        HttpTexts texts = HttpTexts.of(request);
        ByteSource payload = request.payload();
        String authentication = new String(payload.read(0, Math.toIntExact(payload.size())), StandardCharsets.UTF_8);
        return new RestRequest(
                HttpMethod.of(request.detail()),
                texts.uri(),
                texts.arguments(),
                texts.headers(),
                request.content(),
                authentication);
    }

    private static byte[] head(RestAnswer answer) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        text(head, Integer.toString(answer.status()));
        text(head, answer.contentType());
        for (Map.Entry<String, String> header : answer.headers()) {
            text(head, header.getKey());
            text(head, header.getValue());
        }
        return head.toByteArray();
    }

    private static void text(ByteArrayOutputStream head, String text) {
        head.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        head.write(0);
    }

    // control.md, Errors
    private static RestAnswer error(StrongroomException failure) {
        ObjectNode body = JSON.createObjectNode();
        body.put("kind", failure.kind().name());
        body.put("message", failure.text());
        failure.context().forEach(body.putObject("context")::put);
        body.put("cure", failure.cure());
        RestAnswer answer = RestAnswer.json(status(failure.kind()), body + "\n");
        return failure.kind() == FailureKind.UNAVAILABLE ? answer.with("Retry-After", "10") : answer;
    }

    private static int status(FailureKind kind) {
        return switch (kind) {
            case REFUSED -> 403;
            case NOT_FOUND -> 404;
            case CORRUPT -> 422;
            case STALE -> 409;
            case UNAVAILABLE, ARCHIVED -> 503;
            case FULL -> 507;
            case BUG -> 500;
        };
    }
}
