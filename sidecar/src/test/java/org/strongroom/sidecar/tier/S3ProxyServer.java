package org.strongroom.sidecar.tier;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** An S3 store in this process that checks signatures; its objects live as long as it does. */
final class S3ProxyServer {
    static final AwsBasicCredentials CREDENTIALS = AwsBasicCredentials.create("S3PROXYTESTKEY", "s3proxy-test-secret");

    private final S3Proxy proxy;

    S3ProxyServer() throws Exception {
        proxy = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(
                        AuthenticationType.AWS_V2_OR_V4, CREDENTIALS.accessKeyId(), CREDENTIALS.secretAccessKey())
                .build();
        proxy.start();
    }

    int port() {
        return proxy.getPort();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    void stop() throws Exception {
        proxy.stop();
    }
}
