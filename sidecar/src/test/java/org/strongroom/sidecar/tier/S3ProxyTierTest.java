package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

final class S3ProxyTierTest extends TierContract {
    @TempDir
    static Path folder;

    private static S3ProxyServer server;
    private static Path credentials;

    @BeforeAll
    static void start() throws Exception {
        server = new S3ProxyServer();
        Buckets.make(server.endpoint(), S3ProxyServer.CREDENTIALS, "clinic");
        credentials = Buckets.credentialsFile(folder, S3ProxyServer.CREDENTIALS);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Override
    protected Tier open() {
        return S3Tier.open("cloud", settings("clinic", credentials), Uplink.unlimited(), InstantSource.system());
    }

    @Override
    protected boolean refusesPartsOfUnknownUploads() {
        return false; // it takes them, and refuses to complete
    }

    @Test
    void listsGoOnPageByPage() {
        try (Tier paged = S3Tier.open(
                "cloud",
                settings("clinic", credentials),
                Uplink.unlimited(),
                InstantSource.system(),
                S3Dialect.PLAIN,
                3)) {
            List<Tier.ObjectInfo> found = new ArrayList<>();
            List<Tier.Upload> begun = new ArrayList<>();
            for (int count = 0; count < 10; count++) {
                found.clear();
                paged.list(name("paged/"), found::add);
                assertThat(found).hasSize(count);
                assertThat(paged.uploads()).containsAll(begun);
                paged.put(name("paged/" + count), new byte[1]);
                begun.add(new Tier.Upload(name("begun/" + count % 2), paged.begin(name("begun/" + count % 2), 1)));
            }
        }
    }

    @Test
    void aMissingBucketIsNotAnEmptyOne() {
        try (Tier missing = S3Tier.open(
                "cloud", settings("no-such-bucket", credentials), Uplink.unlimited(), InstantSource.system())) {
            assertEverythingIsRefused(missing, "the bucket does not exist");
        }
    }

    @Test
    void wrongCredentialsAreSaidToBeWrong() throws Exception {
        Path wrong = Buckets.credentialsFile(
                Files.createTempDirectory(folder, "wrong"),
                AwsBasicCredentials.create(S3ProxyServer.CREDENTIALS.accessKeyId(), "another-secret"));
        try (Tier refused =
                S3Tier.open("cloud", settings("clinic", wrong), Uplink.unlimited(), InstantSource.system())) {
            assertEverythingIsRefused(refused, "does not accept the credentials");
        }
    }

    @Test
    void credentialsThatChangeAreReadAgain() throws Exception {
        Path file = Buckets.credentialsFile(
                Files.createTempDirectory(folder, "rotated"), AwsBasicCredentials.create("OLDKEY", "old-secret"));
        try (Tier rotated =
                S3Tier.open("cloud", settings("clinic", file), Uplink.unlimited(), InstantSource.system())) {
            assertFails(FailureKind.REFUSED, () -> rotated.head(name("a")));
            FileTime before = Files.getLastModifiedTime(file);
            Buckets.credentialsFile(file.getParent(), S3ProxyServer.CREDENTIALS);
            Files.setLastModifiedTime(file, before); // as a restored file has it, or one of the same moment
            assertThat(rotated.head(name("a"))).isEmpty();

            Files.delete(file);
            assertFails(FailureKind.REFUSED, () -> rotated.head(name("a")));
        }
    }

    @Test
    void aFileThatHoldsNoCredentialsIsRefused() throws Exception {
        for (String text :
                List.of("", "nonsense", "[default]\n", "[other]\naws_access_key_id = a\n", "a=b\n[default")) {
            Path file = Files.writeString(Files.createTempFile(folder, "odd", ""), text);
            try (Tier odd =
                    S3Tier.open("cloud", settings("clinic", file), Uplink.unlimited(), InstantSource.system())) {
                assertFails(FailureKind.REFUSED, () -> odd.head(name("a")));
            }
        }
    }

    @Test
    void aMissingCredentialsFileIsSaidAtOnce() {
        assertFails(
                FailureKind.REFUSED,
                () -> S3Tier.open(
                        "cloud",
                        settings("clinic", folder.resolve("none")),
                        Uplink.unlimited(),
                        InstantSource.system()));
    }

    @Test
    void aStoreThatIsNotThereIsUnavailable() throws Exception {
        int free;
        try (java.net.ServerSocket socket =
                new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        URI nobody = URI.create("http://127.0.0.1:" + free);
        try (Tier gone = S3Tier.open(
                "cloud",
                Buckets.settings(nobody, "clinic", credentials, "p"),
                Uplink.unlimited(),
                InstantSource.system())) {
            assertFails(FailureKind.UNAVAILABLE, () -> gone.head("a"));
            assertFails(FailureKind.UNAVAILABLE, () -> gone.get("a", 0, 1));
            assertFails(FailureKind.UNAVAILABLE, () -> gone.put("a", new byte[1]));
            assertFails(FailureKind.UNAVAILABLE, () -> gone.list("", info -> {}));
        }
    }

    @Test
    void objectsOutsideThePrefixAreNotTheTiers() {
        S3Settings whole = new S3Settings(
                "clinic",
                Optional.of(server.endpoint()),
                "us-east-1",
                true,
                Optional.of(credentials),
                "default",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "default",
                Optional.empty(),
                Optional.empty(),
                false);
        try (Tier bucket = S3Tier.open("whole", whole, Uplink.unlimited(), InstantSource.system())) {
            bucket.put(name("outside"), new byte[1]);
            tier.put(name("inside"), new byte[1]);
            assertThat(list("")).extracting(Tier.ObjectInfo::name).containsExactly(name("inside"));
            assertThat(bucket.head("rooms/clinic-1/" + name("inside"))).isPresent();
        }
    }

    @Test
    void theStoreChecksPartDigests() {
        assertThat(tier.enforcesPartDigest()).isTrue();
        assertThat(tier.uploads()).noneMatch(upload -> upload.name().startsWith("probe-"));
    }

    @Test
    void whatAnEarlierProbeLeftIsAborted() {
        Tier.Upload kept = new Tier.Upload(name("a"), tier.begin(name("a"), 1));
        tier.begin("probe-left", 1);
        tier.enforcesPartDigest();
        assertThat(tier.uploads()).contains(kept).noneMatch(upload -> upload.name()
                .startsWith("probe-"));
    }

    private static S3Settings settings(String bucket, Path file) {
        return Buckets.settings(server.endpoint(), bucket, file, "rooms/clinic-1");
    }

    private void assertEverythingIsRefused(Tier refused, String why) {
        List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls = new ArrayList<>();
        calls.add(() -> refused.head(name("a")));
        calls.add(() -> refused.get(name("a"), 0, 10));
        calls.add(() -> refused.get(name("a"), 0, 0));
        calls.add(() -> refused.put(name("a"), new byte[10]));
        calls.add(() -> refused.list("", info -> {}));
        calls.add(() -> refused.begin(name("a"), 10));
        calls.add(refused::uploads);
        calls.add(() -> refused.delete(name("a")));
        for (var call : calls) {
            assertFails(FailureKind.REFUSED, call);
            org.assertj.core.api.Assertions.assertThatThrownBy(call).hasMessageContaining(why);
        }
    }
}
