package org.strongroom.plugin.login.request;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.RestRequest;

/** Forms as browsers send them: {@code application/x-www-form-urlencoded} in UTF-8. */
public final class Forms {
    private static final int LONGEST = 16 * 1024;

    private Forms() {}

    /**
     * The fields of a form.
     *
     * @throws StrongroomException REFUSED if the body is no form, is too long, or has a field twice
     */
    public static Map<String, String> read(RestRequest request) {
        String type = request.headers().getOrDefault("content-type", "");
        if (!type.startsWith("application/x-www-form-urlencoded")
                || request.body().size() > LONGEST) {
            throw refused();
        }
        try {
            byte[] body = request.body().read(0, (int) request.body().size());
            return parse(StandardCharsets.US_ASCII
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (CharacterCodingException e) {
            throw refused().causedBy(e);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the form did not arrive")
                    .causedBy(e);
        }
    }

    private static Map<String, String> parse(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0
                    && fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1))) != null) {
                throw refused();
            }
        }
        return fields;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused().causedBy(e);
        }
    }

    /** As it may stand in an address. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static StrongroomException refused() {
        return StrongroomException.of(FailureKind.REFUSED, "not a form");
    }
}
