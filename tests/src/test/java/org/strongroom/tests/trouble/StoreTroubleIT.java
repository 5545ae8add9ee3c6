package org.strongroom.tests.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.BadStore;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.tier.CephServer;

/**
 * A store on a bad day: nothing is called shipped that is not, nothing wrong is shown, and a good day mends it. {@code
 * -Dabuse.days=all} for every kind of error answer.
 */
class StoreTroubleIT {
    private static CephServer ceph;

    @BeforeAll
    static void start() {
        ceph = new CephServer();
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    static Set<BadStore.Day> days() {
        Set<BadStore.Day> days =
                EnumSet.complementOf(EnumSet.of(BadStore.Day.GOOD, BadStore.Day.SLOW, BadStore.Day.TRICKLING));
        if (!System.getProperty("abuse.days", "").equals("all")) {
            // They take the same way as FORBIDDEN and BUSY do.
            days.removeAll(EnumSet.of(BadStore.Day.NOT_FOUND, BadStore.Day.BUCKET_DELETED, BadStore.Day.FAILING));
        }
        return days;
    }

    /** What a person reads in the status while a store refuses or fails, and that it is gone when the store is well again. */
    @Test
    void isNamedInTheStatusUntilItIsOver() {
        Map<BadStore.Day, String> texts = new LinkedHashMap<>(); // one after the other with another text
        texts.put(BadStore.Day.FORBIDDEN, "the store refuses this operation");
        texts.put(BadStore.Day.BUCKET_DELETED, "the bucket does not exist");
        texts.put(BadStore.Day.FAILING, "the store cannot answer now");
        texts.put(BadStore.Day.TRUNCATING, "the connection to the store broke");
        texts.put(BadStore.Day.BUSY, "the store cannot answer now");
        texts.put(BadStore.Day.CUTTING, "the connection to the store broke");
        texts.put(BadStore.Day.SILENT, "the store is silent"); // which is sure after three minutes
        Buckets.make(ceph.endpoint(), ceph.credentials(), "named");
        try (BadStore store = new BadStore(ceph.endpoint());
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.onlyBucket("cloud", "named", store.endpoint(), ceph.credentialsFile());
            OrthancProcess orthanc = clinic.start();
            byte[] image = Samples.ct(1).get(0);
            String id = orthanc.rest().upload(image);
            texts.forEach((day, text) -> {
                store.day(day);
                assertThat(clinic.cli("ship", "--now", "--timeout", "3 s").status())
                        .isNotZero();
                await().atMost(Duration.ofMinutes(6))
                        .untilAsserted(() -> assertThat(clinic.status().toString())
                                .as("status while the store is %s", day)
                                .contains(text)
                                .contains("\"healthy\":false"));
            });
            store.day(BadStore.Day.GOOD);
            clinic.makeCold();
            assertThat(clinic.status().at("/tiers/cloud/healthy").asBoolean()).isTrue();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(clinic.status().at("/problems")).isEmpty());
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
        }
    }

