package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.storage.StorageFixture;

/** Two people, one plan, remembered across processes. */
class ApprovalsTest {
    private static final Instant NOW = Instant.parse("2030-06-01T12:00:00Z");
    private static final Consent ROE = new Consent("Dr. Roe", "law", NOW);
    private static final Consent DOE = new Consent("Dr. Doe", "checked", NOW.plusSeconds(60));
    private static final UUID KEY = UUID.randomUUID();

    @TempDir
    Path folder;

    private StorageFixture open;

    @BeforeEach
    void open() throws IOException {
        open = StorageFixture.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        open.close();
    }

    private Approvals read() throws IOException {
        return Approvals.read(open.home, open.keyring);
    }

    private static PlannedStudy study(UUID key, Fate fate, String until) {
        return new PlannedStudy(key, "1.2.3", "clinic", 1, 1, fate, until, List.of(), List.of(), List.of(), null);
    }

    private static final List<PlannedStudy> PLAN =
            List.of(study(KEY, Fate.DUE, "2030-01-01"), study(UUID.randomUUID(), Fate.KEPT, "2040-01-01"));

    @Test
    void aPlansNameIsOfWhatIsDue() {
        String digest = Approvals.digest(PLAN);
        assertThat(digest).matches("[0-9a-f]{32}");
        assertThat(Approvals.digest(List.of(PLAN.get(1), PLAN.get(0)))).isEqualTo(digest);
        assertThat(Approvals.digest(List.of(PLAN.get(0))))
                .as("only what is due")
                .isEqualTo(digest);
        assertThat(Approvals.digest(List.of(study(KEY, Fate.DUE, "2030-01-02"))))
                .isNotEqualTo(digest);
        assertThat(Approvals.digest(List.of(study(UUID.randomUUID(), Fate.DUE, "2030-01-01"))))
                .isNotEqualTo(digest);
        assertThat(Approvals.digest(List.of(study(KEY, Fate.HELD, "2030-01-01"))))
                .isNotEqualTo(digest);
    }

    @Test
    void twoPeopleHaveToApproveAndEitherMayTakeItBack() throws IOException {
        assertThat(read().all()).isEmpty();
        String digest = read().approve(PLAN, ROE).digest();
        Approval first = read().open(digest).orElseThrow();
        assertThat(first.keys()).containsExactly(KEY);
        assertThat(first.from(Duration.ZERO)).isEmpty();
        Consent again = new Consent(" dr. roe", "me too", NOW);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> read().agree(first, again))
                .matches(e -> e.kind() == FailureKind.REFUSED);
        read().agree(first, DOE);
        Approval second = read().open(digest).orElseThrow();
        assertThat(second.from(Duration.ofDays(30))).contains(DOE.at().plus(Duration.ofDays(30)));
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> read().agree(second, new Consent("Dr. Poe", "me too", NOW)));
        assertThat(second.order().owner()).isEqualTo("Dr. Roe");
        assertThat(second.agreement().owner()).isEqualTo("Dr. Doe");
        assertThat(second.agreement().reason()).contains(digest).endsWith("checked");

        read().hand(digest, new Approval.Handed(UUID.randomUUID(), List.of(KEY), NOW));
        read().undo(read().open(digest).orElseThrow(), ROE);
        assertThat(read().open(digest)).isEmpty();
        assertThat(read().all().get(0).from(Duration.ZERO)).isEmpty();
        read().approve(PLAN, DOE);
        assertThat(read().open(digest).orElseThrow().second())
                .as("both have to anew")
                .isNull();
        assertThat(read().handedBefore(NOW)).as("counts on").isEqualTo(1);
    }

    @Test
    void whatWasHandedOverCountsForADay() throws IOException {
        String digest = read().approve(PLAN, ROE).digest();
        read().hand(digest, new Approval.Handed(UUID.randomUUID(), List.of(KEY), NOW));
        assertThat(read().handedBefore(NOW.plus(Duration.ofHours(23)))).isEqualTo(1);
        assertThat(read().handedBefore(NOW.plus(Duration.ofHours(24)))).isZero();
    }

    @Test
    void aReasonThatWouldNotFitIsRefusedAtOnce() {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> new Consent("Dr. Roe", "x".repeat(290), NOW));
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> new Consent(" ", "law", NOW));
    }

    @Test
    void nobodyReadsItAndADamagedFileApprovesNothing() throws IOException {
        read().approve(PLAN, ROE);
        Path file = open.home.retention().resolve("approvals.strs");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .doesNotContain("Dr. Roe")
                .doesNotContain(KEY.toString());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(this::read)
                .matches(e -> e.kind() == FailureKind.CORRUPT && !e.cure().isEmpty());
    }
}
