package org.strongroom.plugin.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What of a failure stands in Orthanc's log. */
class FailuresTest {

    @Test
    void whatAParserQuotesIsLeftOut() {
        Throwable parsing = catchThrowable(() -> new ObjectMapper().readTree("{\"PatientName\": Mustermann}"));
        assertThat(parsing).hasMessageContaining("Mustermann");
        String line = Failures.describe(StrongroomException.of(FailureKind.BUG, "Orthanc's answer is not JSON")
                .causedBy(parsing));
        assertThat(line)
                .contains("Orthanc's answer is not JSON", parsing.getClass().getName())
                .doesNotContain("Mustermann");
    }

    @Test
    void theNameOfAFileIsTold() {
        Throwable missing = catchThrowable(() -> Files.size(Path.of("/nowhere/spool")));
        assertThat(Failures.describe(missing)).contains("NoSuchFileException: /nowhere/spool");
    }

    @Test
    void aThreadThatTheSystemDoesNotGiveIsNoReasonToEndOrthanc() {
        OutOfMemoryError thread = new OutOfMemoryError(
                "unable to create native thread: possibly out of memory or process/resource limits reached");
        Failures.haltIfBroken(new IllegalStateException(thread));
        assertThat(Failures.kind(thread)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(Failures.kind(new OutOfMemoryError("Java heap space"))).isEqualTo(FailureKind.BUG);
    }

    @Test
    void whatIsBroughtBackHasANumberForItsHalfHour() {
        StrongroomException archived = StrongroomException.of(FailureKind.ARCHIVED, "archived");
        assertThat(Failures.code(archived)).isEqualTo(8);
        Instant noon = LocalDate.of(2026, 3, 1)
                .atTime(12, 0)
                .atZone(ZoneId.systemDefault())
                .toInstant();
        assertThat(Failures.code(archived.with("ready", noon))).isEqualTo(9 + 24);
        assertThat(Failures.code(archived.with("ready", noon.plusSeconds(1)))).isEqualTo(9 + 25);
        assertThat(Failures.code(archived.with("ready", noon.plusSeconds(1800))))
                .isEqualTo(9 + 25);
        assertThat(Failures.code(archived.with("ready", noon.plusSeconds(12 * 3600 - 1))))
                .isEqualTo(9);
        assertThat(Failures.code(archived.with("readyOn", noon))).isEqualTo(8);
    }
}
