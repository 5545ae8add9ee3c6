package org.strongroom.sidecar.purge;

import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.UndeleteRequest;
import org.strongroom.core.control.UndeleteResult;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.work.WorkDesk;

/** Hands removed attachments to the plugin, which gives them back to Orthanc. Thread-safe. */
public final class Undelete {
    private static final int PAGE = 500;
    private static final int BATCH = 50;

    private final Home home;
    private final ForgetRules rules;
    private final FileTable files;
    private final PackTable packs;
    private final WorkDesk desk;
    private final Problems problems;
    private final InstantSource clock;

    public Undelete(
            Home home,
            ForgetRules rules,
            FileTable files,
            PackTable packs,
            WorkDesk desk,
            Problems problems,
            InstantSource clock) {
        this.home = home;
        this.rules = rules;
        this.files = files;
        this.packs = packs;
        this.desk = desk;
        this.problems = problems;
        this.clock = clock;
    }

    /** Finds what can come back, and unless it is a dry run offers it to the plugin. */
    public UndeleteResult undelete(UndeleteRequest request) {
        Instant since = clock.instant().minus(rules.grace());
        Map<String, Long> kept = new TreeMap<>();
        List<UUID> coming = new ArrayList<>();
        if (request.all()) {
            List<FileRow> page = files.removedSince(since, 0, PAGE);
            while (!page.isEmpty()) {
                page.forEach(file -> consider(file, coming, kept));
                FileRow last = page.get(page.size() - 1);
                page = files.removedSince(last.removed(), last.id(), PAGE);
            }
        }
        for (UUID uuid : request.attachments()) {
            Optional<FileRow> file = files.find(uuid);
            if (file.isEmpty()) {
                kept.merge("never seen, or purged", 1L, Long::sum);
            } else if (file.get().removed() == null) {
                kept.merge("not removed", 1L, Long::sum);
            } else if (file.get().removed().isBefore(since)) {
                kept.merge("removed longer ago than Forget.Grace", 1L, Long::sum);
            } else {
                consider(file.get(), coming, kept);
            }
        }
        if (!request.dryRun()) {
            offer(coming);
        }
        return new UndeleteResult(
                coming.size(),
                kept.entrySet().stream()
                        .map(entry -> new Kept(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private void consider(FileRow file, List<UUID> coming, Map<String, Long> kept) {
        if (Files.exists(home.spooled(file.uuid()))
                || Files.exists(home.cached(file.uuid()))
                || !packs.holding(file.id()).isEmpty()) {
            coming.add(file.uuid());
        } else {
            kept.merge("its bytes are lost", 1L, Long::sum);
        }
    }

    private void offer(List<UUID> coming) {
        for (int from = 0; from < coming.size(); from += BATCH) {
            List<UUID> batch = List.copyOf(coming.subList(from, Math.min(from + BATCH, coming.size())));
            Work work = new Work.Restore(UUID.randomUUID().toString(), batch, false);
            desk.offer(work, answer -> answered(work.id(), batch, answer));
        }
    }

    private boolean answered(String id, List<UUID> batch, WorkAnswer answer) {
        if (answer.ok()) {
            files.returned(batch, clock.instant());
        } else {
            problems.raise(
                    "undelete/" + id,
                    answer.kind(),
                    "removed instances could not be given back to Orthanc: " + answer.message(),
                    "Run: strongroom undelete");
        }
        return true; // whoever wants them asks again
    }
}
