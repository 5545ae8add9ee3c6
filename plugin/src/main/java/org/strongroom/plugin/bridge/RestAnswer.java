package org.strongroom.plugin.bridge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An answer to a {@link RestRequest}, held in memory. Immutable as long as nobody writes to its body. */
public final class RestAnswer {
    private final int status;
    private final String contentType;
    private final byte[] body;
    private final List<Map.Entry<String, String>> headers;

    private RestAnswer(int status, String contentType, byte[] body, List<Map.Entry<String, String>> headers) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = headers;
    }

    /**
     * An answer without further headers. A 405 names the methods in a header {@code Allow} and has no body; 301 cannot be
     * sent by all versions of Orthanc (use 302 or 303). From 1.12.2 on Orthanc calls the body of any status but 200
     * {@code text/plain}: a page for a browser must be a 200.
     *
     * @param contentType empty for an answer without a body
     */
    public static RestAnswer of(int status, String contentType, byte[] body) {
        if (status < 200 || status > 599 || status == 301) {
            throw new IllegalArgumentException("not a status that Orthanc can send: " + status);
        }
        return new RestAnswer(status, requireOneLine(contentType), body, List.of());
    }

    /** An answer whose body is {@code json} in UTF-8. */
    public static RestAnswer json(int status, String json) {
        return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    /** The same answer with one more header; a name may be repeated. */
    public RestAnswer with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(requireOneLine(name), requireOneLine(value)));
        return new RestAnswer(status, contentType, body, List.copyOf(more));
    }

    public int status() {
        return status;
    }

    public String contentType() {
        return contentType;
    }

    public byte[] body() {
        return body;
    }

    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    private static String requireOneLine(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("a header must not contain control characters");
        }
        return text;
    }
}
