package org.strongroom.tests.trouble.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.sidecar.tier.Containers;
import org.strongroom.sidecar.tier.S3ProxyStore;
import org.strongroom.tests.harness.BadStore;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Trouble;
import org.strongroom.tests.tier.AzuriteServer;

/**
 * A clinic with a disk, a bucket and a container, and every trouble at once: for ten minutes in every build, and then until all of it is
 * proven. {@code -Dsoak.minutes=600} for a night, {@code -Dsoak.debians=all} for every Orthanc, {@code -Dsoak.seed=N} for the same
 * troubles again, as far as threads allow. It begins first of all, as its package is the last by name: whatever else is tested goes on
 * beside it. What is slow on a busy machine is waited for; what is lost or wrong fails at once.
 */
class SoakIT {
    private static final Duration TIME =
            Duration.ofMillis((long) (60_000 * Double.parseDouble(System.getProperty("soak.minutes", "10"))));
    private static final long SEED = Long.getLong("soak.seed", new Random().nextLong());
    /** Images of one sender in the whole time: what is kept must fit into this machine. */
    private static final int IMAGES = 3_000;
    /** The same of a short one, which is about the troubles: to read every image of it back, four times, takes as long as they do. */
    private static final int FEW = 150;
    /** Between two images of one sender, but for a short one and for one of nights. */
    private static final Duration PACE = Duration.ofSeconds(4);
    /** What a machine that does five other things as well may take for what it does in seconds alone. */
    private static final Duration BUSY = Duration.ofMinutes(20);

    /** From this long on everything has to have happened at least once. */
    private static final Duration LONG = Duration.ofMinutes(8);

    private static final int FEW_IMAGES = 50;
    private static final String FALSE_RECEIPT = "gave a receipt for it and does not hold it";

    private static final List<String> TIERS = List.of("offsite", "cloud", "az");

    private static final Path DECRYPTOR = Project.root().resolve("docs/decryptor/strongroom-decrypt.py");

    static List<Debian> debians() {
        return System.getProperty("soak.debians", "").equals("all") ? List.of(Debian.values()) : List.of(Debian.TRIXIE);
    }

    @ParameterizedTest
    @MethodSource("debians")
    void whateverHappensEveryAcknowledgedImageIsInEveryTier(Debian debian) throws Exception {
        System.out.println("soak: " + TIME + " with -Dsoak.seed=" + SEED);
        Acknowledged acknowledged = new Acknowledged();
        try (S3ProxyStore bucket = new S3ProxyStore("soak");
                AzuriteServer azurite = new AzuriteServer();
                BadStore line = new BadStore(bucket.endpoint());
                BadStore other = new BadStore(azurite.endpoint());
                Clinic clinic = new Clinic(debian).patient(BUSY)) {
            Path credentials = bucket.credentialsFile(clinic.scratch().folder("bucket"));
            clinic.bucket("cloud", "soak", line.endpoint(), credentials);
            AzureSettings container = Containers.whole(azurite.make("soak"));
            clinic.container(
                    "az",
                    "soak",
                    AzuriteServer.ACCOUNT,
                    AzuriteServer.endpoint(other.endpoint().getPort()),
                    azurite.keyFile());
            clinic.setup()
                    .strongroom("Pack", JsonNodeFactory.instance.objectNode().put("Quiet", "3 s"))
                    .strongroom("Read", JsonNodeFactory.instance.objectNode().put("Deadline", "8 s"));
            Trouble trouble = Trouble.expectedBy(clinic);
            OrthancProcess orthanc = clinic.start();
            Traffic traffic = new Traffic(orthanc, acknowledged);
            Mishaps mishaps = new Mishaps(clinic, orthanc, List.of(line, other), trouble);

            Hands hands = new Hands(SEED, TIME);
            traffic.add(hands, pace());
            mishaps.add(hands);
            hands.await();
            System.out.println("soak: " + traffic.summary() + "; " + mishaps.summary());
            if (TIME.compareTo(LONG) >= 0) {
                assertThat(acknowledged.ids()).hasSizeGreaterThan(FEW_IMAGES);
                assertThat(mishaps.kinds()).contains("sidecar killed", "disk unplugged", "clock jumped", "evictions");
            }

            mishaps.over();
            settle(clinic);
            awaitNone(clinic, () -> Stream.of(bucket.uploads(), Containers.uploads(container), halves(clinic))
                    .flatMap(List::stream)
                    .toList());
            int settled = Math.toIntExact(Files.size(log(clinic)));
            Set<String> whole = readEverythingCold(clinic, orthanc, acknowledged);
            clinic.cli("fsck", "--deep").orFail();
            byte[] logged = Files.readAllBytes(log(clinic));
            assertThat(new String(logged, settled, logged.length - settled, StandardCharsets.UTF_8))
                    .as("no copy that was received is missed any more")
                    .doesNotContain(" CORRUPT: ");

            orthanc.stop();
            clinic.endSidecars();
            Path key = clinic.scratch().path().resolve("root-key");
            Path downloaded = clinic.scratch().folder("downloaded");
            bucket.download(downloaded);
            Path blobs = clinic.scratch().folder("blobs");
            Containers.download(container, blobs);
            for (Path tier : List.of(clinic.tier("offsite"), downloaded, blobs)) {
                assertThat(decrypted(clinic, tier, key))
                        .as("what %s gives alone", tier)
                        .containsAll(whole);
            }
        }
    }

