package org.strongroom.plugin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.seal.OpenSslChunks;

/** What a monitor of Orthanc sees of Strongroom. */
class MetricsTest {
    private static final String UP = "strongroom_sidecar_up";
    private static final String OPENSSL = "strongroom_openssl";
    private static final String PROOF_AGE = "strongroom_recovery_kit_proof_age_seconds";

    private static final Status.Forecast FORECAST =
            new Status.Forecast(Instant.EPOCH.plus(Duration.ofMinutes(150)), 1.5, 13L, -14L);

    private static Status status(long waiting, Status.Forecast forecast) {
        return new Status(
                UUID.randomUUID(),
                Status.Plugin.connected,
                new Status.Backlog(waiting, waiting == 0 ? 0 : 4_000, Instant.EPOCH, List.of()),
                new Status.Stored(5, 6, 7),
                new Status.Local(8, 9, 10, 11, 12),
                new Status.Line(null),
                forecast,
                null,
                Map.of(
                        "offsite",
                        new Status.TierStatus(
                                true,
                                "directory",
                                true,
                                20,
                                21,
                                22,
                                null,
                                19,
                                1,
                                Instant.EPOCH,
                                null,
                                0,
                                0,
                                true,
                                Instant.EPOCH.minusSeconds(90),
                                0,
                                Map.of(),
                                Map.of())),
                Map.of(),
                Map.of("colleague", new Status.WitnessStatus(Instant.EPOCH.minusSeconds(70), 7L, null, false)),
                null,
                List.of(new Status.Problem(FailureKind.FULL, "no room", "Make some")));
    }

    private final Map<String, Float> shown = new ConcurrentHashMap<>();
    private final BlockingQueue<Float> rounds = new LinkedBlockingQueue<>();
    private final AtomicReference<Status> status = new AtomicReference<>();

    private final AtomicReference<Optional<Instant>> proven = new AtomicReference<>(Optional.empty());

    private Metrics metrics() {
        return new Metrics(
                () -> {
                    if (status.get() == null) {
                        throw StrongroomException.of(FailureKind.UNAVAILABLE, "the sidecar does not run");
                    }
                    return status.get();
                },
                proven::get,
                (name, value) -> {
                    shown.put(name, value);
                    if (name.equals(UP)) {
                        rounds.add(value);
                    }
                },
                () -> Instant.EPOCH,
                Duration.ofMillis(5));
    }

    private void awaitUp(float value) throws InterruptedException {
        Float round;
        do {
            round = rounds.poll(1, TimeUnit.MINUTES);
            assertThat(round).isNotNull();
        } while (round != value);
    }

    @Test
    void everyNumberHasItsNameAndTiersAreLabels() throws InterruptedException {
        status.set(status(3, FORECAST));
        proven.set(Optional.of(Instant.EPOCH.minusSeconds(3600)));
        try (Metrics metrics = metrics()) {
            awaitUp(1);
            assertThat(metrics).isNotNull();
            assertThat(shown)
                    .containsOnly(
                            Map.entry(UP, 1f),
                            Map.entry(OPENSSL, OpenSslChunks.isUsed() ? 1f : 0f), // another test may have loaded it
                            Map.entry("strongroom_backlog_instances", 3f),
                            Map.entry("strongroom_backlog_bytes", 4_000f),
                            Map.entry("strongroom_stored_instances", 5f),
                            Map.entry("strongroom_stored_tier_bytes", 7f),
                            Map.entry("strongroom_local_spool_bytes", 9f),
                            Map.entry("strongroom_local_cache_bytes", 10f),
                            Map.entry("strongroom_local_free_bytes", 11f),
                            Map.entry("strongroom_line_bytes_per_second", Float.NaN),
                            Map.entry("strongroom_forecast_drains_hours", 2.5f),
                            Map.entry("strongroom_forecast_autonomy_days", 1.5f),
                            Map.entry("strongroom_forecast_intake_bytes_per_day", 13f),
                            Map.entry("strongroom_forecast_exceeds_line_bytes_per_day", -14f),
                            Map.entry("strongroom_problems", 1f),
                            Map.entry(PROOF_AGE, 3600f),
                            Map.entry("strongroom_tier_healthy{tier=\"offsite\"}", 1f),
                            Map.entry("strongroom_tier_queued{tier=\"offsite\"}", 22f),
                            Map.entry("strongroom_tier_copies{tier=\"offsite\"}", 19f),
                            Map.entry("strongroom_tier_damaged{tier=\"offsite\"}", 1f),
                            Map.entry("strongroom_tier_bytes{tier=\"offsite\"}", 21f),
                            Map.entry("strongroom_audit_anchor_age_seconds{tier=\"offsite\"}", 90f),
                            Map.entry("strongroom_audit_cosignature_age_seconds{witness=\"colleague\"}", 70f));
        }
    }

    @Test
    void whenItDrainsIsNowIfNothingWaitsAndElseMayBeUnknown() throws InterruptedException {
        Status.Forecast unknown = new Status.Forecast(null, null, null, null);
        status.set(status(0, unknown));
        try (Metrics metrics = metrics()) {
            assertThat(metrics).isNotNull();
            awaitUp(1);
            assertThat(shown).containsEntry("strongroom_forecast_drains_hours", 0f);
        }
        status.set(status(3, unknown));
        rounds.clear();
        try (Metrics metrics = metrics()) {
            assertThat(metrics).isNotNull();
            awaitUp(1);
            assertThat(shown).containsEntry("strongroom_forecast_drains_hours", Float.NaN);
        }
    }

    @Test
    void aSidecarThatGoesAwayLeavesNoOldNumbers() throws InterruptedException {
        try (Metrics metrics = metrics()) {
            assertThat(metrics).isNotNull();
            awaitUp(0);
            assertThat(shown).containsOnlyKeys(UP, OPENSSL, PROOF_AGE);
            status.set(status(3, FORECAST));
            awaitUp(1);
            status.set(null);
            awaitUp(0);
            awaitUp(0); // now the round before is over
            assertThat(shown.entrySet())
                    .hasSize(23)
                    .allMatch(shown -> Set.of(UP, OPENSSL).contains(shown.getKey())
                            || shown.getValue().isNaN());
        }
    }
}
