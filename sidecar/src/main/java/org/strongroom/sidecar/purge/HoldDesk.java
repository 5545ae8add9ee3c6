package org.strongroom.sidecar.purge;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.HoldRequest;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.work.WorkDesk;

/** Hands holds, ends of holds, steps of erasures, and assignments to the plugin, which alone can tell who ordered them, and journals them. Thread-safe. */
public final class HoldDesk {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final WorkDesk desk;
    private final Undelete.Refresh refresh;

    /** @param refresh takes in what the journal says now */
    public HoldDesk(WorkDesk desk, Undelete.Refresh refresh) {
        this.desk = desk;
        this.refresh = refresh;
    }

    /**
     * Returns when the order is journaled and this side goes by it.
     *
     * @throws StrongroomException what the plugin answers; UNAVAILABLE if no Orthanc is connected, or if it does not answer for
     *     minutes: then it may or may not have been done
     */
    public void carryOut(HoldRequest order) throws IOException, InterruptedException {
        ask(id -> new Work.Hold(id, order), "strongroom hold list");
    }

    /**
     * The same of a step of an erasure.
     *
     * @throws StrongroomException as {@link #carryOut}
     */
    public void carryOut(ErasureRequest order) throws IOException, InterruptedException {
        ask(id -> new Work.Erase(id, order), "strongroom shred list");
    }

    /**
     * The same of studies that are given to another tenant.
     *
     * @throws StrongroomException as {@link #carryOut}
     */
    public void carryOut(AssignmentRequest order) throws IOException, InterruptedException {
        ask(id -> new Work.Assign(id, order), "strongroom tenant list");
    }

    private void ask(Function<String, Work> order, String look) throws IOException, InterruptedException {
        if (!desk.isConnected()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc is not connected")
                    .cure("Wait until it has started, or stop it, then try again");
        }
        CompletableFuture<WorkAnswer> future = new CompletableFuture<>();
        Work work = order.apply(UUID.randomUUID().toString());
        desk.offer(work, future::complete);
        try {
            future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).requireDone("Look what there is: " + look);
        } catch (TimeoutException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc did not answer in time")
                    .cure("Look whether it was done: " + look)
                    .causedBy(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it with a failure", e);
        } finally {
            desk.withdraw(work.id());
        }
        refresh.run();
    }
}
