package org.strongroom.sidecar.tier;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What was asked of one tier since this process started, and how the tier is. Thread-safe. */
public final class TierMeter {
    /** What costs money or time at a store. */
    public enum Request {
        HEAD,
        GET,
        LIST,
        PUT,
        BEGIN,
        PART,
        PARTS,
        COMPLETE,
        ABORT,
        UPLOADS,
        DELETE,
        LOCK
    }

    /**
     * Requests of one kind.
     *
     * @param requests attempts, failed ones included
     * @param failures those that the tier did not serve
     * @param bytes that went up or came down
     */
    public record Count(long requests, long failures, long bytes) {}

    /**
     * How a tier is.
     *
     * @param healthy whether the last answer was of use
     * @param since when that began
     * @param lastError of the last failure, also when the tier is well again
     */
    public record Health(boolean healthy, Instant since, Optional<StrongroomException> lastError) {}

    private final InstantSource clock;
    private final Map<Request, LongAdder[]> counts = new EnumMap<>(Request.class);
    private final AtomicReference<Health> health;

    public TierMeter(InstantSource clock) {
        this.clock = clock;
        this.health = new AtomicReference<>(new Health(true, clock.instant(), Optional.empty()));
        for (Request request : Request.values()) {
            counts.put(request, new LongAdder[] {new LongAdder(), new LongAdder(), new LongAdder()});
        }
    }

    public Count count(Request request) {
        LongAdder[] count = counts.get(request);
        return new Count(count[0].sum(), count[1].sum(), count[2].sum());
    }

    /** All requests of all kinds. */
    public long requests() {
        return counts.values().stream().mapToLong(each -> each[0].sum()).sum();
    }

    public Health health() {
        return health.get();
    }

    void asked(Request request, long howOften) {
        counts.get(request)[0].add(howOften);
    }

    void moved(Request request, long bytes) {
        counts.get(request)[2].add(bytes);
    }

    void served() {
        if (!health.get().healthy()) {
            health.updateAndGet(now -> now.healthy() ? now : new Health(true, clock.instant(), now.lastError()));
        }
    }

    void failed(Request request, StrongroomException e) {
        if (e.kind() == FailureKind.NOT_FOUND || e.kind() == FailureKind.ARCHIVED) {
            served(); // it was asked, and said so
            return;
        }
        counts.get(request)[1].increment();
        if (e.kind() == FailureKind.REFUSED && (request == Request.DELETE || request == Request.LOCK)) {
            served(); // it keeps what it has: copies there are as good as before
            return;
        }
        if (e.kind().retryable() || e.kind() == FailureKind.REFUSED) {
            health.updateAndGet(
                    now -> new Health(false, now.healthy() ? clock.instant() : now.since(), Optional.of(e)));
        }
    }
}
