package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.strongroom.core.io.ByteSource;

/** Passes HTTP requests on to an {@link HttpAuthentication}; the answer is one byte and a text. */
final class AuthenticationWork {
    private final HttpAuthentication authentication;

    AuthenticationWork(HttpAuthentication authentication) {
        this.authentication = authentication;
    }

    void answer(Request request) throws IOException {
        HttpTexts texts = HttpTexts.of(request);
        ByteSource ip = request.content();
        HttpAuthentication.Answer said = authentication.authenticate(new HttpAuthentication.Question(
                texts.uri(),
                new String(ip.read(0, Math.toIntExact(ip.size())), StandardCharsets.US_ASCII),
                texts.arguments(),
                texts.headers()));
        byte[] text = said.text().getBytes(StandardCharsets.UTF_8);
        byte[] answer = ByteBuffer.allocate(1 + text.length)
                .put((byte) said.status())
                .put(text)
                .array();
        request.allocate(LoaderFunctions.CONTENT, answer.length);
        request.copyOut(LoaderFunctions.CONTENT, 0, answer, 0, answer.length);
        request.succeed();
    }
}
