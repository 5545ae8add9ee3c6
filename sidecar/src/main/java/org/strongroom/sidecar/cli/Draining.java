package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.DrainStatus;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Sleeper;

/** Waits until a tier is drained, as long as there is hope. Used by one thread. */
final class Draining {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** A sidecar or an Orthanc that is started again is back by then. */
    private static final Duration RESTART = Duration.ofSeconds(60);

    private final Supplier<ControlClient> sidecar;
    private final InstantSource clock;
    private final Sleeper sleeper;

    Draining(Supplier<ControlClient> sidecar, InstantSource clock, Sleeper sleeper) {
        this.sidecar = sidecar;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Returns when the tier is drained.
     *
     * @throws StrongroomException UNAVAILABLE if {@code timeout} passes, or nobody is there who could go on
     */
    DrainStatus await(DrainStatus begun, Optional<Duration> timeout, Consumer<DrainStatus> progress)
            throws InterruptedException {
        DrainStatus last = begun;
        Instant hopeful = clock.instant();
        Optional<Instant> end = timeout.map(hopeful::plus);
        while (!last.drained()) {
            progress.accept(last);
            if (end.isPresent() && !clock.instant().isBefore(end.get())) {
                throw unfinished("the tier was not drained in the time allowed", last)
                        .cure("allow more with --timeout; it goes on by itself");
            }
            sleeper.sleep(PAUSE);
            boolean hopeless = hopeful.plus(RESTART).isBefore(clock.instant());
            try {
                ControlClient client = sidecar.get();
                last = client.drain(begun.tier());
                if (client.status().plugin() == Status.Plugin.connected) {
                    hopeful = clock.instant();
                } else if (hopeless) {
                    throw unfinished("no receipts without Orthanc, which does not answer", last)
                            .cure(
                                    "start Orthanc: only its plugin can open what the tiers hold, and a receipt needs that");
                }
            } catch (StrongroomException e) {
                if (!e.kind().retryable() || hopeless) {
                    throw e;
                }
            }
        }
        return last;
    }

    private static StrongroomException unfinished(String text, DrainStatus last) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, text)
                .with("packs", last.packs())
                .with("done", last.done());
    }
}
