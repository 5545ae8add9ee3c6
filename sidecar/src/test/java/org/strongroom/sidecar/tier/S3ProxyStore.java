package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** An S3 store in this process with one bucket, for tests of other rooms. */
public final class S3ProxyStore implements AutoCloseable {
    private final S3ProxyServer server;
    private final String bucket;

    public S3ProxyStore(String bucket) throws Exception {
        this.bucket = bucket;
        server = new S3ProxyServer();
        Buckets.make(server.endpoint(), S3ProxyServer.CREDENTIALS, bucket);
    }

    public URI endpoint() {
        return server.endpoint();
    }

    /** As {@link Buckets#uploads}. */
    public List<String> uploads() {
        return Buckets.uploads(server.endpoint(), S3ProxyServer.CREDENTIALS, bucket);
    }

    /** As {@link Buckets#download}. */
    public void download(Path folder) throws IOException {
        Buckets.download(server.endpoint(), S3ProxyServer.CREDENTIALS, bucket, folder);
    }

    public int port() {
        return server.port();
    }

    public Path credentialsFile(Path folder) throws IOException {
        return Buckets.credentialsFile(folder, S3ProxyServer.CREDENTIALS);
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
