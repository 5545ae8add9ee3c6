package org.strongroom.tests.tier;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.s3.S3Client;

/** A real Ceph object gateway on 127.0.0.1, by {@code tests/ceph-rgw.sh}. */
public final class CephServer implements AutoCloseable {
    private final Scratch scratch = new Scratch();
    private final int port = Ports.free();
    private final int monitor = Ports.free();

    /** Starts it, empty, and returns when it answers. */
    public CephServer() {
        start();
    }

    /** Starts what was killed or stopped, with what it held. */
    public void start() {
        script("start", folder(), port, monitor);
    }

    /** Ends the gateway as a power cut would. */
    public void kill() {
        script("kill", folder());
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The one user's key, in the format of {@code CredentialsFile}. */
    public Path credentialsFile() {
        return folder().resolve("credentials");
    }

    /** Another user, who may do nothing before a bucket's policy says so; the key's file. */
    public Path user(String name) {
        script("user", folder(), name);
        return folder().resolve(name);
    }

    /** Gives a user the rights that docs/operations.md, A locked bucket, names for the everyday credentials. */
    public void allowToAdd(String bucket, String user) {
        String policy =
                """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/USER"]},
                   "Action": ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
                              "s3:PutObjectRetention", "s3:GetObjectRetention", "s3:GetObjectLegalHold"],
                   "Resource": ["arn:aws:s3:::BUCKET/*"]},
                  {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/USER"]},
                   "Action": ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads",
                              "s3:GetBucketVersioning"],
                   "Resource": ["arn:aws:s3:::BUCKET"]}]}
                """
                        .replace("BUCKET", bucket)
                        .replace("USER", user);
        try (S3Client admin = Buckets.client(endpoint(), credentials())) {
            admin.putBucketPolicy(each -> each.bucket(bucket).policy(policy));
        }
    }

    public AwsBasicCredentials credentials() {
        return credentials(credentialsFile());
    }

    public static AwsBasicCredentials credentials(Path file) {
        Profile profile = ProfileFile.builder()
                .content(file)
                .type(ProfileFile.Type.CREDENTIALS)
                .build()
                .profile("default")
                .orElseThrow();
        return AwsBasicCredentials.create(
                profile.property("aws_access_key_id").orElseThrow(),
                profile.property("aws_secret_access_key").orElseThrow());
    }

    /** At once: nobody reads what it held. */
    @Override
    public void close() {
        script("drop", folder());
        scratch.close();
    }

    private Path folder() {
        return scratch.path().resolve("ceph");
    }

    private static void script(Object... words) {
        Command.of(Project.root().resolve("tests/ceph-rgw.sh"))
                .and(words)
                .within(Duration.ofMinutes(4))
                .run()
                .orFail();
    }
}
