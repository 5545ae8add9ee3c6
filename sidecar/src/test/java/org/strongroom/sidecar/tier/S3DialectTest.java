package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.Tier.PartReceipt;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.services.s3.model.CompletedPart;

final class S3DialectTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "https://s3.eu-central-1.amazonaws.com, AWS",
        "https://s3.cn-north-1.amazonaws.com.cn, AWS",
        "https://bucket.vpce-1.s3.us-east-1.vpce.amazonaws.com, AWS",
        "https://storage.googleapis.com, PLAIN",
        "https://amazonaws.com.example.org, PLAIN",
        "https://notamazonaws.com, PLAIN",
        "http://127.0.0.1:9000, PLAIN",
    })
    void theEndpointTellsTheDialect(URI endpoint, S3Dialect dialect) {
        assertThat(S3Dialect.of(Optional.of(endpoint))).isEqualTo(dialect);
    }

    @Test
    void withoutAnEndpointItIsAws() {
        assertThat(S3Dialect.of(Optional.empty())).isEqualTo(S3Dialect.AWS);
    }

    @Test
    void trailersGoThere() throws Exception {
        S3ProxyServer server = new S3ProxyServer();
        try {
            Buckets.make(server.endpoint(), S3ProxyServer.CREDENTIALS, "clinic");
            Path credentials = Buckets.credentialsFile(folder, S3ProxyServer.CREDENTIALS);
            try (Tier tier = S3Tier.open(
                    "aws",
                    Buckets.settings(server.endpoint(), "clinic", credentials, "p"),
                    Uplink.unlimited(),
                    InstantSource.system(),
                    S3Dialect.AWS,
                    1000)) {
                byte[] content = TierContract.random((int) S3Uploads.MINIMUM_PART + 10, 1);
                tier.put("small", TierContract.random(70_000, 2));
                assertThat(TierContract.read(tier, "small", 0, 70_000)).isEqualTo(TierContract.random(70_000, 2));
                String upload = tier.begin("large", content.length);
                ByteSource whole = ByteSource.of(content);
                List<PartReceipt> parts = List.of(
                        part(tier, upload, 1, 0, whole.slice(0, S3Uploads.MINIMUM_PART)),
                        part(tier, upload, 2, S3Uploads.MINIMUM_PART, whole.slice(S3Uploads.MINIMUM_PART, 10)));
                tier.complete("large", upload, parts);
                assertThat(TierContract.read(tier, "large", 0, content.length)).isEqualTo(content);
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void whatTheStoreKeepsOfAPartComesBackAtTheEnd() {
        String tag = S3Uploads.tag("\"abc\"", "c2hhLTI1Ng==");
        CompletedPart completed = S3Uploads.completed(new PartReceipt(3, 10, tag));
        assertThat(completed.partNumber()).isEqualTo(3);
        assertThat(completed.eTag()).isEqualTo("\"abc\"");
        assertThat(completed.checksumSHA256()).isEqualTo("c2hhLTI1Ng==");
        assertThat(S3Uploads.completed(new PartReceipt(3, 10, S3Uploads.tag("abc", null)))
                        .checksumSHA256())
                .isNull();
    }

    private static PartReceipt part(Tier tier, String upload, int number, long offset, ByteSource bytes)
            throws Exception {
        return tier.part("large", upload, number, offset, bytes, Md5.of(bytes.read(0, (int) bytes.size())));
    }
}
