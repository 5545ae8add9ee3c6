package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.tier.CephServer;

/** A clinic whose only tier is a bucket, on a real Ceph: its bad days. That what is in it comes back, {@link EveryDoorIT} shows. */
class S3IT {
    private static CephServer ceph;
    private static int buckets;

    @BeforeAll
    static void start() {
        ceph = new CephServer();
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void aStoreThatDiesWhileItIsShippedToIsShippedToWhenItIsBack(Debian debian) {
        List<byte[]> slices = Samples.ct(20);
        try (Clinic clinic = inTheCloud(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            ceph.kill();
            try {
                assertThat(clinic.cli("ship", "--now", "--timeout", "8 s").status())
                        .isNotZero();
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> !clinic.status().at("/tiers/cloud/healthy").asBoolean(true));
                assertThat(orthanc.rest().file(ids.get(0))).isEqualTo(slices.get(0));
            } finally {
                ceph.start();
            }
            clinic.makeCold();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void credentialsThatAreTakenAwayAreNamedAndLoseNothing(Debian debian) throws Exception {
        byte[] image = Samples.ct(1).get(0);
        try (Clinic clinic = inTheCloud(debian)) {
            OrthancProcess orthanc = clinic.start();
            String id = orthanc.rest().upload(image);
            Path file = clinic.scratch().path().resolve("credentials");
            byte[] right = Files.readAllBytes(file);
            Files.write(
                    file,
                    new String(right, StandardCharsets.UTF_8)
                            .replaceAll("(?m)^(aws_secret_access_key *= *).*$", "$1revoked")
                            .getBytes(StandardCharsets.UTF_8));
            clinic.awaitSidecar();
            Optional<ProcessHandle> sidecar = clinic.sidecar();

            assertThat(clinic.cli("ship", "--now", "--timeout", "20 s").status())
                    .isNotZero();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() ->
                            assertThat(clinic.cli("status").output()).contains("does not accept the credentials"));
            assertThat(orthanc.rest().file(id)).isEqualTo(image);

            Files.write(file, right);
            clinic.makeCold();
            assertThat(orthanc.rest().file(id)).isEqualTo(image);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(clinic.status().at("/problems")).isEmpty());
            assertThat(clinic.sidecar()).as("nobody started it again").isEqualTo(sidecar);
        }
    }

    /** As on AWS itself: the bucket's name is in the host's, the region is not the usual one, the credentials are in the environment. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "BOOKWORM")
    void aBucketByItsHostInAnotherRegionWithCredentialsOfTheEnvironment(Debian debian) {
        List<byte[]> slices = Samples.ct(3);
        try (Clinic clinic = inTheCloud(debian)) {
            String names = "127.0.0.2 localhost\n127.0.0.1 clinic-" + buckets
                    + ".localhost\n" /* nobody listens at the first */;
            Path hosts = clinic.scratch().file("hosts", names.getBytes(StandardCharsets.US_ASCII));
            clinic.setup()
                    .variable("STRONGROOM_INSTEAD", "/etc/hosts:" + hosts)
                    .variable("AWS_ACCESS_KEY_ID", ceph.credentials().accessKeyId())
                    .variable("AWS_SECRET_ACCESS_KEY", ceph.credentials().secretAccessKey());
            clinic.setup()
                    .configuration()
                    .withObject("/Strongroom/Tiers/cloud/S3")
                    .put("Endpoint", "http://localhost:" + ceph.endpoint().getPort())
                    .put("PathStyle", false)
                    .put("Region", "eu-west-3")
                    .remove("CredentialsFile");
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();
            clinic.cli("verify", "--all").orFail();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
            assertThat(orthanc.log()).doesNotContain(ceph.credentials().secretAccessKey());
        }
    }

    private static Clinic inTheCloud(Debian debian) {
        Clinic clinic = new Clinic(debian);
        String bucket = "clinic-" + ++buckets;
        Buckets.make(ceph.endpoint(), ceph.credentials(), bucket);
        return clinic.onlyBucket("cloud", bucket, ceph.endpoint(), ceph.credentialsFile());
    }
}
