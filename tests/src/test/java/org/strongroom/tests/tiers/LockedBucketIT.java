package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.tier.CephServer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A clinic with a locked bucket, and somebody who has its everyday credentials and worse. */
class LockedBucketIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUCKET = "clinic-locked";

    private static CephServer ceph;

    @BeforeAll
    static void start() {
        ceph = new CephServer();
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @Test
    void nobodyDestroysWhatIsLockedAndItIsPurgedWhenTheLockHasEnded() {
        Buckets.makeLockable(ceph.endpoint(), ceph.credentials(), BUCKET);
        Path adder = ceph.user("adder");
        ceph.allowToAdd(BUCKET, "adder");
        List<byte[]> slices = Samples.ct(3);
        try (S3Client burglar = Buckets.client(ceph.endpoint(), CephServer.credentials(adder));
                S3Client admin = Buckets.client(ceph.endpoint(), ceph.credentials());
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.onlyBucket("cloud", BUCKET, ceph.endpoint(), adder)
                    .lock("cloud", "governance", "90 s", ceph.credentialsFile())
                    .setup()
                    .strongroom("Read", JSON.createObjectNode().put("Deadline", "3 s"))
                    .strongroom("Forget", JSON.createObjectNode().put("Grace", "1 s"));
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();

            List<ObjectVersion> packs = packs(admin);
            assertThat(packs).isNotEmpty();
            for (ObjectVersion pack : packs) {
                assertThatThrownBy(() ->
                                burglar.deleteObject(each -> each.bucket(BUCKET).key(pack.key())))
                        .isInstanceOf(S3Exception.class);
                assertThatThrownBy(() -> admin.deleteObject(
                                each -> each.bucket(BUCKET).key(pack.key()).versionId(pack.versionId())))
                        .isInstanceOf(S3Exception.class);
                admin.deleteObject(each -> each.bucket(BUCKET).key(pack.key())); // it seems gone
            }
            // A reader misses it; the sidecar finds it behind the delete marker.
            assertThat(orthanc.rest()
                            .send("GET", "/instances/" + ids.get(0) + "/file", null)
                            .statusCode())
                    .isIn(422, 503);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                clinic.cli("ship", "--now", "--timeout", "5 s");
                assertThat(clinic.cli("status").output()).contains("hidden by delete markers");
            });
            assertThat(versions(packs(admin))).as("nothing was sent again").isEqualTo(versions(packs));
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);

            ids.forEach(id -> orthanc.rest().delete("/instances/" + id));
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        if (!clinic.cli("status").output().contains("to be purged are locked in tier cloud until")) {
                            clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly); // it purges when it starts
                            clinic.awaitSidecar();
                            Thread.sleep(3_000);
                        }
                        assertThat(clinic.cli("status").output())
                                .contains("to be purged are locked in tier cloud until");
                    });
            assertThat(packs(admin)).hasSameSizeAs(packs);
            await().atMost(Duration.ofSeconds(180))
                    .pollInterval(Duration.ofSeconds(5))
                    .untilAsserted(() -> {
                        clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly);
                        clinic.awaitSidecar();
                        Thread.sleep(3_000);
                        assertThat(packs(admin)).isEmpty();
                    });
            assertThat(clinic.cli("status").output()).doesNotContain("are locked in tier cloud");
        }
    }

    private static List<String> versions(List<ObjectVersion> packs) {
        return packs.stream().map(ObjectVersion::versionId).toList();
    }

    private static List<ObjectVersion> packs(S3Client client) {
        return client.listObjectVersions(each -> each.bucket(BUCKET).prefix("packs/"))
                .versions();
    }
}
