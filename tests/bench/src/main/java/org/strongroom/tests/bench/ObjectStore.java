package org.strongroom.tests.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.strongroom.tests.harness.ClearText;

/** The one store behind all lines: S3Proxy in this process, objects in a folder. It asks for no credentials. */
final class ObjectStore implements Closeable {
    private final Path folder;
    private final S3Proxy proxy;

    ObjectStore(Path folder) throws IOException {
        this.folder = folder;
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

    /** Bytes of the objects of a bucket whose names begin with {@code prefix} and a slash. */
    long bytes(String bucket, String prefix) {
        Path objects = folder.resolve(bucket).resolve(prefix);
        return !Files.exists(objects)
                ? 0
                : ClearText.files(objects).stream()
                        .mapToLong(object -> object.toFile().length())
                        .sum();
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
