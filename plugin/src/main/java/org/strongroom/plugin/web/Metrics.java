package org.strongroom.plugin.web;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.Status.TierStatus;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;
import org.strongroom.plugin.seal.OpenSslChunks;

/**
 * What the sidecar's status counts, as gauges beside Orthanc's own at {@code /tools/metrics-prometheus}; a quarter of a minute old at
 * most. What is not known, or not any more, is NaN: Orthanc would show the last number for ever. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Metrics.class.getName());
    private static final String PROOF_AGE = "strongroom_recovery_kit_proof_age_seconds";
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final Supplier<Status> status;
    private final Registry registry;
    private final Supplier<Optional<Instant>> kitProven;
    private final InstantSource clock;
    private final Set<String> told = new HashSet<>();
    private final Pulse pulse;
    private boolean started;

    /** Where a number is shown under a name. */
    @FunctionalInterface
    public interface Registry {
        /** @throws StrongroomException UNAVAILABLE as long as Orthanc starts */
        void set(String name, float value);
    }

    /**
     * Starts to ask, a quarter of a minute from now: Orthanc takes no metrics while it starts, and logs an error for each.
     *
     * @param kitProven when shares of the recovery kit last opened something
     */
    public Metrics(
            Supplier<Status> status, Supplier<Optional<Instant>> kitProven, Registry registry, InstantSource clock) {
        this(status, kitProven, registry, clock, EVERY);
    }

    Metrics(
            Supplier<Status> status,
            Supplier<Optional<Instant>> kitProven,
            Registry registry,
            InstantSource clock,
            Duration every) {
        this.status = status;
        this.kitProven = kitProven;
        this.registry = registry;
        this.clock = clock;
        this.pulse = new Pulse("strongroom-metrics", every, this::tell);
    }

    private void tell() {
        if (!started) {
            started = true;
            return;
        }
        Map<String, Number> now = new LinkedHashMap<>();
        now.put("strongroom_openssl", OpenSslChunks.isUsed() ? 1 : 0);
        Number proofAge = age(kitProven.get().orElse(null));
        try {
            now.putAll(of(status.get()));
            now.put(PROOF_AGE, proofAge);
            now.put("strongroom_sidecar_up", 1);
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "the sidecar does not tell its status", e);
            told.forEach(name -> now.putIfAbsent(name, null));
            now.put(PROOF_AGE, proofAge);
            now.put("strongroom_sidecar_up", 0);
        }
        try {
            now.forEach((name, value) -> registry.set(name, value == null ? Float.NaN : value.floatValue()));
            told.addAll(now.keySet());
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "Orthanc takes no metrics now", e);
        }
    }

    private Map<String, Number> of(Status status) {
        Map<String, Number> all = new LinkedHashMap<>();
        all.put("strongroom_backlog_instances", status.backlog().instances());
        all.put("strongroom_backlog_bytes", status.backlog().bytes());
        all.put("strongroom_stored_instances", status.stored().instances());
        all.put("strongroom_stored_tier_bytes", status.stored().tierBytes());
        all.put("strongroom_local_spool_bytes", status.local().spoolBytes());
        all.put("strongroom_local_cache_bytes", status.local().cacheBytes());
        all.put("strongroom_local_free_bytes", status.local().freeBytes());
        all.put("strongroom_line_bytes_per_second", status.line().bytesPerSecond());
        all.put("strongroom_forecast_drains_hours", drainsHours(status));
        all.put("strongroom_forecast_autonomy_days", status.forecast().autonomyDays());
        all.put("strongroom_forecast_intake_bytes_per_day", status.forecast().intakeBytesPerDay());
        all.put(
                "strongroom_forecast_exceeds_line_bytes_per_day",
                status.forecast().exceedsLineBytesPerDay());
        all.put("strongroom_problems", status.problems().size());
        status.tiers().forEach((name, tier) -> {
            String label = "{tier=\"" + name + "\"}";
            of(all, label, tier);
            all.put("strongroom_audit_anchor_age_seconds" + label, age(tier.anchored()));
        });
        status.witnesses()
                .forEach((name, witness) -> all.put(
                        "strongroom_audit_cosignature_age_seconds{witness=\"" + name + "\"}", age(witness.cosigned())));
        return all;
    }

    /** 0 if nothing waits: a monitor that compares sees that nothing is wrong, which it does not in NaN. */
    private Number drainsHours(Status status) {
        Instant drains = status.forecast().drainsAt();
        if (drains == null) {
            return status.backlog().bytes() == 0 ? 0 : null;
        }
        return Math.max(0, Duration.between(clock.instant(), drains).toMinutes()) / 60.0;
    }

    private Number age(Instant since) {
        return since == null
                ? null
                : Math.max(0, Duration.between(since, clock.instant()).toSeconds());
    }

    private static void of(Map<String, Number> all, String label, TierStatus tier) {
        all.put("strongroom_tier_healthy" + label, tier.healthy() ? 1 : 0);
        all.put("strongroom_tier_queued" + label, tier.queued());
        all.put("strongroom_tier_copies" + label, tier.copies());
        all.put("strongroom_tier_damaged" + label, tier.damaged());
        all.put("strongroom_tier_bytes" + label, tier.bytes());
    }

    @Override
    public void close() {
        pulse.close();
    }
}
