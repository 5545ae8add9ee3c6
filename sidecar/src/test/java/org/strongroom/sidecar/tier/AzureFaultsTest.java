package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.sidecar.tier.FaultyLine.Fault;
import org.strongroom.sidecar.uplink.Uplink;

/** What a container's answers mean, and those of whoever answers in its place. No server: the line says it all. */
final class AzureFaultsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-25T20:00:00Z"));
    private static final String NOW = "Wed, 25 Nov 2026 20:00:01 GMT";
    private static final String YESTERDAY = "Tue, 24 Nov 2026 20:00:00 GMT";
    private static final String LIST =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>%s</Blobs><NextMarker />"
                    + "</EnumerationResults>";

    @TempDir
    Path folder;

    private FaultyLine line;
    private Tier tier;

    @BeforeEach
    void open() throws IOException {
        line = new FaultyLine(9); // nobody listens there
        Path key = Files.writeString(folder.resolve("key"), "a2V5\n");
        AzureSettings settings = Containers.settings(
                URI.create("http://127.0.0.1:" + line.port() + "/clinic"), "clinic", key, "images", "p");
        tier = AzureTier.open("cloud", settings, Uplink.unlimited(), CLOCK);
    }

    @AfterEach
    void close() throws IOException {
        tier.close();
        line.close();
    }

    @ParameterizedTest
    @CsvSource({
        "403, AuthenticationFailed, REFUSED, does not accept the credentials",
        "403, AuthorizationFailure, REFUSED, network rules",
        "403, KeyBasedAuthenticationNotPermitted, REFUSED, its own keys",
        "403, InsufficientAccountPermissions, REFUSED, refuses this operation",
        "403, AccountIsDisabled, REFUSED, disabled",
        "404, ContainerNotFound, REFUSED, the container does not exist",
        "404, ResourceNotFound, UNAVAILABLE, not Azure",
        "409, BlobArchived, ARCHIVED, archive class",
        "409, BlobImmutableDueToPolicy, REFUSED, retention policy",
        "409, ContainerBeingDeleted, UNAVAILABLE, try again",
        "400, Md5Mismatch, UNAVAILABLE, changed on their way",
        "400, InvalidHeaderValue, REFUSED, does not understand",
        "405, UnsupportedHttpVerb, REFUSED, does not have this operation",
        "500, InternalError, UNAVAILABLE, cannot answer now",
        "500, OperationTimedOut, UNAVAILABLE, try again",
        "503, ServerBusy, UNAVAILABLE, try again",
        "503, '', UNAVAILABLE, cannot answer now",
        "507, '', FULL, full",
    })
    void anAnswerHasItsKind(int status, String code, FailureKind kind, String words) {
        List<ThrowingCallable> calls = List.of(
                () -> tier.head("a"),
                () -> tier.get("a", 0, 10),
                () -> tier.list("", info -> {}),
                () -> tier.begin("a", 10),
                () -> tier.parts("a", "0123456789abcdef0123456789abcdef"),
                () -> tier.delete("a"));
        for (ThrowingCallable call : calls) {
            line.then(answer(status, code, NOW, ""));
            assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                    .as(e.getMessage())
                    .isEqualTo(kind));
            line.then(answer(status, code, NOW, ""));
            assertThatThrownBy(call).hasMessageContaining(words).hasMessageContaining("container=images");
        }
    }

    @Test
    void aTierThatWasClosedSaysSo() {
        tier.close();
        fails(FailureKind.REFUSED, "the tier was closed", () -> tier.head("a"));
        fails(FailureKind.REFUSED, "the tier was closed", () -> tier.get("a", 0, 10));
    }

    @Test
    void aClockThatIsWrongIsSaidToBeWrong() {
        line.then(answer(403, "AuthenticationFailed", YESTERDAY, ""));
        fails(FailureKind.UNAVAILABLE, "clocks", () -> tier.head("a"));
    }

    @Test
    void absentIsOnlyWhatTheServiceSaysIsAbsent() {
        line.then(answer(404, "BlobNotFound", NOW, ""));
        assertThat(tier.head("a")).isEmpty();
        for (int status : new int[] {200, 302, 404}) {
            for (ThrowingCallable call : everyCall()) {
                line.then(new Fault.Answer(page(status)));
                fails(FailureKind.UNAVAILABLE, "not Azure", call);
            }
        }
    }

    private List<ThrowingCallable> everyCall() {
        List<ThrowingCallable> calls = new ArrayList<>();
        String upload = "0123456789abcdef0123456789abcdef";
        calls.add(() -> tier.head("a"));
        calls.add(() -> tier.get("a", 0, 10));
        calls.add(() -> tier.list("", info -> {}));
        calls.add(() -> tier.put("a", new byte[10]));
        calls.add(() -> tier.begin("a", 10));
        calls.add(() -> tier.part("a", upload, 1, 0, ByteSource.of(new byte[10]), Md5.of(new byte[10])));
        calls.add(() -> tier.parts("a", upload));
        calls.add(() -> tier.complete("a", upload, List.of(new Tier.PartReceipt(1, 10, "tag"))));
        calls.add(() -> tier.abort("a", upload));
        calls.add(() -> tier.uploads());
        calls.add(() -> tier.delete("a"));
        return calls;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html/>",
                "<EnumerationResults><Blobs><Blob><Name>p/a</Name>",
                "<EnumerationResults><Blobs><Blob><Properties><Content-Length>many</Content-Length></Properties></Blob>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><EnumerationResults>&e;</EnumerationResults>"
            })
    void aListThatIsNoneIsNotEmpty(String xml) {
        line.then(answer(200, "", NOW, xml));
        fails(FailureKind.UNAVAILABLE, "not Azure", () -> tier.list("", info -> {}));
    }

    @Test
    void namesOutOfOrderAreRefusedBeforeAnythingIsMissed() {
        line.then(answer(200, "", NOW, LIST.formatted(blob("p/b/c") + blob("p/b-c"))));
        fails(FailureKind.REFUSED, "hierarchical namespace", () -> tier.list("", info -> {}));
    }

    private static String blob(String name) {
        return "<Blob><Name>" + name + "</Name><Properties><Content-Length>1</Content-Length></Properties></Blob>";
    }

    @Test
    void aWholeObjectInPlaceOfARangeIsNotTaken() {
        line.then(answer(200, "", NOW, "0123456789"));
        fails(FailureKind.UNAVAILABLE, "not Azure", () -> tier.get("a", 0, 5));
        line.then(answer(200, "", NOW, "0123456789")).then(answer(200, "", NOW, "0123456789"));
        fails(FailureKind.CORRUPT, "shorter", () -> tier.get("a", 5, 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "not base64!", "a2V5 a2V5"})
    void aFileWithoutAKeyIsRefusedAndNotShown(String text) throws IOException {
        Path odd = Files.writeString(folder.resolve("odd"), text);
        assertThatThrownBy(() -> AzureTier.open("cloud", settings(odd), Uplink.unlimited(), CLOCK))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED))
                .hasMessageContaining("holds no account key")
                .hasMessageNotContaining("base64!")
                .hasNoCause();
    }

    /** Whose token may not delete needs another one for that alone. */
    @Test
    void aTokenStandsInTheAddressAndDeletingHasItsOwn() throws IOException {
        Path everyday = Files.writeString(folder.resolve("sas"), "?sv=2021-12-02&sp=racwl&sig=abc%3D\n");
        Path deleting = Files.writeString(folder.resolve("deleter"), "sv=2021-12-02&sp=d&sig=xyz%3D\n");
        AzureSettings settings = new AzureSettings(
                "images",
                Optional.of(URI.create("http://127.0.0.1:" + line.port() + "/clinic")),
                "clinic",
                everyday,
                Optional.of(deleting),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        try (Tier signed = AzureTier.open("cloud", settings, Uplink.unlimited(), CLOCK)) {
            line.then(answer(404, "BlobNotFound", NOW, ""));
            assertThat(signed.head("a")).isEmpty();
            line.then(answer(403, "AuthorizationPermissionMismatch", NOW, ""));
            fails(FailureKind.REFUSED, "does not permit", () -> signed.delete("a"));
        }
        assertThat(line.heads()).hasSize(2).noneMatch(head -> head.toLowerCase(Locale.ROOT)
                .contains("authorization:"));
        assertThat(line.heads().get(0)).startsWith("HEAD /clinic/images/a?sv=2021-12-02&sp=racwl&sig=abc%3D ");
        assertThat(line.heads().get(1)).startsWith("DELETE /clinic/images/a?sv=2021-12-02&sp=d&sig=xyz%3D ");
    }

    @Test
    void aRetentionPolicyAndVersionsAreSeen() {
        line.then(saying("x-ms-version-id: 2026-11-25T20:00:00.0000000Z"))
                .then(saying("x-ms-has-immutability-policy: true"))
                .then(answer(200, "", NOW, LIST.formatted("")))
                .then(saying("etag: begun"))
                .then(answer(400, "Md5Mismatch", NOW, ""))
                .then(answer(404, "BlobNotFound", NOW, ""))
                .then(answer(404, "BlobNotFound", NOW, ""));
        Abilities abilities = tier.examine(Optional.of("a"));
        assertThat(abilities.found())
                .containsEntry("versions", "kept")
                .containsEntry("retention policy", "enforced")
                .containsEntry("part digests", "enforced");
        line.then(saying("x-ms-has-immutability-policy: false"));
        assertThat(tier.examine(Optional.empty()).absent()).containsEntry("retention policy", "none for the container");
    }

    private static Fault saying(String header) {
        return new Fault.Answer("HTTP/1.1 200 Said the test\r\nx-ms-request-id: 1\r\n" + header
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    @Test
    void aMissingKeyFileIsSaidAtOnce() {
        fails(
                FailureKind.REFUSED,
                "cannot be read",
                () -> AzureTier.open("cloud", settings(folder.resolve("none")), Uplink.unlimited(), CLOCK));
    }

    private static AzureSettings settings(Path key) {
        return Containers.settings(URI.create("http://127.0.0.1:9/clinic"), "clinic", key, "images", "p");
    }

    private static Fault answer(int status, String code, String date, String body) {
        List<String> lines = new ArrayList<>(List.of("HTTP/1.1 " + status + " Said the test", "x-ms-request-id: 1"));
        if (!code.isEmpty()) {
            lines.add("x-ms-error-code: " + code);
        }
        lines.addAll(List.of("Date: " + date, "Content-Length: " + body.length(), "Connection: close", "", body));
        return new Fault.Answer(String.join("\r\n", lines));
    }

    private static String page(int status) {
        String page = "<html>please log in to this network</html>";
        return "HTTP/1.1 %d Portal\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(status, page.length(), page);
    }

    private static void fails(FailureKind kind, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(words)
                .isInstanceOfSatisfying(
                        StrongroomException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
