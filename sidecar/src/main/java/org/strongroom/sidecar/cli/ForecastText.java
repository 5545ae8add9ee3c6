package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.Status;

/** Line and forecast as people read them; what nobody knows is left out. */
final class ForecastText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEEE d MMM HH:mm", Locale.ENGLISH);
    /** For what is so far away that a month may be another year's. */
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);

    private static final Duration FAR = Duration.ofDays(180);

    private ForecastText() {}

    static String time(Instant at, ZoneId zone) {
        return TIME.format(at.atZone(zone));
    }

    private static String day(Instant at, Instant now, ZoneId zone) {
        return Duration.between(now, at).compareTo(FAR) > 0 ? DAY.format(at.atZone(zone)) : time(at, zone);
    }

    static List<String> of(Status status, Instant now, ZoneId zone) {
        List<String> parts = new ArrayList<>();
        Long line = status.line().bytesPerSecond();
        if (line != null) {
            parts.add(Amounts.bytes(line) + "/s");
        }
        Status.Forecast forecast = status.forecast();
        if (forecast.drainsAt() != null) {
            parts.add("drains " + day(forecast.drainsAt(), now, zone));
        }
        Long excess = forecast.exceedsLineBytesPerDay();
        if (excess != null && excess > 0) {
            parts.add("intake exceeds line by " + Amounts.bytes(excess) + "/day");
        } else if (forecast.intakeBytesPerDay() != null) {
            parts.add("intake " + Amounts.bytes(forecast.intakeBytesPerDay()) + "/day");
        }
        if (forecast.autonomyDays() != null) {
            parts.add("without a line the disk lasts "
                    + Amounts.count(forecast.autonomyDays().longValue(), "day"));
        }
        return parts.isEmpty() ? List.of() : List.of("Line     " + String.join("; ", parts));
    }
}
