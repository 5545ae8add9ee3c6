package org.strongroom.plugin.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
