package org.strongroom.sidecar.tier;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes the SDK's client for one bucket: no retries, no redirects to other regions, certificates always checked. */
final class S3Connection {
    private static final Duration CONNECT = Duration.ofSeconds(15);

    /**
     * Silence on a connection: a request that moves is never given up, however slowly it does. The system's send buffer holds up to 4 MiB, which a line of 512 kbit/s needs over a minute to
     * drain before the store can begin to answer.
     */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 32;

    private S3Connection() {}

    /** @param clock learns the store's time */
    static S3Client open(String tier, S3Settings settings, Uplink uplink, S3Dialect dialect, StoreClock clock) {
        AwsCredentialsProvider credentials = settings.credentialsFile()
                .map(file -> credentials(tier, "CredentialsFile", file, settings.profile()))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
        return open(tier, credentials, settings, uplink, dialect, clock);
    }

    /** The client that deletes: {@code client} itself, unless there are credentials for that alone. */
    static S3Client deleter(
            S3Client client, String tier, S3Settings settings, Uplink uplink, S3Dialect dialect, StoreClock clock) {
        return settings.deleterCredentialsFile()
                .map(file -> open(
                        tier,
                        credentials(tier, "DeleterCredentialsFile", file, settings.deleterProfile()),
                        settings,
                        uplink,
                        dialect,
                        clock))
                .orElse(client);
    }

    private static S3Client open(
            String tier,
            AwsCredentialsProvider credentials,
            S3Settings settings,
            Uplink uplink,
            S3Dialect dialect,
            StoreClock clock) {
        Apache5HttpClient.Builder http = http();
        settings.proxy().map(proxy -> Proxy.of(tier, proxy).forAws()).ifPresent(http::proxyConfiguration);
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .forcePathStyle(settings.pathStyle())
                .httpClientBuilder(
                        defaults -> new PacedHttp(http.build(), uplink, SILENCE)) // by a builder: the client closes it
                .overrideConfiguration(each ->
                        each.retryStrategy(DefaultRetryStrategy.doNotRetry()).addExecutionInterceptor(clock));
        settings.endpoint().ifPresent(builder::endpointOverride);
        if (dialect == S3Dialect.PLAIN) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .serviceConfiguration(S3Configuration.builder()
                            .chunkedEncodingEnabled(false)
                            .build());
        }
        return builder.build();
    }

    private static Apache5HttpClient.Builder http() {
        return Apache5HttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(SILENCE)
                .connectionAcquisitionTimeout(SILENCE)
                .connectionMaxIdleTime(IDLE)
                .tcpKeepAlive(true)
                .maxConnections(CONNECTIONS);
    }

    private static AwsCredentialsProvider credentials(String tier, String setting, Path file, String profile) {
        if (!Files.isReadable(file)) {
            throw StrongroomException.of(FailureKind.REFUSED, "the credentials file cannot be read")
                    .with("tier", tier)
                    .with(setting, file)
                    .cure("Make the file, readable by the sidecar's user only");
        }
        return ProfileCredentialsProvider.builder()
                .profileFile(new CredentialsFile(file))
                .profileName(profile)
                .build();
    }
}
