package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.StrongroomException;

/** What a query means, and what it may mean. */
class StudyQueryTest {
    private static final LocalDate DAY = LocalDate.of(2024, 3, 5);

    private static StudyFacts study(String date, String... modalities) {
        return new StudyFacts(
                "north", Set.of(modalities), DateSpan.parse(date), Optional.empty(), Optional.empty(), DAY);
    }

    private static StudyQuery query(String tenant, String modality, LocalDate from, LocalDate to) {
        return new StudyQuery(
                Optional.ofNullable(tenant),
                Optional.ofNullable(modality),
                Optional.ofNullable(from),
                Optional.ofNullable(to));
    }

    @Test
    void allThatWasSaidHasToBeSo() {
        StudyQuery query = query("north", "MG", DAY, DAY.plusDays(1));
        assertThat(query.mayMean(study("20240305", "MG"))).isTrue();
        assertThat(query.mayMean(study("20240306", "SR", "MG"))).isTrue();
        assertThat(query.mayMean(study("20240304", "MG"))).isFalse();
        assertThat(query.mayMean(study("20240307", "MG"))).isFalse();
        assertThat(query.mayMean(study("20240305", "CT"))).isFalse();
        assertThat(query("south", "MG", DAY, null).mayMean(study("20240305", "MG")))
                .isFalse();
        assertThat(query(null, null, null, DAY).mayMean(study("19991231", "CT")))
                .isTrue();
    }

    @Test
    void whatAStudyDoesNotTellMayBeMeant() {
        StudyQuery query = query(null, "MG", DAY, DAY);
        assertThat(query.mayMean(study("20240305"))).as("no modality").isTrue();
        assertThat(query.mayMean(study("", "MG"))).as("no date").isTrue();
        assertThat(query.mayMean(study("202403", "MG"))).as("a month").isTrue();
        assertThat(query.mayMean(study("202404", "MG"))).as("another month").isFalse();
        assertThat(query.mayMean(study("20000101", "MG")))
                .as("a clock that began anew")
                .isTrue();
        assertThat(query.mayMean(study("", "CT"))).isFalse();
    }

    @Test
    void onlyWhatTellsAllThatWasAskedForIsMeantForCertain() {
        StudyQuery query = query(null, "MG", DAY, DAY);
        assertThat(query.means(study("20240305", "MG"))).isTrue();
        assertThat(query.means(study("20240305", "CT"))).isFalse();
        for (StudyFacts possible :
                List.of(study("20240305"), study("", "MG"), study("202403", "MG"), study("20000101", "MG"))) {
            assertThat(query.mayMean(possible)).isTrue();
            assertThat(query.means(possible)).isFalse();
        }
        assertThat(query(null, "MG", null, null).means(study("", "MG")))
                .as("nobody asked for a day")
                .isTrue();
        assertThat(query(null, null, null, DAY).means(study("20240305")))
                .as("nor for a modality")
                .isTrue();
        assertThat(query(null, null, null, LocalDate.of(2030, 1, 1)).means(study("20000101", "MG")))
                .as("the day of a clock")
                .isFalse();
    }

    @Test
    void itSaysWhatWasAsked() {
        assertThat(query("north", "MG", DAY, DAY).words())
                .isEqualTo("modality MG from 2024-03-05 to 2024-03-05 of tenant north");
        assertThat(query(null, null, null, DAY).words()).isEqualTo("to 2024-03-05");
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> query(null, null, DAY, DAY.minusDays(1)))
                .withMessageContaining("--to is before --from");
        assertThat(query(null, " mg", null, null).words()).isEqualTo("modality MG");
        assertThat(query(null, "mg", null, null).mayMean(study("20240305", "MG")))
                .isTrue();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> query(null, "MG,CT", null, null))
                .withMessageContaining("no code of a modality");
    }
}
