package org.strongroom.sidecar.forecast;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.settings.Rate;
import org.strongroom.sidecar.uplink.Timetable;

/**
 * How several queues empty over one uplink whose limit follows a timetable, while more arrives. Immutable.
 *
 * @param perSecond bytes in a second that the line to each tier carries
 * @param arriving bytes in a second that each of these must get on top of what waits; others get nothing
 */
record Drain(Timetable timetable, Map<String, Double> perSecond, Map<String, Double> arriving) {
    /** Old studies on a poor line may take years; what takes longer nobody waits for. */
    private static final Duration HORIZON = Duration.ofDays(10 * 365);

    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** When the last of {@code queued} (bytes per tier) is sent; empty if not within ten years. */
    Optional<Instant> end(Map<String, Long> queued, Instant now) {
        Map<String, Double> left = new HashMap<>();
        queued.forEach((tier, bytes) -> left.put(tier, (double) bytes));
        left.values().removeIf(bytes -> bytes <= 0);
        Instant moment = now;
        while (!left.isEmpty()) {
            if (moment.isAfter(now.plus(HORIZON))) {
                return Optional.empty();
            }
            Instant change = timetable.nextChange(moment);
            double share = share(timetable.at(moment), left.keySet());
            // at least a little: a clock is finer than what is added to the moment, and it must go on
            double step = Math.max(seconds(SHORTEST), seconds(Duration.between(moment, change)));
            for (Map.Entry<String, Double> each : left.entrySet()) {
                double net = net(each.getKey(), share);
                if (net > 0) {
                    step = Math.min(step, Math.max(seconds(SHORTEST), each.getValue() / net));
                }
            }
            double took = step;
            left.replaceAll((tier, bytes) -> bytes - took * net(tier, share));
            left.values().removeIf(bytes -> bytes < 1);
            moment = moment.plusMillis((long) Math.ceil(took * 1e3));
        }
        return Optional.of(moment);
    }

    /** By how many bytes a tier's queue gets shorter in a second. */
    private double net(String tier, double share) {
        return perSecond.get(tier) * share - arriving.getOrDefault(tier, 0.0);
    }

    /**
     * Bytes in a day that arrive for a tier and that it does not get, of that one where it is most, over a week in which all are always sent to.
     * Negative: what it could get besides.
     */
    long excessPerDay(Instant now) {
        double average = 0;
        Instant moment = now;
        Instant end = now.plus(WEEK);
        while (moment.isBefore(end)) {
            Instant change = timetable.nextChange(moment);
            Instant until = change.isBefore(end) ? change : end;
            average += share(timetable.at(moment), perSecond.keySet())
                    * Duration.between(moment, until).toMillis()
                    / WEEK.toMillis();
            moment = until;
        }
        double share = average;
        double most = perSecond.keySet().stream()
                .mapToDouble(tier -> -net(tier, share))
                .max()
                .orElse(0);
        return Math.round(most * Duration.ofDays(1).toSeconds());
    }

    /** Of what the lines carry, what the limit leaves while these tiers are sent to. */
    private double share(Rate limit, Set<String> busy) {
        double all = busy.stream().mapToDouble(perSecond::get).sum();
        return Math.min(1, limit.bytesPerSecond() / Math.max(1, all));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
