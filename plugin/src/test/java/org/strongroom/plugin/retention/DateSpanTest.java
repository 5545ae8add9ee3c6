package org.strongroom.plugin.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateSpanTest {
    @ParameterizedTest
    @CsvSource({
        "20240229, 2024-02-29, 2024-02-29",
        "'20240229 ', 2024-02-29, 2024-02-29",
        "2024.02.29, 2024-02-29, 2024-02-29",
        "2024-02-29, 2024-02-29, 2024-02-29",
        "19000101, 1900-01-01, 1900-01-01",
        // a day that is not in the month is a day that nobody knows
        "20230229, 2023-02-01, 2023-02-28",
        "20240200, 2024-02-01, 2024-02-29",
        "20231131, 2023-11-01, 2023-11-30",
        "202402, 2024-02-01, 2024-02-29",
        "2024-02, 2024-02-01, 2024-02-29",
        "20240000, 2024-01-01, 2024-12-31",
        "20241301, 2024-01-01, 2024-12-31",
        "2024, 2024-01-01, 2024-12-31",
    })
    void whatIsKnownOfADate(String text, LocalDate first, LocalDate last) {
        assertThat(DateSpan.parse(text)).contains(new DateSpan(first, last));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0000",
                "00000000",
                "00001231",
                "24",
                "20240",
                "2024022",
                "202402290",
                "UNKNOWN",
                "2024022A",
                "20240229\\20240301",
                "٢٠٢٤٠٢٢٩",
                "-2024",
                "20240229-20240301"
            })
    void whatIsNoDate(String text) {
        assertThat(DateSpan.parse(text)).isEmpty();
    }

    @Test
    void aSpanDoesNotEndBeforeItBegins() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DateSpan(LocalDate.of(2024, 1, 2), LocalDate.of(2024, 1, 1)));
    }

    @Test
    void itSaysNothingInLogs() {
        assertThat(DateSpan.parse("19700501").orElseThrow().toString()).isEqualTo("***");
    }
}
