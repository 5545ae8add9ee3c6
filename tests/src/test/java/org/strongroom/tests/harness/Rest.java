package org.strongroom.tests.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** Orthanc's REST API, as a client sees it. Every call has a deadline; whatever is not a 2xx fails unless {@link #send} is used. Thread-safe. */
public final class Rest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final URI root;
    private final Duration patience;

    /** Of the Orthanc at this port of 127.0.0.1. */
    public Rest(int port) {
        this(URI.create("http://127.0.0.1:" + port), Duration.ofMinutes(2));
    }

    private Rest(URI root, Duration patience) {
        this.root = root;
        this.patience = patience;
    }

    /** The same, for a client that gives up sooner. */
    public Rest patience(Duration atMost) {
        return new Rest(root, atMost);
    }

    /** Any request, any answer. {@code headers} are names and values in turn. */
    public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .timeout(patience)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + method + " " + path, e);
        }
    }

    public byte[] get(String path, String... headers) {
        return success("GET", path, send("GET", path, null, headers));
    }

    public JsonNode json(String path) {
        return parse(get(path));
    }

    public byte[] post(String path, byte[] body) {
        return success("POST", path, send("POST", path, body));
    }

    public JsonNode post(String path, String json) {
        return parse(post(path, json.getBytes(StandardCharsets.UTF_8)));
    }

    public void put(String path, byte[] body) {
        success("PUT", path, send("PUT", path, body));
    }

    public void delete(String path) {
        success("DELETE", path, send("DELETE", path, null));
    }

    /** Stores a DICOM file and gives Orthanc's id of the instance. */
    public String upload(byte[] dicom) {
        return parse(post("/instances", dicom)).path("ID").asText();
    }

    /** The same of a file that is larger than memory. */
    public String upload(Path dicom) {
        try {
            HttpRequest request = HttpRequest.newBuilder(root.resolve("/instances"))
                    .timeout(patience)
                    .POST(BodyPublishers.ofFile(dicom))
                    .build();
            byte[] answer = success("POST", "/instances", CLIENT.send(request, BodyHandlers.ofByteArray()));
            return parse(answer).path("ID").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** {@link #file} of an instance that is larger than memory. */
    public void download(String instance, Path to) {
        try {
            HttpRequest request = HttpRequest.newBuilder(root.resolve("/instances/" + instance + "/file"))
                    .timeout(patience)
                    .build();
            HttpResponse<Path> answer = CLIENT.send(
                    request,
                    BodyHandlers.ofFile(
                            to,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING));
            if (answer.statusCode() != 200) {
                throw new AssertionError("status " + answer.statusCode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The stored file of an instance. */
    public byte[] file(String instance) {
        return get("/instances/" + instance + "/file");
    }

    /** Orthanc's ids of all instances. */
    public List<String> instances() {
        return StreamSupport.stream(json("/instances").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Any answer of Orthanc as JSON. */
    public static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] success(String method, String path, HttpResponse<byte[]> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(method + " " + path + " was answered " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }
}
