package org.strongroom.tests.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.sidecar.tier.S3Tier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.Tier.PartReceipt;
import org.strongroom.sidecar.tier.TierContract;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** The contract on Ceph, with its restarts. */
final class CephTierIT extends TierContract {
    @TempDir
    static Path folder;

    private static CephServer ceph;

    @BeforeAll
    static void start() {
        ceph = new CephServer();
        Buckets.make(ceph.endpoint(), ceph.credentials(), "clinic");
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @Override
    protected Tier open() {
        return S3Tier.open(
                "cloud", settings("clinic", ceph.credentialsFile()), Uplink.unlimited(), InstantSource.system());
    }

    @Test
    void manyObjectsAreListedPageByPage() {
        for (int i = 0; i < 1005; i++) {
            tier.put(name("many/" + i), new byte[1]);
        }
        assertThat(list("many/")).hasSize(1005).isSortedAccordingTo((a, b) -> a.name()
                .compareTo(b.name()));
    }

    @Test
    void aMissingBucketIsNotAnEmptyOne() {
        try (Tier missing = S3Tier.open(
                "cloud",
                settings("no-such-bucket", ceph.credentialsFile()),
                Uplink.unlimited(),
                InstantSource.system())) {
            assertThatThrownBy(() -> missing.head(name("a"))).hasMessageContaining("the bucket does not exist");
            assertFails(FailureKind.REFUSED, () -> missing.head(name("a")));
            assertFails(FailureKind.REFUSED, () -> missing.get(name("a"), 0, 1));
            assertFails(FailureKind.REFUSED, () -> missing.list("", info -> {}));
            assertFails(FailureKind.REFUSED, () -> missing.put(name("a"), new byte[1]));
            assertFails(FailureKind.REFUSED, () -> missing.begin(name("a"), 1));
            assertFails(FailureKind.REFUSED, missing::uploads);
        }
    }

    @Test
    void wrongCredentialsAreSaidToBeWrong() throws Exception {
        AwsBasicCredentials right = ceph.credentials();
        for (AwsBasicCredentials wrong : List.of(
                AwsBasicCredentials.create(right.accessKeyId(), "another-secret"),
                AwsBasicCredentials.create("NOSUCHKEY", "another-secret"))) {
            Path file = Buckets.credentialsFile(Files.createTempDirectory(folder, "wrong"), wrong);
            try (Tier refused =
                    S3Tier.open("cloud", settings("clinic", file), Uplink.unlimited(), InstantSource.system())) {
                assertThatThrownBy(() -> refused.head(name("a")))
                        .hasMessageContaining("does not accept the credentials");
                assertFails(FailureKind.REFUSED, () -> refused.put(name("a"), new byte[1]));
            }
        }
    }

    @Test
    void theStoreChecksPartDigests() {
        assertThat(tier.enforcesPartDigest()).isTrue();
    }

    @Test
    void anUploadOutlivesThePowerOfTheStore() {
        byte[] content = random((int) partSize() + 17, 30);
        tier.put(name("before"), random(1000, 31));
        String upload = tier.begin(name("power"), content.length);
        PartReceipt first = send("power", upload, 1, content);
        ceph.kill();
        assertFails(FailureKind.UNAVAILABLE, () -> tier.head(name("before")));
        assertFails(FailureKind.UNAVAILABLE, () -> send("power", upload, 2, content));
        ceph.start();
        assertThat(tier.parts(name("power"), upload)).contains(List.of(first));
        tier.complete(name("power"), upload, List.of(first, send("power", upload, 2, content)));
        assertThat(read("power", 0, content.length)).isEqualTo(content);
        assertThat(read("before", 0, 1000)).isEqualTo(random(1000, 31));
    }

    private static S3Settings settings(String bucket, Path credentials) {
        return Buckets.settings(ceph.endpoint(), bucket, credentials, "rooms/clinic-1");
    }
}
