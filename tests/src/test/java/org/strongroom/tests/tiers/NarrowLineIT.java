package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.sidecar.tier.S3ProxyStore;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.NarrowLine;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.tier.AzuriteServer;

/** A clinic behind 512 kbit/s that lose one packet in a hundred: the kernel's own, where this machine lets us. */
class NarrowLineIT {
    private static final long BYTES_PER_SECOND = 512_000 / 8;
    private static final int MEBIBYTES = Integer.getInteger("narrow.mebibytes", 6);
    /** Between two cuts. */
    private static final int SECONDS = Integer.getInteger("narrow.seconds", 45);

    private static final Duration OUTAGE = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofSeconds(120 + MEBIBYTES * 60L);

    @Test
    void everythingIsShippedAndWhoReadsDoesNotWaitForIt() throws Exception {
        assumeLine();
        try (S3ProxyStore bucket = new S3ProxyStore("narrow");
                NarrowLine line = NarrowLine.to(bucket.endpoint());
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Path credentials = bucket.credentialsFile(clinic.scratch().folder("bucket"));
            clinic.onlyBucket("cloud", "narrow", line.endpoint(), credentials);
            clinic.setup()
                    .strongroom("Pack", JsonNodeFactory.instance.objectNode().put("Quiet", "1 s"))
                    .configuration()
                    .withObject("/Strongroom/Tiers/cloud/S3")
                    .put("Insecure", true);
            OrthancProcess orthanc = clinic.start();
            Map<String, byte[]> sent = new HashMap<>();
            byte[] old = Samples.otherStudy();
            String opened = orthanc.rest().upload(old);
            sent.put(opened, old);
            clinic.awaitSidecar();
            clinic.makeCold();

            for (int instance = 1; instance <= 4; instance++) {
                byte[] image = noise(instance);
                sent.put(orthanc.rest().upload(image), image);
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> !bucket.uploads().isEmpty());
            assertThat(orthanc.rest().file(opened)).isEqualTo(old);
            assertThat(clinic.status().at("/backlog/instances").asLong())
                    .as("images that still wait after somebody read")
                    .isPositive();
            clinic.cli("ship", "--now", "--timeout", "4 min").orFail();
            assertThat(clinic.status().at("/line/bytesPerSecond").asLong())
                    .as("what was measured of the line, whose queue takes some of it in a burst")
                    .isBetween(1L, 4 * BYTES_PER_SECOND);
            clinic.cli("evict", "--all").orFail();
            sent.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
            assertThat(bucket.uploads()).isEmpty();
        }
    }

    /**
     * {@code -Dnarrow.mebibytes=200 -Dnarrow.seconds=90} for the hour that one long loop takes on a line that somebody keeps cutting;
     * {@code -Dnarrow.store=bucket} for one whose parts cannot be small.
     */
    @Test
    void whatALineCarriesThatIsCutAgainAndAgainIsSentAlmostOnce() throws Exception {
        assumeLine();
        if (System.getProperty("narrow.store", "container").equals("bucket")) {
            intoABucket();
        } else {
            intoAContainer();
        }
    }

    private static void intoAContainer() throws Exception {
        try (AzuriteServer azurite = new AzuriteServer();
                NarrowLine line = NarrowLine.to(azurite.endpoint());
                Clinic clinic = new Clinic(Debian.TRIXIE).patient(LONGEST)) {
            azurite.make("narrow");
            clinic.onlyContainer(
                    "cloud",
                    "narrow",
                    AzuriteServer.ACCOUNT,
                    line.endpoint().resolve("/" + AzuriteServer.ACCOUNT),
                    azurite.keyFile());
            isSentAlmostOnce(clinic, "Azure", line);
        }
    }

    private static void intoABucket() throws Exception {
        try (S3ProxyStore bucket = new S3ProxyStore("narrow");
                NarrowLine line = NarrowLine.to(bucket.endpoint());
                Clinic clinic = new Clinic(Debian.TRIXIE).patient(LONGEST)) {
            Path credentials = bucket.credentialsFile(clinic.scratch().folder("bucket"));
            clinic.onlyBucket("cloud", "narrow", line.endpoint(), credentials);
            isSentAlmostOnce(clinic, "S3", line);
        }
    }

    private static void isSentAlmostOnce(Clinic clinic, String kind, NarrowLine line) throws Exception {
        clinic.setup()
                .strongroom("Pack", JsonNodeFactory.instance.objectNode().put("Quiet", "1 s"))
                .configuration()
                .withObject("/Strongroom/Tiers/cloud/" + kind)
                .put("Insecure", true);
        OrthancProcess orthanc = clinic.start();
        clinic.awaitSidecar();
        byte[] loop = noise(1, MEBIBYTES * 256, 2048);
        long before = line.carried();
        String id = orthanc.rest().upload(loop);
        AtomicInteger cuts = new AtomicInteger();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try { // by a clock of their own: however long anything takes here, they are regular
            ScheduledFuture<?> cutting =
                    clock.scheduleAtFixedRate(() -> cut(line, cuts), SECONDS, SECONDS, TimeUnit.SECONDS);
            await().atMost(LONGEST)
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> received(clinic) >= loop.length / 2);
            assertThat(cutting.isDone()).as("has stopped cutting").isFalse();
        } finally {
            clock.shutdown(); // a cut that has begun is mended
            assertThat(clock.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        double carried = line.carried() - before;
        double bytes = received(clinic);
        System.out.printf(
                "narrow line to %s: %d cuts, %.3f times the pack of %.0f bytes%n",
                kind, cuts.get(), carried / bytes, bytes);
        assertThat(cuts).hasPositiveValue();
        // The first part is of half a minute, and lost if it is met; those behind the first cut are of two seconds.
        // Of little either is much.
        assertThat(carried / bytes).isLessThan(MEBIBYTES < 100 ? 2 : 1.03);
        if (MEBIBYTES < 20) { // else another hour
            clinic.cli("evict", "--all").orFail();
            assertThat(orthanc.rest().file(id)).isEqualTo(loop);
        }
    }

    private static void cut(NarrowLine line, AtomicInteger cuts) {
        try {
            line.cut(OUTAGE);
            cuts.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // no more cuts: what is counted tells
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assumeLine() {
        Optional<String> obstacle = NarrowLine.obstacle();
        obstacle.ifPresent(
                reason -> System.out.println("narrow line: not run, because this machine has none: " + reason));
        assumeTrue(obstacle.isEmpty(), "no narrow line on this machine");
    }

    private static long received(Clinic clinic) {
        return clinic.status().at("/tiers/cloud/bytes").asLong();
    }

    /** Half a megabyte that nothing makes smaller, in one series for each. */
    private static byte[] noise(int instance) {
        return noise(instance, 512, 512);
    }

    private static byte[] noise(int instance, int rows, int columns) {
        byte[] image = SyntheticDicom.ct()
                .study("2.25.88")
                .series("2.25.88." + instance)
                .sop("2.25.88." + instance + ".1")
                .size(rows, columns)
                .toBytes();
        byte[] noise = new byte[rows * columns * 2];
        new Random(instance).nextBytes(noise);
        System.arraycopy(noise, 0, image, image.length - noise.length, noise.length);
        return image;
    }
}
