package org.strongroom.sidecar.purge;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.UndeleteRequest;
import org.strongroom.core.control.UndeleteResult;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.HoldTable;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.work.WorkDesk;

/** Hands removed attachments to the plugin, which gives them back to Orthanc. Thread-safe. */
public final class Undelete {
    private static final int PAGE = 500;
    private static final int BATCH = 50;
    /** For one batch; a client waits ten minutes for an answer. */
    private static final Duration PATIENCE = Duration.ofMinutes(9);

    private final Home home;
    private final ForgetRules rules;
    private final FileTable files;
    private final PackTable packs;
    private final HoldTable holds;
    private final WorkDesk desk;
    private final Refresh refresh;
    private final InstantSource clock;

    /** Takes in what the journal says now. */
    @FunctionalInterface
    public interface Refresh {
        void run() throws IOException;
    }

    public Undelete(
            Home home,
            ForgetRules rules,
            FileTable files,
            PackTable packs,
            HoldTable holds,
            WorkDesk desk,
            Refresh refresh,
            InstantSource clock) {
        this.home = home;
        this.rules = rules;
        this.files = files;
        this.packs = packs;
        this.holds = holds;
        this.desk = desk;
        this.refresh = refresh;
        this.clock = clock;
    }

    /**
     * Finds what can come back, and unless it is a dry run hands it to the plugin, one attachment after the other, so that one
     * that cannot be read holds up no other. Returns when the plugin has answered, or has kept everybody waiting for minutes.
     *
     * @throws StrongroomException UNAVAILABLE if no Orthanc is connected
     */
    public UndeleteResult undelete(UndeleteRequest request) throws IOException, InterruptedException {
        refresh.run(); // what was deleted a moment ago is meant too
        Instant since = clock.instant().minus(rules.grace());
        Map<String, Long> kept = new TreeMap<>();
        List<UUID> coming = new ArrayList<>();
        if (request.all()) {
            List<FileRow> page = files.removedSince(since, 0, PAGE);
            while (!page.isEmpty()) {
                page.stream().filter(file -> file.header().isDicom()).forEach(file -> consider(file, coming, kept));
                FileRow last = page.get(page.size() - 1);
                page = files.removedSince(last.removed(), last.id(), PAGE);
            }
        }
        if (request.hold() != null) {
            List<FileRow> page = holds.removed(request.hold(), 0, PAGE);
            while (!page.isEmpty()) {
                page.stream().filter(file -> file.header().isDicom()).forEach(file -> consider(file, coming, kept));
                page = holds.removed(request.hold(), page.get(page.size() - 1).id(), PAGE);
            }
        }
        for (UUID uuid : request.attachments()) {
            Optional<FileRow> file = files.find(uuid);
            if (file.isEmpty()) {
                keep("never seen, or purged", kept);
            } else if (file.get().removed() == null) {
                keep("not removed", kept);
            } else if (file.get().removed().isBefore(since) && !isHeldSince(since, file.get())) {
                keep("removed longer ago than Forget.Grace", kept);
            } else if (!file.get().header().isDicom()) {
                keep("no DICOM file: it came with one, and Orthanc takes only that", kept);
            } else {
                consider(file.get(), coming, kept);
            }
        }
        long back = request.dryRun() ? coming.size() : giveBack(coming, request.toOwner(), kept);
        return new UndeleteResult(
                back,
                request.dryRun() ? coming : List.of(),
                kept.entrySet().stream()
                        .map(entry -> new Kept(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private boolean isHeldSince(Instant since, FileRow file) {
        return holds.isHeldSince(file.header().key(), file.header().tenant(), since);
    }

    private void consider(FileRow file, List<UUID> coming, Map<String, Long> kept) {
        if (Files.exists(home.spooled(file.uuid()))
                || Files.exists(home.cached(file.uuid()))
                || !packs.holding(file.id()).isEmpty()) {
            coming.add(file.uuid());
        } else {
            keep("its bytes are lost", kept);
        }
    }

    private static void keep(String reason, Map<String, Long> kept) {
        kept.merge(reason, 1L, Long::sum);
    }

    /** Returns how many Orthanc has again. */
    private long giveBack(List<UUID> coming, boolean toOwner, Map<String, Long> kept) throws InterruptedException {
        if (!coming.isEmpty() && !desk.isConnected()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc is not connected")
                    .cure("Start Orthanc, then run strongroom undelete again");
        }
        long back = 0;
        for (int from = 0; from < coming.size(); from += BATCH) {
            List<Asked> asked = coming.subList(from, Math.min(from + BATCH, coming.size())).stream()
                    .map(attachment -> ask(attachment, toOwner))
                    .toList();
            try {
                await(CompletableFuture.allOf(asked.stream().map(Asked::answer).toArray(CompletableFuture[]::new)));
            } finally {
                // Whoever asks again would else have it done twice.
                asked.forEach(each -> desk.withdraw(each.work()));
            }
            for (Asked each : asked) {
                WorkAnswer answer = each.answer().getNow(null);
                if (answer == null) {
                    keep("Orthanc did not take it in time", kept);
                } else if (answer.ok()) {
                    back++;
                } else {
                    keep(answer.message(), kept);
                }
            }
        }
        return back;
    }

    /** An item of work and its answer, once there is one. */
    private record Asked(String work, CompletableFuture<WorkAnswer> answer) {}

    private Asked ask(UUID attachment, boolean toOwner) {
        CompletableFuture<WorkAnswer> future = new CompletableFuture<>();
        Work work = new Work.Restore(UUID.randomUUID().toString(), List.of(attachment), false, toOwner);
        desk.offer(work, answer -> {
            if (answer.ok()) {
                files.returned(List.of(attachment), clock.instant());
            }
            future.complete(answer);
            return true; // whoever wants what failed asks again
        });
        return new Asked(work.id(), future);
    }

    private static void await(CompletableFuture<Void> all) throws InterruptedException {
        try {
            all.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return; // told one by one
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes them with a failure", e);
        }
    }
}
