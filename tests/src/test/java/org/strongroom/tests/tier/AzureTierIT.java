package org.strongroom.tests.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.sidecar.tier.AzureTier;
import org.strongroom.sidecar.tier.Containers;
import org.strongroom.sidecar.tier.FaultyLine;
import org.strongroom.sidecar.tier.FaultyLine.Fault;
import org.strongroom.sidecar.tier.Md5;
import org.strongroom.sidecar.tier.RetryPolicy;
import org.strongroom.sidecar.tier.RetryingTier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.Tier.PartReceipt;
import org.strongroom.sidecar.tier.TierContract;
import org.strongroom.sidecar.uplink.Uplink;

/** The contract on Azurite, with its restarts, behind good lines and bad ones. */
final class AzureTierIT extends TierContract {
    @TempDir
    static Path folder;

    private static AzuriteServer azurite;
    private static AzureSettings settings;

    @BeforeAll
    static void start() {
        azurite = new AzuriteServer();
        settings = azurite.make("clinic");
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Override
    protected Tier open() {
        return open(settings);
    }

    private static Tier open(AzureSettings chosen) {
        return AzureTier.open("cloud", chosen, Uplink.unlimited(), Clock.systemUTC());
    }

    @Override
    protected boolean refusesPartsOfUnknownUploads() {
        return false; // any block may be sent; only a list of them is checked
    }

    @Test
    void listsGoOnPageByPage() {
        try (Tier paged = Containers.paged("cloud", settings, 3)) {
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
    void aMissingContainerIsNotAnEmptyOne() {
        try (Tier missing = open(named("no-such-container", azurite.keyFile()))) {
            assertEverythingIsRefused(missing, "the container does not exist");
        }
    }

    @Test
    void aWrongKeyIsSaidToBeWrong() throws Exception {
        try (Tier refused = open(named("clinic", keyFile("wrong")))) {
            assertEverythingIsRefused(refused, "does not accept the credentials");
        }
    }

    /** What adds cannot delete; another identity does, and nothing else is done with it. */
    @Test
    void deletingHasAnIdentityOfItsOwn() throws Exception {
        Path everyday = Files.writeString(folder.resolve("everyday-sas"), signature("racwl"));
        AzureSettings adding = with(everyday, Optional.empty());
        byte[] content = random(2000, 50);
        try (Tier added = open(adding)) {
            added.put(name("whole"), random(10, 51));
            String upload = added.begin(name("signed"), content.length);
            List<PartReceipt> receipts =
                    List.of(added.part(name("signed"), upload, 1, 0, ByteSource.of(content), Md5.of(content)));
            added.complete(name("signed"), upload, receipts);
            assertThat(read("signed", 0, content.length)).isEqualTo(content);
            assertFails(FailureKind.REFUSED, () -> added.delete(name("signed")));
            assertThat(added.enforcesPartDigest())
                    .as("it is told, though the trial is left")
                    .isTrue();
            tier.uploads().stream()
                    .filter(left -> left.name().startsWith("probe-"))
                    .forEach(left -> tier.abort(left.name(), left.id()));
        }
        Path deleting = Files.writeString(folder.resolve("deleter-sas"), "?" + signature("d"));
        try (Tier both = open(with(everyday, Optional.of(deleting)))) {
            both.delete(name("signed"));
            assertThat(both.head(name("signed"))).isEmpty();
            assertThat(both.head(name("whole"))).isPresent();
        }
        try (Tier wrong = open(with(deleting, Optional.empty()))) {
            assertFails(FailureKind.REFUSED, () -> wrong.put(name("other"), new byte[1]));
        }
    }

    private static AzureSettings with(Path keyFile, Optional<Path> deleter) {
        return new AzureSettings(
                settings.container(),
                settings.endpoint(),
                settings.account(),
                keyFile,
                deleter,
                settings.accessTier(),
                settings.prefix(),
                settings.proxy(),
                false);
    }

    /** A service SAS for the container (Microsoft: "Create a service SAS", version 2020-12-06 and later). */
    private static String signature(String rights) throws Exception {
        String version = "2021-12-02";
        String until = "2099-01-01T00:00:00Z";
        String text = String.join(
                "\n",
                rights,
                "",
                until,
                "/blob/" + AzuriteServer.ACCOUNT + "/" + settings.container(),
                "",
                "",
                "",
                version,
                "c",
                "",
                "",
                "",
                "",
                "",
                "",
                "");
        byte[] key =
                Base64.getDecoder().decode(Files.readString(azurite.keyFile()).strip());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String signed = Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        return "sv=" + version + "&se=" + URLEncoder.encode(until, StandardCharsets.UTF_8) + "&sr=c&sp=" + rights
                + "&sig=" + URLEncoder.encode(signed, StandardCharsets.UTF_8);
    }

    /** Azurite keeps no versions and has no soft delete; it takes the questions for them, and has snapshots. */
    @Test
    void whatIsKeptBesideAnObjectIsToldAndGoesWithIt() {
        tier.put(name("kept"), random(10, 52));
        tier.put(name("kept-too"), random(10, 53));
        assertThat(tier.lingering(name("kept"))).isEmpty();
        Containers.snapshot(settings, name("kept"));
        Containers.snapshot(settings, name("kept-too"));
        assertThat(tier.lingering(name("kept"))).contains(new Tier.Lingering(2, Optional.empty()));
        assertThat(tier.hidden(name("kept"))).isEmpty();
        assertThat(tier.isHidden(name("kept-not"))).isFalse();
        tier.delete(name("kept"));
        assertThat(tier.lingering(name("kept"))).contains(new Tier.Lingering(1, Optional.empty()));
        assertThat(tier.head(name("kept-too"))).isPresent();
        tier.delete(name("kept-too"));
        assertThat(tier.lingering("")).isEmpty();
    }

    @Test
    void aKeyThatChangesIsReadAgain() throws Exception {
        Path file = keyFile("old");
        try (Tier rotated = open(named("clinic", file))) {
            assertFails(FailureKind.REFUSED, () -> rotated.head(name("a")));
            Files.copy(azurite.keyFile(), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(rotated.head(name("a"))).isEmpty();
        }
    }

    @Test
    void theStoreChecksPartDigests() {
        assertThat(tier.enforcesPartDigest()).isTrue();
        assertThat(tier.uploads()).noneMatch(upload -> upload.name().startsWith("probe-"));
        assertThat(list("")).isEmpty();
    }

    /** A kill came between the question whether the store checks and its end. */
    @Test
    void whatAnEarlierQuestionLeftIsGivenUp() {
        tier.begin("probe-left", 1);
        try (Tier next = open()) {
            assertThat(next.enforcesPartDigest()).isTrue();
        }
        assertThat(tier.uploads()).noneMatch(upload -> upload.name().startsWith("probe-"));
    }

    @Test
    void objectsOutsideThePrefixAreNotTheTiers() {
        AzureSettings other =
                Containers.settings(azurite.endpoint(), AzuriteServer.ACCOUNT, azurite.keyFile(), "clinic", "rooms");
        try (Tier outer = open(other)) {
            outer.put(name("outside"), new byte[1]);
            tier.put(name("inside"), new byte[1]);
            assertThat(list("")).extracting(Tier.ObjectInfo::name).containsExactly(name("inside"));
            assertThat(outer.head("clinic-1/" + name("inside"))).isPresent();
        }
    }

    @Test
    void uploadsOfOneNameDoNotMixTheirParts() {
        byte[] content = random(2000, 40);
        String first = tier.begin(name("two"), 2000);
        send("two", first, 1, random(2000, 41));
        String second = tier.begin(name("two"), 2000);
        List<PartReceipt> receipts = List.of(send("two", second, 1, content), send("two", second, 2, content));
        tier.abort(name("two"), first);
        assertThat(tier.parts(name("two"), second)).contains(receipts);
        tier.complete(name("two"), second, receipts);
        assertThat(read("two", 0, 2000)).isEqualTo(content);
        assertThat(tier.parts(name("two"), first)).isEmpty();
        tier.abort(name("two"), first);
        assertThat(read("two", 0, 2000)).isEqualTo(content);
        assertFails(FailureKind.REFUSED, () -> completeEmpty("two"));
    }

    /** Another upload must not replace what is there, even of the same size. */
    private void completeEmpty(String simple) {
        String upload = tier.begin(name(simple), 2000);
        List<PartReceipt> receipts =
                List.of(send(simple, upload, 1, random(2000, 42)), send(simple, upload, 2, random(2000, 42)));
        tier.complete(name(simple), upload, receipts);
    }

    @Test
    void anAbortThatWasCutOffLeavesNoObjectAndIsTakenUp() {
        byte[] content = random(1500, 43);
        for (boolean repeated : new boolean[] {true, false}) {
            String simple = "abort-" + repeated;
            String upload = tier.begin(name(simple), content.length);
            send(simple, upload, 1, content);
            Containers.halfAbort(settings, name(simple), upload);
            assertThat(tier.head(name(simple))).isEmpty();
            assertThat(list(simple)).isEmpty();
            assertFails(FailureKind.NOT_FOUND, () -> read(simple, 0, 10));
            assertFails(FailureKind.NOT_FOUND, () -> read(simple, 0, 0));
            assertThat(tier.uploads()).contains(new Tier.Upload(name(simple), upload));
            if (repeated) {
                tier.abort(name(simple), upload);
                assertThat(tier.uploads()).doesNotContain(new Tier.Upload(name(simple), upload));
            }
            String next = tier.begin(name(simple), content.length);
            List<PartReceipt> receipts = List.of(send(simple, next, 1, content), send(simple, next, 2, content));
            tier.complete(name(simple), next, receipts);
            assertThat(read(simple, 0, content.length)).isEqualTo(content);
        }
        Containers.halfAbort(settings, name("put"), "0123456789abcdef0123456789abcdef");
        tier.put(name("put"), content);
        assertThat(read("put", 0, content.length)).isEqualTo(content);
    }

    @Test
    void anUploadOutlivesARestartOfTheStore() {
        byte[] content = random(1017, 30);
        tier.put(name("before"), random(1000, 31));
        String upload = tier.begin(name("restart"), content.length);
        PartReceipt first = send("restart", upload, 1, content);
        azurite.stop();
        try {
            assertFails(FailureKind.UNAVAILABLE, () -> tier.head(name("before")));
            assertFails(FailureKind.UNAVAILABLE, () -> send("restart", upload, 2, content));
            assertThatThrownBy(() -> tier.list("", info -> {})).hasMessageContaining("no connection to the store");
        } finally {
            azurite.start();
        }
        assertThat(tier.parts(name("restart"), upload)).contains(List.of(first));
        tier.complete(name("restart"), upload, List.of(first, send("restart", upload, 2, content)));
        assertThat(read("restart", 0, content.length)).isEqualTo(content);
        assertThat(read("before", 0, 1000)).isEqualTo(random(1000, 31));
    }

    @Test
    void aBodyThatEndsEarlyFails() throws Exception {
        byte[] content = random(300_000, 44);
        tier.put(name("cut"), content);
        try (FaultyLine line = new FaultyLine(azurite.port())) {
            for (int after : new int[] {0, 1, 100, 1000, 100_000, 299_999}) {
                line.then(new Fault.CutAnswer(after));
                try (Tier bad = behind(line)) {
                    assertFails(FailureKind.UNAVAILABLE, () -> read(bad, name("cut"), content.length));
                }
            }
        }
    }

    @Test
    void whatIsCutOnItsWayIsNotStoredAndIsSentAgain() throws Exception {
        byte[] content = random(300_000, 45);
        String upload = tier.begin(name("cut-part"), content.length);
        try (FaultyLine line = new FaultyLine(azurite.port())) {
            for (int after : new int[] {0, 10, 2000, 100_000}) {
                line.then(new Fault.CutRequest(after));
                try (Tier bad = behind(line)) {
                    assertFails(FailureKind.UNAVAILABLE, () -> bad.put(name("cut-put"), content));
                }
                line.then(new Fault.CutRequest(after));
                try (Tier bad = behind(line)) {
                    assertFails(FailureKind.UNAVAILABLE, () -> part(bad, "cut-part", upload, content));
                }
                assertThat(tier.head(name("cut-put"))).isEmpty();
                assertThat(tier.parts(name("cut-part"), upload).orElseThrow()).isEmpty();
            }
        }
        tier.complete(name("cut-part"), upload, List.of(part(tier, "cut-part", upload, content)));
        assertThat(read("cut-part", 0, content.length)).isEqualTo(content);
    }

    @Test
    void aCompletionWhoseAnswerIsLostIsFoundDone() throws Exception {
        byte[] content = random(5000, 46);
        String upload = tier.begin(name("lost"), content.length);
        List<PartReceipt> receipts = List.of(part(tier, "lost", upload, content));
        try (FaultyLine line = new FaultyLine(azurite.port())) {
            line.then(new Fault.CutAnswer(0));
            try (Tier bad = behind(line)) {
                assertFails(FailureKind.UNAVAILABLE, () -> bad.complete(name("lost"), upload, receipts));
            }
        }
        tier.complete(name("lost"), upload, receipts);
        assertThat(read("lost", 0, content.length)).isEqualTo(content);
    }

    @Test
    void retriesGetEverythingThroughABadLine() throws Exception {
        byte[] content = random(300_000, 47);
        try (FaultyLine line = new FaultyLine(azurite.port());
                Tier patient = new RetryingTier(behind(line), RetryPolicy.DEFAULT, pause -> {}, new Random(1))) {
            line.then(new Fault.CutAnswer(0)); // the object is stored, the answer is lost
            patient.put(name("retried"), content);
        }
        try (FaultyLine line = new FaultyLine(azurite.port());
                Tier patient = new RetryingTier(behind(line), RetryPolicy.DEFAULT, pause -> {}, new Random(1))) {
            line.then(new Fault.CutAnswer(0)).then(new Fault.CutAnswer(100_000));
            assertThat(read(patient, name("retried"), content.length)).isEqualTo(content);
        }
    }

    private static Tier behind(FaultyLine line) {
        return open(Containers.settings(
                AzuriteServer.endpoint(line.port()),
                AzuriteServer.ACCOUNT,
                azurite.keyFile(),
                "clinic",
                "rooms/clinic-1"));
    }

    private PartReceipt part(Tier sender, String simple, String upload, byte[] content) {
        return sender.part(name(simple), upload, 1, 0, ByteSource.of(content), Md5.of(content));
    }

    private static byte[] read(Tier reader, String object, int length) throws Exception {
        try (InputStream in = reader.get(object, 0, length)) {
            return in.readAllBytes();
        }
    }

    private static AzureSettings named(String container, Path keyFile) {
        return Containers.settings(azurite.endpoint(), AzuriteServer.ACCOUNT, keyFile, container, "rooms/clinic-1");
    }

    /** A key file with another key, of the same length as the right one. */
    private static Path keyFile(String of) throws Exception {
        Path file = Files.createTempDirectory(folder, of).resolve("key");
        return Files.writeString(file, Base64.getEncoder().encodeToString(random(64, 48)));
    }

    private void assertEverythingIsRefused(Tier refused, String why) {
        List<ThrowingCallable> calls = new ArrayList<>();
        calls.add(() -> refused.head(name("a")));
        calls.add(() -> refused.get(name("a"), 0, 10));
        calls.add(() -> refused.get(name("a"), 0, 0));
        calls.add(() -> refused.put(name("a"), new byte[10]));
        calls.add(() -> refused.list("", info -> {}));
        calls.add(() -> refused.begin(name("a"), 10));
        calls.add(refused::uploads);
        calls.add(() -> refused.delete(name("a")));
        for (ThrowingCallable call : calls) {
            assertFails(FailureKind.REFUSED, call);
            assertThatThrownBy(call).hasMessageContaining(why);
        }
    }
}
