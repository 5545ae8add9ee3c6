package org.strongroom.tests.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** The one store behind all lines: S3Proxy in this process, objects in a folder. It asks for no credentials. */
final class ObjectStore implements Closeable {
    private static final Pattern SIZE = Pattern.compile("<Size>(\\d+)</Size>");

    private final S3Proxy proxy;

    ObjectStore(Path folder) throws IOException {
        proxy = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.NONE, null, null)
                .build();
        try {
            proxy.start();
        } catch (Exception e) { // as Jetty declares it
            throw new IOException("the store did not start", e);
        }
    }

    /** A new bucket, and a line of its own to the store. */
    DelayLine line(String bucket) throws IOException {
        HttpURLConnection put = (HttpURLConnection) URI.create("http://127.0.0.1:" + proxy.getPort() + "/" + bucket)
                .toURL()
                .openConnection();
        put.setRequestMethod("PUT");
        if (put.getResponseCode() != 200) {
            throw new IOException("the store made no bucket: " + put.getResponseCode());
        }
        return new DelayLine(proxy.getPort());
    }

    /** Bytes of the objects of a bucket whose names begin so; at most a thousand of them. */
    long bytes(String bucket, String prefix) throws IOException {
        URI list = URI.create("http://127.0.0.1:" + proxy.getPort() + "/" + bucket + "?list-type=2&prefix=" + prefix);
        try (InputStream in = list.toURL().openStream()) {
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (answer.contains("<IsTruncated>true")) {
                throw new IOException("more than one page of " + prefix);
            }
            return SIZE.matcher(answer)
                    .results()
                    .mapToLong(size -> Long.parseLong(size.group(1)))
                    .sum();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            proxy.stop();
        } catch (Exception e) { // as Jetty declares it
            throw new IOException("the store did not stop", e);
        }
    }
}