    private static Duration pace() {
        Duration few = TIME.dividedBy(FEW);
        Duration many = TIME.dividedBy(IMAGES);
        Duration pace = few.compareTo(PACE) < 0 ? few : PACE;
        return pace.compareTo(many) < 0 ? many : pace;
    }

    /** The last troubles are mended, by themselves or as a person would, and everything has its receipts. */
    private static void settle(Clinic clinic) {
        clinic.sidecar()
                .ifPresent(ProcessHandle::destroyForcibly); // and the next one cleans up behind all its forerunners
        AtomicBoolean wrong = new AtomicBoolean();
        await().atMost(BUSY)
                .pollInterval(Duration.ofSeconds(2))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    clinic.awaitSidecar();
                    clinic.cli("ship", "--now", "--timeout", "60 s").orFail();
                    if (clinic.cli("fsck").toString().contains(FALSE_RECEIPT)) { // which the repair would mend
                        wrong.set(true);
                    }
                    // An Orthanc that was killed may have stored what it never came to know.
                    clinic.cli("fsck", "--repair", "--yes").orFail();
                    JsonNode status = clinic.status();
                    assertThat(status.at("/backlog/instances").asLong(-1)).isZero();
                    for (String tier : TIERS) {
                        assertThat(status.at("/tiers/" + tier + "/queued").asLong(-1))
                                .isZero();
                        assertThat(status.at("/tiers/" + tier + "/damaged").asLong(-1))
                                .isZero();
                    }
                    assertThat(status.at("/problems")).isEmpty();
                });
        assertThat(wrong).as("a receipt of what the tier does not hold").isFalse();
    }

    private static Path log(Clinic clinic) {
        return clinic.home().resolve("run/sidecar.log");
    }

    private static List<String> halves(Clinic clinic) {
        return ClearText.files(clinic.tier("offsite")).stream()
                .map(Path::toString)
                .filter(file -> file.contains("/.uploads/"))
                .toList();
    }

    /**
     * Returns when no upload is left that leads nowhere. A store may have begun one whose answer came too late; each life of a sidecar
     * clears up behind those before it.
     */
    private static void awaitNone(Clinic clinic, Supplier<List<String>> uploads) {
        await().atMost(BUSY)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    List<String> left = uploads.get();
                    if (!left.isEmpty()) {
                        clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly);
                    }
                    assertThat(left).as("uploads that lead nowhere").isEmpty();
                });
    }

    /** What Orthanc gives when nothing is left on this machine: the digests of the images. */
    private static Set<String> readEverythingCold(Clinic clinic, OrthancProcess orthanc, Acknowledged acknowledged) {
        await().atMost(BUSY) // a tier may be too slow to confirm its copy
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> clinic.cli("evict", "--all").status() == 0);
        Set<String> whole = new HashSet<>();
        for (String id : acknowledged.ids()) {
            byte[] image = read(orthanc.rest(), id);
            assertThat(acknowledged.isRight(id, image)).as("image %s", id).isTrue();
            whole.add(Acknowledged.digest(image));
        }
        assertThat(whole).hasSameSizeAs(acknowledged.ids()).isNotEmpty();
        return whole;
    }

    /** An image that does not come in time is asked for again, as viewers do; any other answer than its bytes is a loss. */
    private static byte[] read(Rest rest, String id) {
        HttpResponse<byte[]> answer = await().atMost(BUSY)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(UncheckedIOException.class)
                .until(() -> rest.send("GET", "/instances/" + id + "/file", null), got -> got.statusCode() != 503);
        assertThat(answer.statusCode()).as("image %s", id).isEqualTo(200);
        return answer.body();
    }

    private static Set<String> decrypted(Clinic clinic, Path tier, Path key) {
        Path out = clinic.scratch().path().resolve("from-" + tier.getFileName());
        Command.of("/usr/bin/python3", DECRYPTOR, tier, "--key", key, "--out", out)
                .within(Duration.ofMinutes(5).plus(TIME))
                .run()
                .orFail();
        return ClearText.files(out).stream()
                .filter(file -> file.toString().endsWith(".dcm"))
                .map(SoakIT::digest)
                .collect(Collectors.toSet());
    }

    private static String digest(Path file) {
        try {
            return Acknowledged.digest(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
