package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Sleeper;

/** Waits for the backlog to be gone, as long as there is hope. Used by one thread. */
final class Shipping {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** A sidecar or an Orthanc that is started again is back by then. */
    private static final Duration RESTART = Duration.ofSeconds(60);

    private final Supplier<ControlClient> sidecar;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private Status last;
    private Instant lastAnswer;
    private Instant pluginSeen;

    Shipping(Supplier<ControlClient> sidecar, InstantSource clock, Sleeper sleeper) {
        this.sidecar = sidecar;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Starts shipping and returns what there is to ship. */
    Status begin(boolean now) {
        ControlClient client = sidecar.get();
        client.ship(now);
        last = client.status();
        lastAnswer = clock.instant();
        pluginSeen = lastAnswer;
        if (last.tiers().isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "there is no tier to ship to")
                    .cure("configure Strongroom.Tiers and restart Orthanc");
        }
        return last;
    }

    /**
     * Returns when the backlog is empty; what arrives meanwhile counts as well.
     *
     * @throws StrongroomException UNAVAILABLE, with every reason known, if {@code timeout} passes or receipts are impossible
     *     for want of a sidecar or an Orthanc
     */
    Status await(boolean now, Optional<Duration> timeout, Consumer<Status> progress) throws InterruptedException {
        Optional<Instant> end = timeout.map(clock.instant()::plus);
        while (last.backlog().instances() > 0) {
            progress.accept(last);
            if (end.isPresent() && !clock.instant().isBefore(end.get())) {
                throw unfinished("not everything was shipped in the time allowed")
                        .cure("allow more with --timeout; shipping goes on by itself");
            }
            sleeper.sleep(PAUSE);
            ask(now);
        }
        return last;
    }

    private void ask(boolean now) {
        try {
            ControlClient client = sidecar.get();
            client.ship(now);
            last = client.status();
            lastAnswer = clock.instant();
        } catch (StrongroomException e) {
            if (!e.kind().retryable() || silentFor(lastAnswer).compareTo(RESTART) > 0) {
                throw e;
            }
            return;
        }
        if (last.plugin() == Status.Plugin.connected) {
            pluginSeen = lastAnswer;
        } else if (silentFor(pluginSeen).compareTo(RESTART) > 0) {
            throw unfinished("no receipts without Orthanc, which does not answer")
                    .cure("start Orthanc: only its plugin can open what the tiers hold, and a receipt needs that");
        }
    }

    private Duration silentFor(Instant since) {
        return Duration.between(since, clock.instant());
    }

    private StrongroomException unfinished(String text) {
        StrongroomException failure = StrongroomException.of(FailureKind.UNAVAILABLE, text)
                .with("instances", last.backlog().instances())
                .with("size", Amounts.bytes(last.backlog().bytes()));
        if (last.plugin() == Status.Plugin.absent) {
            failure = failure.with("Orthanc", "not connected");
        }
        for (var tier : last.tiers().entrySet()) {
            if (!tier.getValue().healthy()) {
                failure = failure.with(
                        "tier " + tier.getKey(), String.valueOf(tier.getValue().lastError()));
            }
        }
        int number = 0;
        for (Status.Problem problem : last.problems()) {
            number++;
            String cure = problem.cure().isEmpty() ? "" : ". " + problem.cure();
            failure = failure.with("problem " + number, problem.message() + cure);
        }
        return failure;
    }
}
