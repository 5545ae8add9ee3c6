package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;

/** One request to the blob service before it is signed. For one thread. */
final class AzureRequest {
    private final String method;
    private final String object;
    private final Map<String, String> query = new TreeMap<>();
    private final Map<String, String> headers = new TreeMap<>();
    private HttpEntity body;

    private AzureRequest(String method, String object) {
        this.method = method;
        this.object = object;
    }

    /** A request for one object. */
    static AzureRequest of(String method, String object) {
        return new AzureRequest(method, ObjectName.check(object));
    }

    /** A request for the container. */
    static AzureRequest ofContainer(String method) {
        return new AzureRequest(method, "").query("restype", "container");
    }

    AzureRequest query(String name, String value) {
        query.put(name, value);
        return this;
    }

    /** @param name in lower case */
    AzureRequest header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    AzureRequest body(byte[] content) {
        body = new ByteArrayEntity(content, null);
        return md5(Md5.of(content));
    }

    /** @param content read once, and to its end only if it has this MD5 */
    AzureRequest body(InputStream content, long size, byte[] md5) {
        body = new InputStreamEntity(content, size, null);
        return md5(md5);
    }

    private AzureRequest md5(byte[] md5) {
        return header("content-md5", Base64.getEncoder().encodeToString(md5));
    }

    String method() {
        return method;
    }

    /** Empty for the container. */
    String object() {
        return object;
    }

    /** By name. */
    Map<String, String> query() {
        return query;
    }

    /** By name in lower case. */
    Map<String, String> headers() {
        return headers;
    }

    /** Null if there is none. */
    HttpEntity body() {
        return body;
    }

    long bodySize() {
        return body == null ? 0 : body.getContentLength();
    }
}
