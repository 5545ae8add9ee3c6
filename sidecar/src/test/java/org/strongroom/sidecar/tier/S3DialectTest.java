package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.S3Settings;
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

    @ParameterizedTest
    @CsvSource({
        "https://0123456789abcdef.r2.cloudflarestorage.com, true",
        "https://0123456789abcdef.eu.r2.cloudflarestorage.com, true",
        "https://s3.eu-central-1.amazonaws.com, false",
        "https://r2.cloudflarestorage.com.example.org, false",
    })
    void theEndpointTellsWhoWantsPartsOfOneSize(URI endpoint, boolean wanted) {
        assertThat(S3Dialect.wantsEqualParts(Optional.of(endpoint))).isEqualTo(wanted);
    }

    @Test
    void trailersGoThere() throws Exception {
        assertThat(sentWhileObjectsGoThereAndBack(S3Dialect.AWS))
                .contains("x-amz-trailer: x-amz-checksum-sha256", "aws-chunked");
    }

    /** Stores that are not AWS refuse it, or store it as content. */
    @Test
    void nothingNewerThanContentMd5GoesElsewhere() throws Exception {
        String sent = sentWhileObjectsGoThereAndBack(S3Dialect.PLAIN);
        assertThat(sent).contains("/eu-west-3/s3/aws4_request").doesNotContain("/us-east-1/");
        assertThat(sent).doesNotContain("x-amz-trailer", "x-amz-checksum", "x-amz-sdk-checksum", "aws-chunked");
        assertThat(Pattern.compile("PUT /clinic/\\S+ HTTP/1").matcher(sent).results())
                .hasSize(3);
        assertThat(Pattern.compile("\nContent-MD5: [A-Za-z0-9+/]{22}==\r\n")
                        .matcher(sent)
                        .results())
                .as("of the object and of both parts")
                .hasSize(3);
    }

    /** A small object and one in parts, in another region than the usual one; everything that the store was sent. */
    private String sentWhileObjectsGoThereAndBack(S3Dialect dialect) throws Exception {
        S3ProxyServer server = new S3ProxyServer();
        try (FaultyLine line = new FaultyLine(server.port()).listen()) {
            Buckets.make(server.endpoint(), S3ProxyServer.CREDENTIALS, "clinic");
            Path credentials = Buckets.credentialsFile(folder, S3ProxyServer.CREDENTIALS);
            URI endpoint = URI.create("http://127.0.0.1:" + line.port());
            try (Tier tier = S3Tier.open(
                    "store",
                    elsewhere(Buckets.settings(endpoint, "clinic", credentials, "p")),
                    Uplink.unlimited(),
                    InstantSource.system(),
                    dialect,
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
            return line.sent();
        } finally {
            server.stop();
        }
    }

    private static S3Settings elsewhere(S3Settings usual) {
        return new S3Settings(
                usual.bucket(),
                usual.endpoint(),
                "eu-west-3",
                usual.pathStyle(),
                usual.credentialsFile(),
                usual.profile(),
                usual.storageClass(),
                usual.prefix(),
                usual.lock(),
                usual.deleterCredentialsFile(),
                usual.deleterProfile(),
                usual.auditCredentialsFile(),
                usual.proxy(),
                usual.insecure());
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
