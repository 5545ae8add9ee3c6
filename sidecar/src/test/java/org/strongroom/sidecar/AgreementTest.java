package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AgreementSettings;
import org.strongroom.sidecar.tier.Tier;

/** What goes to a tier follows what is agreed with whoever runs it, from one day to the next. */
class AgreementTest {
    private static final String NAME = "cloud";

    @TempDir
    Path folder;

    /** Holds through so many days from today on; 0 is today alone. */
    private static Optional<AgreementSettings> with(Clinic clinic, int days) {
        LocalDate today = LocalDate.ofInstant(clinic.clock.instant(), ZoneId.systemDefault());
        return Optional.of(new AgreementSettings(
                Optional.of("Acme"),
                Optional.empty(),
                Optional.of(today.plusDays(days)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private Clinic clinic(boolean required, int days) throws Exception {
        Clinic clinic = new Clinic(folder, NAME);
        clinic.store(0).agreement = with(clinic, days);
        clinic.store(0).agreementRequired = required;
        return clinic.open();
    }

    private static Optional<Problem> problem(Clinic clinic) {
        return Optional.ofNullable(clinic.rooms.findings.all(clinic.totals()).get("agreement/" + NAME));
    }

    @Test
    void studies_wait_while_none_holds_and_are_evicted_by_nobody() throws Exception {
        try (Clinic clinic = clinic(true, 0)) {
            UUID before = clinic.spool.study(UUID.randomUUID(), 5_000).get(0);
            clinic.ship();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);

            clinic.clock.advance(Duration.ofDays(1));
            new TestJournal(clinic.home, clinic.installation).holdEnded(UUID.randomUUID(), clinic.clock.instant());
            UUID after = clinic.spool.study(UUID.randomUUID(), 6_000).get(0);
            clinic.ship();
            clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
            assertThat(problem(clinic)).hasValueSatisfying(problem -> assertThat(problem.message())
                    .contains("with Acme", "has ended", "on this machine only"));
            assertThat(clinic.read(before)).as("what is there is read").isEqualTo(clinic.spool.bytes(before));
            assertThat(clinic.read(after)).isEqualTo(clinic.spool.bytes(after));
            assertThat(clinic.store(0).objects("journal/"))
                    .as("no patient's data")
                    .isNotEmpty();

            clinic.store(0).agreement = with(clinic, 365);
            clinic.reopen();
            clinic.ship();
            assertThat(clinic.store(0).objects("packs/")).hasSize(2);
            assertThat(problem(clinic)).isEmpty();
        }
    }

    @Test
    void whoever_brings_studies_is_refused_at_the_last_door() throws Exception {
        try (Clinic clinic = clinic(true, -1)) {
            Tier tier = clinic.rooms.tiers.get(NAME).tier();
            for (String name : new String[] {"packs/a", "heads/a", "snapshots/a", "snapshots/chunks/a"}) {
                assertThatThrownBy(() -> tier.put(name, new byte[1]))
                        .isInstanceOf(StrongroomException.class)
                        .hasMessageContaining("no agreement");
                assertThatThrownBy(() -> tier.begin(name, 1)).hasMessageContaining("no agreement");
            }
            tier.put("keys/a", new byte[1]);
        }
    }

    @Test
    void without_the_setting_it_is_told_and_nothing_waits() throws Exception {
        try (Clinic clinic = clinic(false, -1)) {
            clinic.spool.study(UUID.randomUUID(), 5_000);
            clinic.ship();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
            assertThat(problem(clinic))
                    .hasValueSatisfying(problem ->
                            assertThat(problem.message()).contains("has ended").doesNotContain("no studies"));
        }
    }

    @Test
    void thirty_days_before_somebody_is_told() throws Exception {
        try (Clinic clinic = clinic(true, 30)) {
            assertThat(problem(clinic)).isEmpty();
            clinic.clock.advance(Duration.ofDays(1));
            assertThat(problem(clinic))
                    .hasValueSatisfying(problem -> assertThat(problem.message()).contains("ends after"));
            clinic.spool.study(UUID.randomUUID(), 5_000);
            clinic.ship();
            assertThat(clinic.store(0).objects("packs/")).hasSize(1);
        }
    }
}
