package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.nio.file.Path;

/** An S3 store in this process with one bucket, for tests of other rooms. */
public final class S3ProxyStore implements AutoCloseable {
    private final S3ProxyServer server;

    public S3ProxyStore(String bucket) throws Exception {
        server = new S3ProxyServer();
        Buckets.make(server.endpoint(), S3ProxyServer.CREDENTIALS, bucket);
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
