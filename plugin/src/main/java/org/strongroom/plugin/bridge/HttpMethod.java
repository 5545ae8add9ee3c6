package org.strongroom.plugin.bridge;

/** The methods that Orthanc passes on. */
public enum HttpMethod {
    GET(1),
    POST(2),
    PUT(3),
    DELETE(4);

    /** OrthancPluginHttpMethod. */
    final int code;

    HttpMethod(int code) {
        this.code = code;
    }

    static HttpMethod of(long code) {
        for (HttpMethod method : values()) {
            if (method.code == code) {
                return method;
            }
        }
        throw new IllegalArgumentException("unknown HTTP method " + code);
    }
}
