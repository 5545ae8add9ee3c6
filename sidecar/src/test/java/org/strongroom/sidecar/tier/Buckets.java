package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.settings.ProxySettings;
import org.strongroom.core.settings.S3LockSettings;
import org.strongroom.core.settings.S3Settings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Buckets and settings for tests; what an administrator does by hand. */
public final class Buckets {
    private Buckets() {}

    public static void make(URI endpoint, AwsBasicCredentials credentials, String bucket) {
        try (S3Client client = client(endpoint, credentials)) {
            client.createBucket(each -> each.bucket(bucket));
        }
    }

    /** One with object lock, and so with versions. */
    public static void makeLockable(URI endpoint, AwsBasicCredentials credentials, String bucket) {
        try (S3Client client = client(endpoint, credentials)) {
            client.createBucket(each -> each.bucket(bucket).objectLockEnabledForBucket(true));
        }
    }

    public static S3Client client(URI endpoint, AwsBasicCredentials credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    /** The objects of uploads that were begun and neither completed nor aborted. */
    public static List<String> uploads(URI endpoint, AwsBasicCredentials credentials, String bucket) {
        try (S3Client client = client(endpoint, credentials)) {
            return client.listMultipartUploads(each -> each.bucket(bucket)).uploads().stream()
                    .map(MultipartUpload::key)
                    .toList();
        }
    }

    /** Every object as a file of its name below {@code folder}: a tier as a folder. */
    public static void download(URI endpoint, AwsBasicCredentials credentials, String bucket, Path folder)
            throws IOException {
        try (S3Client client = client(endpoint, credentials)) {
            for (S3Object object :
                    client.listObjectsV2Paginator(each -> each.bucket(bucket)).contents()) {
                Path file = folder.resolve(object.key());
                Files.createDirectories(file.getParent());
                client.getObject(each -> each.bucket(bucket).key(object.key()), file);
            }
        }
    }

    public static Path credentialsFile(Path folder, AwsBasicCredentials credentials) throws IOException {
        return Files.writeString(
                folder.resolve("credentials"),
                "[default]%naws_access_key_id = %s%naws_secret_access_key = %s%n"
                        .formatted(credentials.accessKeyId(), credentials.secretAccessKey()));
    }

    public static S3Settings settings(URI endpoint, String bucket, Path credentialsFile, String prefix) {
        return locked(endpoint, bucket, credentialsFile, prefix, Optional.empty(), Optional.empty());
    }

    /** The same bucket; other credentials for the audit log. */
    static S3Settings withAudit(S3Settings usual, Path auditCredentialsFile) {
        return new S3Settings(
                usual.bucket(),
                usual.endpoint(),
                usual.region(),
                usual.pathStyle(),
                usual.credentialsFile(),
                usual.profile(),
                usual.storageClass(),
                usual.prefix(),
                usual.lock(),
                usual.deleterCredentialsFile(),
                usual.deleterProfile(),
                Optional.of(auditCredentialsFile),
                usual.proxy(),
                usual.insecure());
    }

    /** The same bucket, behind a proxy. */
    public static S3Settings behind(ProxySettings proxy, S3Settings straight) {
        return new S3Settings(
                straight.bucket(),
                straight.endpoint(),
                straight.region(),
                straight.pathStyle(),
                straight.credentialsFile(),
                straight.profile(),
                straight.storageClass(),
                straight.prefix(),
                straight.lock(),
                straight.deleterCredentialsFile(),
                straight.deleterProfile(),
                straight.auditCredentialsFile(),
                Optional.of(proxy),
                straight.insecure());
    }

    /** What is put there is locked, and deleted with other credentials. */
    public static S3Settings locked(
            URI endpoint,
            String bucket,
            Path credentialsFile,
            String prefix,
            Optional<S3LockSettings> lock,
            Optional<Path> deleterCredentialsFile) {
        return new S3Settings(
                bucket,
                Optional.of(endpoint),
                "us-east-1",
                true,
                Optional.of(credentialsFile),
                "default",
                Optional.empty(),
                Optional.of(prefix),
                lock,
                deleterCredentialsFile,
                "default",
                Optional.empty(),
                Optional.empty(),
                false);
    }
}
