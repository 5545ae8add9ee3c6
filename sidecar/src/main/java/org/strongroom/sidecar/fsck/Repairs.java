package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.RepairRequest;
import org.strongroom.core.control.RepairResult;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Quarantine;
import org.strongroom.core.home.SpoolMirror;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.work.WorkDesk;

/**
 * Does what a person has seen and wants. Each finding is looked at once more before anything is touched, and nothing is
 * deleted here: files are moved, copied, given back or sent again, and what is forgotten goes after the grace. One request at a
 * time; thread-safe.
 */
public final class Repairs {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Home home;
    private final SpoolMirror mirror;
    private final Quarantine quarantine;
    private final FileTable files;
    private final PackTable packs;
    private final CopyTable copies;
    private final Tiers tiers;
    private final WorkDesk desk;
    private final Deletions deletions;
    private final Consumer<AuditEvent> audit;

    /**
     * @param mirror the second spool
     * @param audit returns when an event is durable
     */
    public Repairs(
            Home home,
            Optional<Path> mirror,
            FileTable files,
            PackTable packs,
            CopyTable copies,
            Tiers tiers,
            WorkDesk desk,
            Deletions deletions,
            Consumer<AuditEvent> audit) {
        this.home = home;
        this.mirror = new SpoolMirror(home, mirror);
        this.quarantine = new Quarantine(home);
        this.files = files;
        this.packs = packs;
        this.copies = copies;
        this.tiers = tiers;
        this.desk = desk;
        this.deletions = deletions;
        this.audit = audit;
    }

    /** Repairs one finding after the other; what cannot be is told, and the rest goes on. */
    public synchronized RepairResult repair(RepairRequest request) throws IOException, InterruptedException {
        Map<String, Long> kept = new TreeMap<>();
        List<Asked> asked = new ArrayList<>();
        List<UUID> removed = new ArrayList<>();
        long done = 0;
        for (Finding finding : request.findings()) {
            try {
                switch (finding.repair()) {
                    case giveBack -> {
                        require(deletions.mayGiveBack(request.indexLost()));
                        asked.add(ask(new Work.Restore(id(), List.of(attachment(finding)), true, false), 1));
                    }
                    case forget -> {
                        require(deletions.mayForget());
                        audit.accept(AuditEvent.of(AuditType.DELETE)
                                .by(AuditEvent.COMMAND_LINE)
                                .with("way", "fsck")
                                .with("attachment", attachment(finding)));
                        asked.add(ask(new Work.Forget(id(), List.of(attachment(finding))), 1));
                    }
                    case removeAgain -> {
                        require(request.indexLost() && deletions.mayGiveBack(true));
                        removed.add(attachment(finding));
                    }
                    case remake -> remake(finding);
                    case abort -> abort(finding);
                    case setAside -> setAside(finding);
                    case fromMirror -> fromMirror(attachment(finding));
                }
                done++;
            } catch (StrongroomException e) {
                kept.merge(e.text(), 1L, Long::sum);
            }
        }
        try {
            if (!removed.isEmpty()) {
                asked.add(ask(new Work.Remove(id(), removed), removed.size()));
            }
            for (Asked each : asked) {
                Optional<String> failure = failure(each.answer());
                if (failure.isPresent()) {
                    kept.merge(failure.get(), each.findings(), Long::sum);
                    done -= each.findings();
                }
            }
        } finally {
            asked.forEach(each -> desk.withdraw(each.work())); // whoever asks again would else have it done twice
        }
        return new RepairResult(
                done,
                kept.entrySet().stream()
                        .map(entry -> new Kept(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    /** An item of work, its answer, once there is one, and how many findings it is for. */
    private record Asked(String work, CompletableFuture<WorkAnswer> answer, long findings) {}

    /** All kinds of work that are asked forget something. */
    private static void require(boolean mayForget) {
        if (!mayForget) {
            throw changed("nothing is forgotten while index or journal are older than they were, or were not compared");
        }
    }

    private Asked ask(Work work, long findings) {
        if (!desk.isConnected()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc is not connected: start it");
        }
        CompletableFuture<WorkAnswer> answer = new CompletableFuture<>();
        desk.offer(work, answer::complete);
        return new Asked(work.id(), answer, findings);
    }

    private static Optional<String> failure(CompletableFuture<WorkAnswer> answer) throws InterruptedException {
        try {
            WorkAnswer told = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return told.ok() ? Optional.empty() : Optional.of(told.message());
        } catch (TimeoutException e) {
            return Optional.of("Orthanc did not do it in time");
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it with a failure", e);
        }
    }

    private void remake(Finding finding) {
        PackRow pack = TierObjects.packOf(need(finding.object()))
                .flatMap(packs::find)
                .orElseThrow(() -> changed("the pack is not known any more"));
        MarkedTier tier = tiers.get(need(finding.tier()));
        CopyRow copy = copies.find(pack.id(), tier.name()).orElseThrow(() -> changed("the pack has no copy there"));
        if (copy.state() != CopyState.RECEIVED && copy.state() != CopyState.SUSPECT) {
            return; // on its way already
        }
        if (tier.tier().head(PackPrologue.objectName(pack.pack())).isPresent()) {
            throw changed("the object is there again");
        }
        tier.requireOurs();
        copies.queued(copy);
    }

    private void abort(Finding finding) {
        String[] upload = need(finding.object()).split(" ", 2);
        MarkedTier tier = tiers.get(need(finding.tier()));
        if (upload.length != 2 || copies.uploads(tier.name()).contains(upload[1])) {
            throw changed("the upload goes on");
        }
        tier.requireOurs();
        tier.tier().abort(upload[0], upload[1]);
    }

    private void setAside(Finding finding) throws IOException {
        Path file = home.root().resolve(need(finding.file())).normalize();
        boolean spooled = file.startsWith(home.spool());
        if (file.equals(home.spool()) || (!spooled && !file.startsWith(home.cache())) || !Files.isRegularFile(file)) {
            throw changed("there is no such file in spool or cache");
        }
        quarantine.setAside(file);
        if (!spooled && finding.attachment() != null) {
            files.find(finding.attachment())
                    .filter(known -> known.place() == Place.CACHE || known.place() == Place.HEAD)
                    .ifPresent(known -> files.moved(
                            List.of(known.id()),
                            Files.exists(home.cachedHead(known.uuid())) ? Place.HEAD : Place.ABSENT));
        }
    }

    private void fromMirror(UUID uuid) throws IOException {
        if (Files.exists(home.spooled(uuid))) {
            throw changed("the file is there again");
        }
        if (!mirror.restore(uuid)) {
            throw changed("SpoolMirror does not have it any more");
        }
    }

    private static UUID attachment(Finding finding) {
        if (finding.attachment() == null) {
            throw changed("the finding names no attachment");
        }
        return finding.attachment();
    }

    private static String need(String text) {
        if (text == null) {
            throw changed("the finding does not say where");
        }
        return text;
    }

    private static StrongroomException changed(String text) {
        return StrongroomException.of(FailureKind.STALE, text);
    }
}
