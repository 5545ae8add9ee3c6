package org.strongroom.sidecar.limit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.control.UplinkRequest;
import org.strongroom.core.control.UplinkStatus;
import org.strongroom.core.settings.Rate;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

/** The limit that stands for the timetable of the settings, if a person ordered one. Thread-safe. */
public final class TemporaryLimit {
    /** In the ledger: until when, a blank, the rate. */
    private static final String ORDER = "uplink";
    /** For how many seconds it was ordered: a clock that was ahead then must not make years of them. */
    private static final String SECONDS = "uplink/seconds";

    private final Uplink uplink;
    private final TierTable table;
    private final InstantSource clock;

    /** What was ordered before the start holds again. */
    public TemporaryLimit(Uplink uplink, TierTable table, InstantSource clock) {
        this.uplink = uplink;
        this.table = table;
        this.clock = clock;
        ordered().ifPresent(order -> {
            remember(order); // each start would else begin it anew
            uplink.limit(order.limit(), order.until());
        });
    }

    private record Order(Rate limit, Instant until) {}

    private Optional<Order> ordered() {
        Instant now = clock.instant();
        Instant latest =
                now.plusSeconds(table.remembered(SECONDS).map(Long::parseLong).orElse(UplinkRequest.MOST_SECONDS));
        return table.remembered(ORDER)
                .map(text -> text.split(" ", 2))
                .map(words -> new Order(Rate.parse(words[1]), Instant.parse(words[0])))
                .filter(order -> now.isBefore(order.until()))
                .map(order -> order.until().isAfter(latest) ? new Order(order.limit(), latest) : order);
    }

    private void remember(Order order) {
        table.remember(ORDER, order.until() + " " + order.limit());
    }

    /** Takes effect at once. */
    public synchronized UplinkStatus order(UplinkRequest request) {
        if (request.limit() == null) {
            table.forget(ORDER);
            uplink.back();
        } else {
            Rate limit = Rate.parse(request.limit());
            Instant until = clock.instant().plusSeconds(request.seconds());
            table.remember(SECONDS, request.seconds().toString());
            remember(new Order(limit, until));
            uplink.limit(limit, until);
        }
        return status();
    }

    public UplinkStatus status() {
        Instant now = clock.instant();
        Timetable timetable = uplink.timetable();
        Instant until = uplink.until().orElse(null);
        Instant next = timetable.nextChange(now);
        Map<String, Long> sending = new LinkedHashMap<>();
        uplink.sending()
                .forEach((priority, bytes) -> sending.put(priority.name().toLowerCase(Locale.ROOT), bytes));
        return new UplinkStatus(
                timetable.at(now).toString(),
                until,
                uplink.settings().at(now).toString(),
                next.equals(until) || !timetable.at(next).equals(timetable.at(now)) ? next : null,
                sending);
    }
}
