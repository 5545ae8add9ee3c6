package org.strongroom.sidecar.forecast;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.sidecar.ledger.Flow;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.uplink.Timetable;

/** Puts the forecast together. Thread-safe. */
public final class Outlook {
    private static final DateTimeFormatter OPENS = DateTimeFormatter.ISO_OFFSET_DATE_TIME;
    private static final double DAY = Duration.ofDays(1).toSeconds();

    private final Ledger ledger;
    private final Tiers tiers;
    private final Supplier<Timetable> timetables;
    private final Map<String, Supplier<Optional<Long>>> speeds;
    private final InstantSource clock;

    /**
     * @param timetables the one that holds now
     * @param speeds bytes in a second that the line to each tier carried lately
     */
    public Outlook(
            Ledger ledger,
            Tiers tiers,
            Supplier<Timetable> timetables,
            Map<String, Supplier<Optional<Long>>> speeds,
            InstantSource clock) {
        this.ledger = ledger;
        this.tiers = tiers;
        this.timetables = timetables;
        this.speeds = speeds;
        this.clock = clock;
    }

    /** What the slowest line carried. */
    public Status.Line line() {
        return new Status.Line(known().values().stream()
                .min(Double::compare)
                .map(Double::longValue)
                .orElse(null));
    }

    /** That the timetable lets nothing be sent now, and until when; empty if it does. */
    public Optional<Status.Problem> closed() {
        Instant now = clock.instant();
        Timetable timetable = timetables.get();
        if (!timetable.at(now).isOff()) {
            return Optional.empty();
        }
        return Optional.of(timetable
                .opens(now)
                .map(open -> new Status.Problem(
                        FailureKind.UNAVAILABLE,
                        "the timetable of the uplink lets nothing be sent until "
                                + OPENS.format(open.atZone(timetable.zone())),
                        ""))
                .orElseGet(() -> new Status.Problem(
                        FailureKind.REFUSED,
                        "the settings of the uplink let nothing be sent at any time",
                        "Write another Uplink.Limit or Uplink.Timetable than off, and restart Orthanc")));
    }

    /** @param room bytes that images may still take on this machine, with everything evicted that may be */
    public Status.Forecast forecast(long room) {
        Instant now = clock.instant();
        Flow flow = Flow.of(ledger, now);
        double intake = flow.intakePerDay().orElse(0L);
        Map<String, Double> known = known();
        boolean allKnown = !known.isEmpty() && known.keySet().containsAll(filling());
        Drain drain = new Drain(timetables.get(), known, arriving(flow, intake / DAY));
        return new Status.Forecast(
                drainsAt(drain, flow, now),
                intake > 0 ? Math.max(0, room) / intake : null,
                flow.intakePerDay().orElse(null),
                allKnown && intake > 0 ? drain.excessPerDay(now) : null);
    }

    /** Of what comes in a second, what each tier is to get: tenants whose studies do not go there were so much of it lately. */
    private Map<String, Double> arriving(Flow flow, double perSecond) {
        Map<String, Double> arriving = new HashMap<>();
        for (String tier : filling()) {
            long all = 0;
            long its = 0;
            for (Map<UUID, Long> some : List.of(flow.lately(), flow.waiting())) {
                for (Map.Entry<UUID, Long> owner : some.entrySet()) {
                    all += owner.getValue();
                    its += tiers.isWanted(owner.getKey(), tier) ? owner.getValue() : 0;
                }
            }
            arriving.put(tier, all == 0 ? perSecond : perSecond * its / all);
        }
        return arriving;
    }

    /** Null if nothing waits, or nobody can know. */
    private Instant drainsAt(Drain drain, Flow flow, Instant now) {
        Map<String, Long> queued = new HashMap<>();
        for (String tier : filling()) {
            long waiting = flow.waiting().entrySet().stream()
                    .filter(its -> tiers.isWanted(its.getKey(), tier))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            long bytes = flow.queued().getOrDefault(tier, 0L) + waiting;
            if (bytes > 0) {
                if (!drain.perSecond().containsKey(tier)
                        || tiers.get(tier).trouble().isPresent()) {
                    return null;
                }
                queued.put(tier, bytes);
            }
        }
        return queued.isEmpty() ? null : drain.end(queued, now).orElse(null);
    }

    private Map<String, Double> known() {
        Map<String, Double> known = new HashMap<>();
        filling().forEach(tier -> speeds.get(tier).get().ifPresent(found -> known.put(tier, (double) found)));
        return known;
    }

    /** Nothing waits for a tier that is left behind, or outside the jurisdictions. */
    private Set<String> filling() {
        return tiers.all().stream()
                .filter(MarkedTier::takesCopies)
                .map(MarkedTier::name)
                .collect(Collectors.toSet());
    }
}
