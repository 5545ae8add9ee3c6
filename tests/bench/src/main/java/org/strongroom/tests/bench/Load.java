package org.strongroom.tests.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.strongroom.tests.harness.Rest;

/** Clients of one Orthanc's REST API that keep it busy: a few threads with a connection each. Anything but success ends the run. */
final class Load {
    private static final int CHUNK = 1 << 16;

    private final String root;

    Load(int port) {
        this.root = "http://127.0.0.1:" + port;
    }

    /** One of several requests. */
    interface Each {
        void at(int index) throws IOException;
    }

    /** Sends all images; seconds from the first request to the last answer. */
    double store(List<byte[]> images, int senders, List<String> ids) {
        String[] found = new String[images.size()];
        double seconds = inParallel(images.size(), senders, i -> found[i] = store(images.get(i)));
        ids.addAll(List.of(found));
        return seconds;
    }

    /** Orthanc's id of the stored instance. */
    String store(byte[] image) throws IOException {
        HttpURLConnection post = open("/instances");
        post.setRequestMethod("POST");
        post.setDoOutput(true);
        post.setFixedLengthStreamingMode(image.length);
        try (OutputStream out = post.getOutputStream()) {
            out.write(image);
        }
        try (InputStream in = success(post)) {
            return Rest.parse(in.readAllBytes()).path("ID").asText();
        }
    }

    /** Reads the files of these instances, each of {@code bytes} bytes; seconds. */
    double readFiles(List<String> ids, int readers, long bytes) {
        return inParallel(ids.size(), readers, i -> {
            long read = read("/instances/" + ids.get(i) + "/file");
            if (read != bytes) {
                throw new IOException("an instance came back with " + read + " bytes instead of " + bytes);
            }
        });
    }

    /** Reads an answer to its end; bytes. */
    long read(String path) throws IOException {
        byte[] buffer = new byte[CHUNK];
        long total = 0;
        try (InputStream in = success(open(path))) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                total += count;
            }
        }
        return total;
    }

    /** Seconds until an answer has been read to its end. */
    double time(String path) throws IOException {
        long start = System.nanoTime();
        read(path);
        return since(start);
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(root + path).toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(300_000);
        return connection;
    }

    private static InputStream success(HttpURLConnection asked) throws IOException {
        if (asked.getResponseCode() != 200) {
            throw new IOException(
                    asked.getRequestMethod() + " " + asked.getURL() + " was answered " + asked.getResponseCode());
        }
        return asked.getInputStream();
    }

    /** Seconds until all were done, by a few threads. */
    static double inParallel(int count, int threads, Each each) {
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        long start = System.nanoTime();
        for (int thread = 0; thread < threads; thread++) {
            running.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                                each.at(i);
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    task -> new Thread(task, "load").start()));
        }
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
        return since(start);
    }

    static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