    /** Neither connections that say nothing nor a byte a second hold up who has nothing to do with that store. */
    @Test
    void holdsUpNeitherNewImagesNorReadersOfAnotherTier() {
        Buckets.make(ceph.endpoint(), ceph.credentials(), "stuck");
        try (BadStore store = new BadStore(ceph.endpoint());
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.bucket("cloud", "stuck", store.endpoint(), ceph.credentialsFile());
            clinic.setup()
                    .strongroom("Copies", new ObjectMapper().getNodeFactory().numberNode(1));
            ObjectNode tiers = clinic.setup().configuration().withObject("/Strongroom/Tiers");
            tiers.set("offsite", tiers.remove("offsite")); // behind the store, which readers ask first
            OrthancProcess orthanc = clinic.start();
            List<byte[]> images = Samples.oneSliceSeries(6);
            Map<String, byte[]> sent = new HashMap<>();
            images.subList(0, 2).forEach(image -> sent.put(orthanc.rest().upload(image), image));
            clinic.makeCold();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> clinic.status().at("/tiers/cloud/queued").asLong(-1) == 0);
            int next = 2;
            for (BadStore.Day day : List.of(BadStore.Day.SILENT, BadStore.Day.TRICKLING)) {
                store.day(day);
                for (byte[] image : images.subList(next, next + 2)) {
                    sent.put(orthanc.rest().upload(image), image);
                }
                clinic.makeCold();
                sent.forEach((id, image) -> assertThat(orthanc.rest().file(id))
                        .as("while the store is " + day)
                        .isEqualTo(image));
                assertThat(clinic.status().at("/tiers/cloud/queued").asLong()).isPositive();
                next += 2;
            }
            store.day(BadStore.Day.GOOD);
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> clinic.status().at("/tiers/cloud/queued").asLong(-1) == 0);
        }
    }

    /** Orthanc's threads are for everybody: who would be one too many to wait for an evicted image is told so at once, and nobody else is. */
    @Test
    void letsNoMoreReadersWaitThanHalfOfOrthancsThreads() throws Exception {
        Buckets.make(ceph.endpoint(), ceph.credentials(), "waiting");
        try (BadStore store = new BadStore(ceph.endpoint());
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.onlyBucket("cloud", "waiting", store.endpoint(), ceph.credentialsFile());
            clinic.setup().set("HttpThreadsCount", "4");
            int viewer = clinic.viewerPort();
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            List<byte[]> images = Samples.oneSliceSeries(4);
            List<String> ids = images.subList(0, 3).stream().map(rest::upload).toList();
            clinic.makeCold();
            store.day(BadStore.Day.SILENT);
            List<CompletableFuture<Integer>> waiting = ids.subList(0, 2).stream()
                    .map(id -> CompletableFuture.supplyAsync(() -> read(rest, id)))
                    .toList();
            await().pollDelay(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> read(rest.patience(Duration.ofSeconds(2)), ids.get(2)) == 503);
            Path moved = clinic.scratch().folder("moved");
            assertThatThrownBy(() -> Dcmtk.moveSeries(
                            orthanc, Samples.STUDY, List.of(Samples.STUDY + ".7.3"), "VIEWER", viewer, moved))
                    .as("a C-MOVE of what cannot be had says so")
                    .hasMessageContaining("exit status")
                    .hasMessageContaining("movescu");
            assertThat(waiting).as("those that may wait").noneMatch(CompletableFuture::isDone);
            String here = rest.upload(images.get(3));
            assertThat(rest.file(here)).isEqualTo(images.get(3));

            store.day(BadStore.Day.GOOD);
            for (CompletableFuture<Integer> one : waiting) {
                assertThat(one.get(2, TimeUnit.MINUTES)).isEqualTo(200);
            }
            assertThat(Dcmtk.move(orthanc, Samples.STUDY, "VIEWER", viewer, moved))
                    .hasSize(4);
            assertThat(ids.stream().map(rest::file).toList()).containsExactlyElementsOf(images.subList(0, 3));
        }
    }

    /** The status of a read; 0 if this client did not wait for it. */
    private static int read(Rest rest, String id) {
        try {
            return rest.send("GET", "/instances/" + id + "/file", null).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    /** One day after the other, for one clinic. */
    @Test
    void losesNothing() {
        Buckets.make(ceph.endpoint(), ceph.credentials(), "bad");
        try (BadStore store = new BadStore(ceph.endpoint());
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.onlyBucket("cloud", "bad", store.endpoint(), ceph.credentialsFile());
            clinic.setup()
                    .strongroom("Read", new ObjectMapper().createObjectNode().put("Deadline", "3 s"));
            OrthancProcess orthanc = clinic.start();
            Map<String, byte[]> all = new LinkedHashMap<>();
            for (BadStore.Day day : days()) {
                losesNothing(clinic, orthanc.rest(), store, day, all);
            }
            clinic.makeCold();
            all.forEach((id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
        }
    }

    /** @param all images by Orthanc's ids; those of the day are added */
    private static void losesNothing(
            Clinic clinic, Rest rest, BadStore store, BadStore.Day day, Map<String, byte[]> all) {
        List<byte[]> images = Samples.ct(4, Samples.STUDY + ".1" + all.size());
        List<String> ids = images.stream().map(rest::upload).toList();
        for (int i = 0; i < images.size(); i++) {
            all.put(ids.get(i), images.get(i));
        }
        store.day(day);
        assertThat(clinic.cli("ship", "--now", "--timeout", "6 s").status())
                .as("shipped to a store that is " + day)
                .isNotZero();
        clinic.cli("evict", "--all");
        assertThat(clinic.wholeSealedFiles())
                .as("while the store is " + day)
                .hasSizeGreaterThanOrEqualTo(images.size());

        store.day(BadStore.Day.GOOD);
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            clinic.makeCold();
            assertThat(clinic.wholeSealedFiles())
                    .as("a minute after the series DICOMweb stores its metadata")
                    .isEmpty();
        });

        store.day(day);
        HttpResponse<byte[]> cold = rest.send("GET", "/instances/" + ids.get(0) + "/file", null);
        // With cut answers the rest is asked for until it is there.
        assertThat(cold.statusCode()).as("while the store is " + day).isIn(200, 422, 503);
        if (cold.statusCode() == 200) {
            assertThat(cold.body()).isEqualTo(images.get(0));
        }

        store.day(BadStore.Day.GOOD);
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(rest.send("GET", "/instances/" + ids.get(0) + "/file", null)
                                .statusCode())
                        .as("after the store was " + day)
                        .isEqualTo(200));
        assertThat(ids.stream().map(rest::file).toList())
                .as("after the store was " + day)
                .containsExactlyElementsOf(images);
    }
}
