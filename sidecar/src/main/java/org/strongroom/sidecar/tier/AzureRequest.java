package org.strongroom.sidecar.tier;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;

/** One request to the blob service before it is signed. For one thread. */
final class AzureRequest {
    private final String method;
    private final String object;
    private final Map<String, String> query = new TreeMap<>();
    private final Map<String, String> headers = new TreeMap<>();
    private InputStream body;
    private long bodySize;

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
        return body(new ByteArrayInputStream(content), content.length, Md5.of(content));
    }

    /** @param content read once, and to its end only if it has this MD5 */
    AzureRequest body(InputStream content, long size, byte[] md5) {
        body = content;
        bodySize = size;
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

    /** As an entity that is read once, through what {@code watch} makes of it; null if there is none. */
    HttpEntity body(UnaryOperator<InputStream> watch) {
        return body == null ? null : new InputStreamEntity(watch.apply(body), bodySize, null);
    }

    long bodySize() {
        return bodySize;
    }
}
