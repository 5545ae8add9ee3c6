package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.strongroom.core.control.IndexBatch;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.work.WorkDesk;

/** Orthanc itself, asked through its plugin. */
final class PluginIndex implements IndexSource {
    private static final int SECONDS_TO_CONNECT = 15;
    private static final int SECONDS_TO_BEGIN = 30;

    private final WorkDesk desk;

    PluginIndex(WorkDesk desk) {
        this.desk = desk;
    }

    @Override
    public String name() {
        return "plugin";
    }

    @Override
    public void list(Attachments pile, LongConsumer progress) throws IOException, InterruptedException {
        Optional<WorkAnswer> done = Optional.empty();
        while (done.isEmpty()) {
            done = ask(pile, progress);
        }
        done.get().requireDone("Read Orthanc's log, and whether its database answers");
    }

    /** Empty if nobody began: an Orthanc that stopped took the question with it, and the next one must be asked again. */
    private Optional<WorkAnswer> ask(Attachments pile, LongConsumer progress) throws InterruptedException {
        Work work = new Work.ListIndex(UUID.randomUUID().toString());
        CompletableFuture<WorkAnswer> answer = new CompletableFuture<>();
        AtomicBoolean begun = new AtomicBoolean();
        try {
            desk.offer(
                    work,
                    batch -> {
                        begun.set(true);
                        put(batch, pile);
                    },
                    answer::complete);
            return await(answer, begun, pile, progress);
        } finally {
            desk.withdraw(work.id());
        }
    }

    private static void put(IndexBatch batch, Attachments pile) {
        try {
            if (batch.number() == 0) {
                pile.clear();
            }
            for (UUID uuid : batch.attachments()) {
                pile.add(uuid, false);
            }
            for (UUID uuid : batch.clear()) {
                pile.add(uuid, true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<WorkAnswer> await(
            CompletableFuture<WorkAnswer> answer, AtomicBoolean begun, Attachments pile, LongConsumer progress)
            throws InterruptedException {
        for (int seconds = 0; desk.isConnected() || seconds < SECONDS_TO_CONNECT; seconds++) {
            try {
                return Optional.of(answer.get(1, TimeUnit.SECONDS));
            } catch (TimeoutException e) {
                progress.accept(pile.count());
                if (!begun.get() && seconds >= SECONDS_TO_BEGIN) {
                    return Optional.empty();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody completes it with a failure", e);
            }
        }
        throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc does not answer")
                .cure("Start Orthanc: its plugin tells what the index knows");
    }
}
