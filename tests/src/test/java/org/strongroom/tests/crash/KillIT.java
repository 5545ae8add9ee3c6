package org.strongroom.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Senders;

/** kill -9 of Orthanc and of the sidecar, at moments that nobody chose. */
class KillIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "SID"})
    void whatOrthancAcknowledgedBeforeTheKillIsThereAfterIt(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Senders senders = new Senders(orthanc, 2);
            try (senders) {
                for (int kill = 0; kill < 3; kill++) {
                    senders.awaitMore(10);
                    orthanc.kill();
                    orthanc.restart();
                }
            }

            senders.assertNothingLost();
            clinic.makeCold();
            senders.assertNothingLost();
        }
    }

    /**
     * {@code -Dabuse.rounds=200} for a long night. Two of five rounds at most kill Orthanc: what it had not written into its index is given back, unless
     * that is more than fifty images and 1 % of all, which looks like an older index. So in a long night somebody runs fsck now and then.
     */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "SID")
    void twentySendersWhileWhoeverRunsIsKilled(Debian debian) {
        int rounds = Integer.getInteger("abuse.rounds", 5);
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KillIT: " + rounds + " rounds, seed " + seed);
        Random random = new Random(seed);
        try (Clinic clinic = new Clinic(debian).patient(Duration.ofSeconds(20L * rounds))) {
            clinic.setup().strongroom("Pack", JSON.createObjectNode().put("Quiet", "1 s"));
            OrthancProcess orthanc = clinic.start();
            Senders senders = new Senders(orthanc, 15, 5);
            try (senders) {
                int killed = 0;
                for (int round = 0; round < rounds; round++) {
                    senders.awaitMore(20);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2000)));
                    boolean killOrthanc = killed < (rounds + 1) / 3 && random.nextBoolean();
                    killed += killOrthanc ? 1 : 0;
                    if (!killOrthanc || random.nextBoolean()) {
                        clinic.sidecar().ifPresent(ProcessHandle::destroyForcibly);
                    }
                    if (killOrthanc) {
                        orthanc.kill();
                        orthanc.restart();
                        if (killed % 3 == 0) {
                            clinic.awaitSidecar();
                            clinic.cli("fsck", "--repair", "--yes");
                        }
                    }
                }
            }

            senders.assertNothingLost();
            clinic.awaitSidecar();
            clinic.cli("fsck", "--repair", "--yes").orFail();
            clinic.makeCold();
            clinic.cli("fsck").orFail();
            clinic.cli("verify", "--all").orFail();
            senders.assertNothingLost();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void shippingGoesOnAfterTheSidecarWasKilledInTheMiddle(Debian debian) {
        List<byte[]> slices = Samples.ct(60);
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            List<String> ids = slices.stream().map(orthanc.rest()::upload).toList();
            for (int kill = 0; kill < 3; kill++) {
                clinic.awaitSidecar();
                clinic.cli("ship", "--now", "--timeout", "1 s");
                clinic.sidecar().ifPresent(sidecar -> {
                    sidecar.destroyForcibly();
                    sidecar.onExit().orTimeout(30, TimeUnit.SECONDS).join(); // else it is taken for the next one
                });
            }
            clinic.awaitSidecar();
            clinic.makeCold();

            assertThat(ids.stream().map(orthanc.rest()::file).toList()).containsExactlyElementsOf(slices);
            List<Path> packs = ClearText.files(clinic.tier("offsite").resolve("packs"));
            long images = packs.stream()
                    .mapToLong(pack -> pack.toFile().length())
                    .max()
                    .orElse(0);
            // What DICOMweb attaches to a series after a minute may be in a small one of its own.
            assertThat(packs)
                    .filteredOn(pack -> pack.toFile().length() > images / 2)
                    .as("no pack was shipped twice")
                    .hasSize(1);
        }
    }
}
