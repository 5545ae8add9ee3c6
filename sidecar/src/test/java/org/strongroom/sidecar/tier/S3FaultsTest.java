package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.sidecar.tier.FaultyLine.Fault;
import org.strongroom.sidecar.uplink.Uplink;

/** A bucket behind a bad line, or behind a store that says no. */
final class S3FaultsTest {
    private static final byte[] CONTENT = TierContract.random(300_000, 20);

    @TempDir
    static Path folder;

    private static S3ProxyServer server;
    private static Path credentials;

    private FaultyLine line;
    private Tier tier;

    @BeforeAll
    static void start() throws Exception {
        server = new S3ProxyServer();
        Buckets.make(server.endpoint(), S3ProxyServer.CREDENTIALS, "clinic");
        credentials = Buckets.credentialsFile(folder, S3ProxyServer.CREDENTIALS);
        try (Tier direct = S3Tier.open(
                "cloud",
                Buckets.settings(server.endpoint(), "clinic", credentials, "p"),
                Uplink.unlimited(),
                InstantSource.system())) {
            direct.put("there", CONTENT);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @BeforeEach
    void open() throws Exception {
        line = new FaultyLine(server.port());
        tier = S3Tier.open(
                "cloud",
                Buckets.settings(URI.create("http://127.0.0.1:" + line.port()), "clinic", credentials, "p"),
                Uplink.unlimited(),
                InstantSource.system());
    }

    @AfterEach
    void close() throws Exception {
        tier.close();
        line.close();
    }

    @ParameterizedTest
    @CsvSource({
        "403, SignatureDoesNotMatch, REFUSED",
        "403, InvalidAccessKeyId, REFUSED",
        "403, AccessDenied, REFUSED",
        "403, RequestTimeTooSkewed, UNAVAILABLE",
        "403, InvalidObjectState, ARCHIVED",
        "404, NoSuchBucket, REFUSED",
        "404, '', UNAVAILABLE",
        "301, PermanentRedirect, REFUSED",
        "302, '', UNAVAILABLE",
        "400, AuthorizationHeaderMalformed, REFUSED",
        "400, RequestTimeout, UNAVAILABLE",
        "403, QuotaExceeded, FULL",
        "405, MethodNotAllowed, REFUSED",
        "416, '', CORRUPT",
        "429, TooManyRequests, UNAVAILABLE",
        "500, InternalError, UNAVAILABLE",
        "503, SlowDown, UNAVAILABLE",
        "503, '', UNAVAILABLE",
        "507, '', FULL",
    })
    void anAnswerHasItsKind(int status, String code, FailureKind kind) {
        line.answer(status, code);
        fails(kind, () -> tier.get("there", 0, 10));
        line.answer(status, code).answer(status, code);
        fails(kind, () -> tier.head("there"));
        line.clear();
        line.answer(status, code);
        fails(kind, () -> tier.put("new", new byte[10]));
        line.answer(status, code);
        fails(kind, () -> tier.list("", info -> {}));
        line.answer(status, code);
        fails(kind, () -> tier.begin("new", 10));
    }

    @Test
    void whatIsNoSuchStoreNeverSaysAbsent() {
        String page = "<html>please log in to this network</html>";
        for (int status : new int[] {200, 404}) {
            String answer =
                    "HTTP/1.1 %d Portal\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                            .formatted(status, page.length());
            line.then(new Fault.Answer(answer)).then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.head("there"));
            line.clear();
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.get("there", 0, 10));
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.list("", info -> {}));
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.put("new", new byte[10]));
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.begin("new", 10));
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> part("new", "upload"));
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.parts("new", "upload"));
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.complete("new", "upload", List.of()));
            line.then(new Fault.Answer(answer + page));
            fails(FailureKind.UNAVAILABLE, () -> tier.uploads());
            line.then(new Fault.Answer(answer + page))
                    .then(new Fault.Answer(answer + page)); // it asks for versions first
            fails(FailureKind.UNAVAILABLE, () -> tier.delete("there"));
        }
        assertThat(TierContract.read(tier, "there", 0, CONTENT.length)).isEqualTo(CONTENT);
    }

    @Test
    void aBodyThatEndsEarlyFails() {
        for (int after : new int[] {0, 1, 100, 1000, 100_000, 299_999}) {
            line.then(new Fault.CutAnswer(after));
            fails(FailureKind.UNAVAILABLE, () -> TierContract.read(tier, "there", 0, CONTENT.length));
        }
        assertThat(TierContract.read(tier, "there", 0, CONTENT.length)).isEqualTo(CONTENT);
    }

    @Test
    void aRequestThatIsCutIsUnavailableAndNothingIsStored() {
        for (int after : new int[] {0, 10, 2000, 100_000}) {
            closeConnections();
            line.then(new Fault.CutRequest(after));
            fails(FailureKind.UNAVAILABLE, () -> tier.put("cut", CONTENT));
            assertThat(tier.head("cut")).isEmpty();
        }
    }

    @Test
    void aCutPartIsSentAgain() {
        String upload = tier.begin("cut-part", CONTENT.length);
        closeConnections();
        line.then(new Fault.CutRequest(50_000));
        fails(FailureKind.UNAVAILABLE, () -> part("cut-part", upload));
        assertThat(tier.parts("cut-part", upload).orElseThrow()).isEmpty();
        tier.complete("cut-part", upload, List.of(part("cut-part", upload)));
        assertThat(TierContract.read(tier, "cut-part", 0, CONTENT.length)).isEqualTo(CONTENT);
    }

    @Test
    void aCompletionWhoseAnswerIsLostIsFoundDone() {
        String upload = tier.begin("lost-answer", CONTENT.length);
        var receipts = List.of(part("lost-answer", upload));
        closeConnections();
        line.then(new Fault.CutAnswer(0));
        fails(FailureKind.UNAVAILABLE, () -> tier.complete("lost-answer", upload, receipts));
        tier.complete("lost-answer", upload, receipts);
        assertThat(TierContract.read(tier, "lost-answer", 0, CONTENT.length)).isEqualTo(CONTENT);
    }

    @Test
    void aStoreWithoutConditionalWritesIsLookedAtFirst() {
        line.answer(501, "NotImplemented");
        tier.put("no-condition", new byte[] {1});
        fails(FailureKind.REFUSED, () -> tier.put("no-condition", new byte[] {2}));
        assertThat(TierContract.read(tier, "no-condition", 0, 1)).containsExactly(1);
    }

    @Test
    void retriesGetEverythingThroughABadLine() {
        line.then(new Fault.CutAnswer(0)).answer(503, "SlowDown").then(new Fault.CutAnswer(100_000));
        assertThat(TierContract.read(retrying(), "there", 5, CONTENT.length - 5))
                .isEqualTo(Arrays.copyOfRange(CONTENT, 5, CONTENT.length));
        closeConnections();
        line.then(new Fault.CutAnswer(0)); // the object is stored, the answer is lost
        retrying().put("retried", CONTENT);
        assertThat(TierContract.read(retrying(), "retried", 0, CONTENT.length)).isEqualTo(CONTENT);
    }

    @Test
    void tlsIsNeverTalkedInClear() {
        try (Tier secure = S3Tier.open(
                "cloud",
                Buckets.settings(URI.create("https://127.0.0.1:" + server.port()), "clinic", credentials, "p"),
                Uplink.unlimited(),
                InstantSource.system())) {
            assertThatThrownBy(() -> secure.head("there"))
                    .isInstanceOf(StrongroomException.class)
                    .hasMessageContaining("TLS");
        }
    }

    @Test
    void aRefusedOperationNamesTheRightsThatAreMissing() {
        line.answer(403, "AccessDenied");
        assertThatThrownBy(() -> tier.put("new", new byte[10])).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.text()).isEqualTo("the store refuses this operation");
            assertThat(e.context().toString()).contains("cloud", "clinic", "AccessDenied");
            assertThat(e.cure()).contains("rights", "docs/operations.md, Tiers");
        });
    }

    @Test
    void theStorageClassGoesWithEveryObjectAndUpload() {
        S3Settings plain = settings(Optional.of(credentials), Optional.of("STANDARD_IA"));
        try (Tier cool = S3Tier.open("cloud", plain, Uplink.unlimited(), InstantSource.system())) {
            line.answer(503, "SlowDown");
            fails(FailureKind.UNAVAILABLE, () -> cool.put("new", new byte[10]));
            line.answer(503, "SlowDown");
            fails(FailureKind.UNAVAILABLE, () -> cool.begin("new", 10));
        }
        assertThat(line.heads()).hasSize(2).allSatisfy(head -> assertThat(head)
                .containsIgnoringCase("\r\nx-amz-storage-class: STANDARD_IA\r\n"));
    }

    @Test
    void withoutAFileTheCredentialsComeFromTheUsualChain() {
        System.setProperty("aws.accessKeyId", S3ProxyServer.CREDENTIALS.accessKeyId());
        System.setProperty("aws.secretAccessKey", S3ProxyServer.CREDENTIALS.secretAccessKey());
        try (Tier chained = S3Tier.open(
                "cloud", settings(Optional.empty(), Optional.empty()), Uplink.unlimited(), InstantSource.system())) {
            assertThat(TierContract.read(chained, "there", 0, CONTENT.length)).isEqualTo(CONTENT);
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private S3Settings settings(Optional<Path> credentialsFile, Optional<String> storageClass) {
        URI endpoint = URI.create("http://127.0.0.1:" + line.port());
        return new S3Settings(
                "clinic",
                Optional.of(endpoint),
                "us-east-1",
                true,
                credentialsFile,
                "default",
                storageClass,
                Optional.of("p"),
                Optional.empty(),
                Optional.empty(),
                "default",
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private Tier retrying() {
        return new RetryingTier(tier, RetryPolicy.DEFAULT, pause -> {}, new Random(1));
    }

    private Tier.PartReceipt part(String object, String upload) {
        return tier.part(object, upload, 1, 0, ByteSource.of(CONTENT), Md5.of(CONTENT));
    }

    /** A fault meets the next connection: pooled ones, which would bypass it, are given up. */
    private void closeConnections() {
        tier.close();
        tier = S3Tier.open(
                "cloud",
                Buckets.settings(URI.create("http://127.0.0.1:" + line.port()), "clinic", credentials, "p"),
                Uplink.unlimited(),
                InstantSource.system());
    }

    private void fails(FailureKind kind, ThrowingCallable call) {
        TierContract.assertFails(kind, call);
    }
}
