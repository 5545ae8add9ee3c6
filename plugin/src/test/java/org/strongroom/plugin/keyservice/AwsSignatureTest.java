package org.strongroom.plugin.keyservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.strongroom.core.secret.Secret;

/** Vectors of AWS's public test suite of Signature Version 4 ({@code post-vanilla} and {@code post-x-www-form-urlencoded}). */
class AwsSignatureTest {
    private static final URI ADDRESS = URI.create("https://example.amazonaws.com/");
    private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");
    private static final AwsCredentials CREDENTIALS =
            new AwsCredentials("AKIDEXAMPLE", Secret.of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Optional.empty());
    private static final AwsSignature SIGNATURE = new AwsSignature("us-east-1", "service", CREDENTIALS);

    @Test
    void anEmptyPost() {
        assertThat(SIGNATURE.sign(ADDRESS, Map.of(), new byte[0], TIME))
                .containsEntry("X-Amz-Date", "20150830T123600Z")
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                                + " SignedHeaders=host;x-amz-date,"
                                + " Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    }

    @Test
    void aPostWithABodyAndAHeader() {
        byte[] body = "Param1=value1".getBytes(StandardCharsets.UTF_8);
        assertThat(SIGNATURE
                        .sign(ADDRESS, Map.of("Content-Type", "application/x-www-form-urlencoded"), body, TIME)
                        .get("Authorization"))
                .endsWith("SignedHeaders=content-type;host;x-amz-date,"
                        + " Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }

    @Test
    void aSessionsTokenIsSentAndSigned() {
        AwsCredentials session =
                new AwsCredentials("AKIDEXAMPLE", CREDENTIALS.secretKey(), Optional.of(Secret.of("token")));
        assertThat(new AwsSignature("us-east-1", "service", session).sign(ADDRESS, Map.of(), new byte[0], TIME))
                .containsEntry("X-Amz-Security-Token", "token")
                .extractingByKey("Authorization")
                .asString()
                .contains("SignedHeaders=host;x-amz-date;x-amz-security-token,");
    }
}
