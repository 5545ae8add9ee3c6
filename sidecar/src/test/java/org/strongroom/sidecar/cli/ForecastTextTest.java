package org.strongroom.sidecar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.control.Status;

class ForecastTextTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2025-12-30T00:00:00Z");

    @Test
    void everything_that_is_known_is_one_line() {
        assertThat(ForecastText.of(PlayedSidecar.status(1, Status.Plugin.connected, true), NOW, BERLIN))
                .containsExactly("Line     48.0 kB/s; drains Monday 5 Jan 05:00; intake exceeds line by 800 MB/day;"
                        + " without a line the disk lasts 12 days");
    }

    @Test
    void what_is_years_away_has_a_year() {
        assertThat(text(new Status.Forecast(Instant.parse("2029-02-05T04:00:00Z"), null, null, null)))
                .containsExactly("Line     drains 5 Feb 2029");
    }

    @Test
    void a_line_that_carries_more_than_comes_is_no_worry() {
        assertThat(text(new Status.Forecast(null, null, 5_000_000L, -1L)))
                .containsExactly("Line     intake 5.0 MB/day");
    }

    @Test
    void what_nobody_knows_is_not_told() {
        assertThat(text(new Status.Forecast(null, null, null, null))).isEmpty();
    }

    private static List<String> text(Status.Forecast forecast) {
        return ForecastText.of(
                new Status(
                        new UUID(0, 1),
                        Status.Plugin.connected,
                        new Status.Backlog(0, 0, null, List.of()),
                        new Status.Stored(0, 0, 0),
                        new Status.Local(0, 0, 0, 0, 0),
                        new Status.Line(null),
                        forecast,
                        null,
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        null,
                        List.of()),
                NOW,
                BERLIN);
    }
}
