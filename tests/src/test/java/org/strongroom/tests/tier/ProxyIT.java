package org.strongroom.tests.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.core.settings.ProxySettings;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.sidecar.tier.AzureTier;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.sidecar.tier.S3Tier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Uplink;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** A network that lets nothing out but through its proxy. */
class ProxyIT {
    @TempDir
    static Path folder;

    private static CephServer ceph;

    @BeforeAll
    static void start() {
        ceph = new CephServer();
        Buckets.make(ceph.endpoint(), ceph.credentials(), "clinic");
    }

    @AfterAll
    static void stop() {
        ceph.close();
    }

    @Test
    void aClinicShipsAndOpensThroughItAndWaitsWhileItIsGone() {
        List<byte[]> images = Samples.ct(4);
        try (HttpProxy proxy = new HttpProxy("strongroom", "passed").start();
                Clinic clinic = new Clinic(Debian.TRIXIE)) {
            clinic.onlyBucket("cloud", "clinic", ceph.endpoint(), ceph.credentialsFile());
            ObjectNode bucket = clinic.setup().configuration().withObject("/Strongroom/Tiers/cloud/S3");
            Path login = clinic.scratch().file("proxy", "strongroom:passed\n".getBytes(StandardCharsets.UTF_8));
            bucket.putObject("Proxy")
                    .put("Address", proxy.address().toString())
                    .put("CredentialsFile", login.toString());
            OrthancProcess orthanc = clinic.start();
            List<String> ids =
                    images.subList(0, 3).stream().map(orthanc.rest()::upload).toList();
            clinic.makeCold();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(images.subList(0, 3));
            assertThat(proxy.requests()).contains("PUT " + ceph.endpoint() + "/clinic/", "GET " + ceph.endpoint());

            proxy.kill();
            String last = orthanc.rest().upload(images.get(3));
            assertThat(clinic.cli("ship", "--now", "--timeout", "5 s").errors()).contains("no connection to the store");
            proxy.start();
            clinic.makeCold();
            assertThat(orthanc.rest().file(last)).isEqualTo(images.get(3));
            assertThat(orthanc.log()).doesNotContain("strongroom:passed");
        }
    }

    @Test
    void azureAsWell() throws IOException {
        Path login = Files.writeString(folder.resolve("azure-login"), "strongroom:passed");
        try (AzuriteServer azurite = new AzuriteServer();
                HttpProxy proxy = new HttpProxy("strongroom", "passed").start()) {
            AzureSettings straight = azurite.make("clinic");
            AzureSettings settings = new AzureSettings(
                    straight.container(),
                    straight.endpoint(),
                    straight.account(),
                    straight.keyFile(),
                    straight.deleterKeyFile(),
                    straight.accessTier(),
                    straight.prefix(),
                    Optional.of(new ProxySettings(proxy.address(), Optional.of(login))),
                    false);
            try (Tier tier = AzureTier.open("cloud", settings, Uplink.unlimited(), Clock.systemUTC())) {
                tier.put("there", new byte[1000]);
                assertThat(tier.head("there")).isPresent();
            }
            assertThat(proxy.requests()).contains("PUT " + azurite.endpoint() + "/clinic/");
        }
    }

    /** A store by https is reached by CONNECT: what comes then is the store's own TLS, which this one does not have. */
    @Test
    void theProxyIsToldWhoWeAreAndWhatItRefusesIsNotTheStores() throws IOException {
        URI secure = URI.create("https://127.0.0.1:" + ceph.endpoint().getPort());
        try (HttpProxy proxy = new HttpProxy("strongroom", "passed").start()) {
            assertThatThrownBy(() -> head(secure, proxy, Optional.of("strongroom:passed")))
                    .hasMessageContaining("no trusted TLS connection to the store");
            assertThat(proxy.requests()).contains("CONNECT 127.0.0.1:" + secure.getPort());
            for (URI endpoint : List.of(secure, ceph.endpoint())) {
                for (Optional<String> login : List.of(Optional.of("strongroom:wrong"), Optional.<String>empty())) {
                    assertThatThrownBy(() -> head(endpoint, proxy, login))
                            .isInstanceOfSatisfying(StrongroomException.class, e -> {
                                assertThat(e.text()).isEqualTo("the proxy does not accept the credentials");
                                assertThat(e.cure()).contains("Proxy.CredentialsFile");
                            });
                }
            }
        }
    }

    @Test
    void aFileThatHoldsNoLoginIsSaidToHoldNone() throws IOException {
        ProxySettings odd = new ProxySettings(
                URI.create("http://127.0.0.1:3128"), Optional.of(Files.writeString(folder.resolve("odd"), "secret")));
        S3Settings settings = Buckets.behind(odd, settings(ceph.endpoint()));
        assertThatThrownBy(() -> S3Tier.open("cloud", settings, Uplink.unlimited(), Clock.systemUTC()))
                .hasMessageContaining("holds no credentials")
                .hasMessageNotContaining("secret");
    }

    private static void head(URI endpoint, HttpProxy proxy, Optional<String> login) throws IOException {
        Optional<Path> file = Optional.empty();
        if (login.isPresent()) {
            file = Optional.of(Files.writeString(folder.resolve("login"), login.get()));
        }
        S3Settings settings = Buckets.behind(new ProxySettings(proxy.address(), file), settings(endpoint));
        try (Tier tier = S3Tier.open("cloud", settings, Uplink.unlimited(), Clock.systemUTC())) {
            tier.put("there", new byte[10]);
        }
    }

    private static S3Settings settings(URI endpoint) {
        return Buckets.settings(endpoint, "clinic", ceph.credentialsFile(), "p");
    }
}
