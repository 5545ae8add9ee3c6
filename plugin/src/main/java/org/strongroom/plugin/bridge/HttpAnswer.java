package org.strongroom.plugin.bridge;

/** An answer of Orthanc's REST API. */
public final class HttpAnswer {
    private final int status;
    private final String headers;
    private final byte[] body;

    /** @param headers a JSON object, or empty */
    public HttpAnswer(int status, String headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public int status() {
        return status;
    }

    /** A JSON object; empty if Orthanc gave none. */
    public String headers() {
        return headers;
    }

    public byte[] body() {
        return body;
    }
}
