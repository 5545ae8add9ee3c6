package org.strongroom.tests.tiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.tier.AzuriteServer;

/** A clinic whose only tier is a container, on Azurite: its bad day. That what is in it comes back, {@link EveryDoorIT} shows. */
class AzureIT {
    private static AzuriteServer azurite;
    private static int containers;

    @BeforeAll
    static void start() {
        azurite = new AzuriteServer();
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void aStoreThatDiesWhileItIsShippedToIsShippedToWhenItIsBack(Debian debian) {
        List<byte[]> slices = Samples.ct(20);
        try (Clinic clinic = inTheContainer(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            azurite.stop();
            try {
                assertThat(clinic.cli("ship", "--now", "--timeout", "8 s").status())
                        .isNotZero();
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> !clinic.status().at("/tiers/az/healthy").asBoolean(true));
                assertThat(orthanc.rest().file(ids.get(0))).isEqualTo(slices.get(0));
            } finally {
                azurite.start();
            }
            clinic.makeCold();
            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
            clinic.cli("verify", "--all").orFail();
            assertThat(clinic.cli("doctor").output())
                    .contains("tier az is a store that gives less than some: versions not kept")
                    .doesNotContain("tier az cannot be used", "gives other bytes", "be deleted");
        }
    }

    private static Clinic inTheContainer(Debian debian) {
        String container = "clinic-" + ++containers;
        AzureSettings made = azurite.make(container);
        return new Clinic(debian)
                .onlyContainer("az", container, AzuriteServer.ACCOUNT, made.address(), azurite.keyFile());
    }
}
