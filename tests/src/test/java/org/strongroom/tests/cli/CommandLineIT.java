package org.strongroom.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Samples;

/** Names that scripts outside the project rely on, and exit statuses that tell the truth. */
@Tag("unproven")
class CommandLineIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void statusCountsWhatIsWhere(Debian debian) {
        List<byte[]> slices = Samples.ct(5);
        long raw = slices.stream().mapToLong(slice -> slice.length).sum();
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            slices.forEach(orthanc.rest()::upload);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();

            JsonNode status = clinic.status();
            assertThat(status.at("/backlog/instances").asLong(-1)).isZero();
            assertThat(status.at("/backlog/bytes").asLong(-1)).isZero();
            assertThat(status.at("/stored/rawBytes").asLong()).isEqualTo(raw);
            assertThat(status.at("/stored/tierBytes").asLong()).isBetween(1L, raw);
            assertThat(status.at("/local/bytes").asLong()).isBetween(1L, raw);
            assertThat(status.at("/tiers/offsite/healthy").asBoolean()).isTrue();

            clinic.cli("evict", "--all").orFail();
            assertThat(clinic.status().at("/local/bytes").asLong())
                    .isLessThan(status.at("/local/bytes").asLong());
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void verifyOpensEverythingFromTheTiersAndFailsWithoutKeys(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(5).forEach(orthanc.rest()::upload);
            clinic.makeCold();

            clinic.cli("verify", "--all").orFail();
            Files.delete(clinic.scratch().path().resolve("passphrase"));
            assertThat(clinic.cli("verify", "--all").status()).isNotZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void verifyFindsOneChangedBit(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            OrthancProcess orthanc = clinic.start();
            Samples.ct(3).forEach(orthanc.rest()::upload);
            clinic.cli("ship", "--now", "--timeout", "120 s").orFail();
            try (var packs = Files.walk(clinic.tier("offsite").resolve("packs"))) {
                var pack = packs.filter(Files::isRegularFile).findFirst().orElseThrow();
                byte[] bytes = Files.readAllBytes(pack);
                bytes[bytes.length / 2] ^= 4;
                Files.write(pack, bytes);
            }

            assertThat(clinic.cli("verify", "--all").status()).isNotZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void statusFailsWithWordsWhenNothingRuns(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().write();
            var result = clinic.cli("status", "--json", "--timeout", "5 s");

            assertThat(result.status()).isNotZero();
            assertThat(result.errors()).isNotBlank().doesNotContain("\tat ");
        }
    }
}
