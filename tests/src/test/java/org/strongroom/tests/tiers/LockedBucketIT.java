package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.tier.CephServer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A clinic with a locked bucket, and somebody who has its everyday credentials and worse. */
class LockedBucketIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUCKET = "clinic-locked";
    /** Of {@link Samples#otherPatient}. */
    private static final String WRONG = Samples.STUDY + ".3";

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
                    .lock("cloud", "governance", "180 s", ceph.credentialsFile())
                    .setup()
                    .strongroom("Read", JSON.createObjectNode().put("Deadline", "3 s"))
                    .strongroom("Forget", JSON.createObjectNode().put("Grace", "1 s"))
                    .strongroom(
                            "Retention",
                            JSON.createObjectNode()
                                    .set(
                                            "Approvers",
                                            JSON.createArrayNode()
                                                    .add("Dr. Roe")
                                                    .add("Dr. Doe")));
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.awaitSidecar();
            String wrong = orthanc.rest().upload(Samples.otherPatient());
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
            orthanc.rest().delete("/instances/" + wrong);
            erased(clinic, admin, burglar);
            await().atMost(Duration.ofSeconds(300))
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

    /**
     * What two people erase is PENDING until the last lock has ended, and complete by itself then. Whoever tries to open all that was ever
     * written to the bucket, each version, says the same.
     */
    private static void erased(Clinic clinic, S3Client admin, S3Client owner) {
        Path before = everything(clinic, admin, owner, "before");
        assertThat(studies(clinic, before)).contains(WRONG);
        String[] order = {"shred", "order", "--study", WRONG, "--owner", "Dr. Roe", "--reason", "wrong", "--json"};
        String erasure = Rest.parse(
                        clinic.cli((Object[]) order).orFail().output().getBytes(StandardCharsets.UTF_8))
                .path("erasure")
                .asText();
        clinic.cli("shred", "approve", erasure, "--study", WRONG, "--owner", "Dr. Doe", "--reason", "checked")
                .orFail();
        Path file = clinic.scratch().path().resolve("certificate.json");
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    Command.Result pending = clinic.cli("shred", "certificate", erasure, "--to", file);
                    assertThat(pending.status()).isEqualTo(1);
                    assertThat(pending.output()).contains("PENDING").contains("a pack is locked until 20");
                });
        assertThat(file).doesNotExist();
        assertThat(studies(clinic, everything(clinic, admin, owner, "locked")))
                .as("as PENDING says: a bundle of before is locked as well")
                .contains(WRONG);

        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(clinic.cli("shred", "certificate", erasure, "--to", file)
                                .output())
                        .contains("COMPLETE"));
        clinic.cli("audit", "certificate", file).orFail();
        Path after = everything(clinic, admin, owner, "after");
        assertThat(studies(clinic, after)).doesNotContain(WRONG);
        // Who kept the packs has ciphertext: the keys are in no version of anything.
        ClearText.files(before.resolve("packs")).forEach(pack -> copy(pack, after, before.relativize(pack)));
        assertThat(studies(clinic, after)).doesNotContain(WRONG);
    }

    /**
     * Every version of every object, also of those that a mark hides, as a folder.
     *
     * @param owner who has put them
     */
    private static Path everything(Clinic clinic, S3Client admin, S3Client owner, String name) {
        Path folder = clinic.scratch().path().resolve("bucket-" + name);
        for (String part : List.of("packs/", "keys/", "installation/")) {
            for (ObjectVersion version : admin.listObjectVersions(
                            each -> each.bucket(BUCKET).prefix(part))
                    .versions()) {
                byte[] content = owner.getObjectAsBytes(
                                each -> each.bucket(BUCKET).key(version.key()).versionId(version.versionId()))
                        .asByteArray();
                write(folder.resolve(version.key()), content);
            }
        }
        return folder;
    }

    private static void copy(Path from, Path folder, Path name) {
        try {
            write(folder.resolve(name.toString()), Files.readAllBytes(from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The studies that a program opens which was written from format.md alone. */
    private static Set<String> studies(Clinic clinic, Path tier) {
        Command.Result result = Command.of(
                        "/usr/bin/python3",
                        Project.root().resolve("docs/decryptor/strongroom-decrypt.py"),
                        tier,
                        "--key",
                        clinic.scratch().path().resolve("root-key"),
                        "--list",
                        "--json")
                .run();
        assertThat(result.status() < 2 || result.errors().contains("There is no such pack"))
                .as(result.toString())
                .isTrue();
        return result.output()
                .lines()
                .map(line -> Rest.parse(line.getBytes(StandardCharsets.UTF_8)))
                .map(line -> line.path("study").asText())
                .collect(Collectors.toSet());
    }

    private static List<String> versions(List<ObjectVersion> packs) {
        return packs.stream().map(ObjectVersion::versionId).toList();
    }

    private static List<ObjectVersion> packs(S3Client client) {
        return client.listObjectVersions(each -> each.bucket(BUCKET).prefix("packs/"))
                .versions();
    }
}
