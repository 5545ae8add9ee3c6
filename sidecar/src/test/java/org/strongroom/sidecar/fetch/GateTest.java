package org.strongroom.sidecar.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.strongroom.sidecar.uplink.Uplink;

/** Time stands still: a pause that nobody ends does not end. */
class GateTest {
    private final AtomicBoolean queued = new AtomicBoolean();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final Gate gate = new Gate(() -> Duration.ZERO, Uplink.unlimited(), queued::get);

    /** A stream that is read ahead gives way; returns when it is in its pause. */
    private CompletableFuture<Long> paused() throws InterruptedException {
        CompletableFuture<Long> pause = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                pause.complete(gate.giveWay(wanted::get));
            } catch (InterruptedIOException e) {
                pause.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(pause).isNotDone();
            Thread.sleep(1);
        }
        return pause;
    }

    private static void assertEnds(CompletableFuture<Long> pause) throws Exception {
        assertThat(pause.get(1, TimeUnit.MINUTES)).isZero();
    }

    @Test
    void who_reads_ahead_goes_on_when_nobody_waits_any_more() throws Exception {
        assertThat(gate.giveWay(wanted::get)).isZero();
        gate.demand(1);
        gate.demand(1);
        CompletableFuture<Long> pause = paused();
        gate.demand(-1);
        assertThat(pause).isNotDone();
        gate.demand(-1);
        assertEnds(pause);
    }

    /** Two series that are read side by side would wait for each other otherwise. */
    @Test
    void who_is_waited_for_goes_on_while_others_are_too() throws Exception {
        gate.demand(1);
        CompletableFuture<Long> pause = paused();
        wanted.set(true);
        gate.demand(1);
        assertEnds(pause);
        assertThat(gate.giveWay(wanted::get)).isZero();
    }

    @Test
    void who_reads_ahead_breaks_off_when_the_thread_is_waited_for() throws Exception {
        queued.set(true);
        assertThat(gate.giveWay(wanted::get))
                .as("nobody waits for what is in the queue")
                .isZero();
        queued.set(false);
        gate.demand(1);
        CompletableFuture<Long> pause = paused();
        queued.set(true);
        gate.demand(1);
        assertThatThrownBy(() -> pause.get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Gate.OthersComeFirst.class);
        wanted.set(true);
        assertThat(gate.giveWay(wanted::get)).isZero();
    }
}
