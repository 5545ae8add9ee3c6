package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.strongroom.core.io.ByteSource;

/** Passes HTTP requests on to an {@link HttpFilter}; the answer is one byte, 1 to allow, and the token. */
final class FilterWork {
    private final HttpFilter filter;

    FilterWork(HttpFilter filter) {
        this.filter = filter;
    }

    void answer(Request request) throws IOException {
        HttpTexts texts = HttpTexts.of(request);
        ByteSource ip = request.content();
        HttpFilter.Decision decision = filter.decide(new HttpFilter.Question(
                HttpMethod.of(request.detail()),
                texts.uri(),
                new String(ip.read(0, Math.toIntExact(ip.size())), StandardCharsets.US_ASCII),
                texts.arguments(),
                texts.headers()));
        byte[] token = decision.token().getBytes(StandardCharsets.UTF_8);
        byte[] answer = ByteBuffer.allocate(1 + token.length)
                .put((byte) (decision.isAllowed() ? 1 : 0))
                .put(token)
                .array();
        request.allocate(LoaderFunctions.CONTENT, answer.length);
        request.copyOut(LoaderFunctions.CONTENT, 0, answer, 0, answer.length);
        request.succeed();
    }
}
