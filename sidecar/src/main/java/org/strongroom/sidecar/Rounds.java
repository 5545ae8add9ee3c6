package org.strongroom.sidecar;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.DrainRequest;
import org.strongroom.core.control.DrainStatus;
import org.strongroom.core.control.EvictResult;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.archive.Aging;
import org.strongroom.sidecar.archive.Archiver;
import org.strongroom.sidecar.audit.Cosigning;
import org.strongroom.sidecar.audit.TierAnchor;
import org.strongroom.sidecar.control.ControlDesk;
import org.strongroom.sidecar.evict.PartlyEvicted;
import org.strongroom.sidecar.forward.Forwarder;
import org.strongroom.sidecar.lock.Locks;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.round.Round;
import org.strongroom.sidecar.scrub.BundleScrub;
import org.strongroom.sidecar.scrub.ObjectScrub;
import org.strongroom.sidecar.scrub.Scrubber;
import org.strongroom.sidecar.seed.Seeds;
import org.strongroom.sidecar.ship.TierWorker;
import org.strongroom.sidecar.snapshot.SnapshotCopies;
import org.strongroom.sidecar.trim.Trim;

/** The threads that bring the rooms to life: each room's task comes round at its own pace. */
final class Rounds implements ControlDesk.Orders, AutoCloseable {
    private static final Duration INTAKE = Duration.ofSeconds(1);
    private static final Duration PACK = Duration.ofSeconds(2);
    private static final Duration SHIP = Duration.ofSeconds(5);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration SETTLE_ALL = Duration.ofMinutes(1);
    private static final Duration EVICT = Duration.ofSeconds(30);
    private static final Duration ALERT = Duration.ofSeconds(20);
    private static final Duration SCRUB = Duration.ofSeconds(10);
    private static final Duration LOCK = Duration.ofMinutes(1);
    private static final Duration AUDIT = Duration.ofSeconds(1);
    private static final Duration AUDIT_INDEX = Duration.ofMinutes(1);
    private static final Duration ANCHOR = Duration.ofSeconds(2);
    private static final Duration PRUNE = Duration.ofDays(1);
    private static final Duration KIT = Duration.ofMinutes(1);
    private static final Duration FORWARD = Duration.ofSeconds(2);
    private static final Duration PURGE = Duration.ofHours(1);
    private static final Duration LEFTOVERS = Duration.ofHours(1);
    private static final Duration BUNDLES = Duration.ofHours(1);

    private final Rooms rooms;
    private final Round intake;
    private final Round settleAll;
    private final List<Round> ship = new ArrayList<>();
    private final List<Round> all = new ArrayList<>();

    Rounds(Rooms rooms) {
        this.rooms = rooms;
        intake = round("intake", INTAKE, () -> {
            rooms.refresh();
            return false;
        });
        round("pack", PACK, () -> {
            rooms.plan(false);
            return false;
        });
        for (TierWorker worker : rooms.workers) {
            ship.add(round("ship-" + worker.name(), SHIP, worker::step));
        }
        round("settle", SETTLE, () -> {
            rooms.settler.settleReceived();
            return false;
        });
        settleAll = round("settle-all", SETTLE_ALL, () -> {
            rooms.settler.settleAll();
            return false;
        });
        // Not behind eviction, which waits for tiers that are away: that is when a disk fills.
        round("disk", EVICT, () -> {
            rooms.disk.judge();
            return false;
        });
        round("evict", EVICT, () -> {
            try {
                tell(rooms.evictor.keepLevel(rooms.disk.missing()));
            } catch (PartlyEvicted e) {
                throw e.told(this::tell);
            }
            return false;
        });
        round("alert", ALERT, () -> {
            rooms.alerts.look();
            return false;
        });
        round("leftovers", LEFTOVERS, () -> {
            rooms.leftovers.look();
            if (!rooms.rebuild.isRunning()) {
                rooms.settler.sweepMirror();
            }
            return false;
        });
        for (Scrubber scrubber : rooms.scrubbers) {
            round("scrub-" + scrubber.name(), SCRUB, () -> !rooms.rebuild.isRunning() && scrubber.step());
        }
        for (BundleScrub scrub : rooms.bundleScrubs) {
            round("scrub-keys-" + scrub.name(), BUNDLES, () -> {
                if (!rooms.rebuild.isRunning()) {
                    scrub.step();
                }
                return false;
            });
        }
        for (ObjectScrub scrub : rooms.objectScrubs) {
            round("scrub-objects-" + scrub.name(), BUNDLES, () -> {
                if (!rooms.rebuild.isRunning()) {
                    scrub.step();
                }
                return false;
            });
        }
        for (Archiver archiver : rooms.archivers) {
            round("archive-" + archiver.name(), SCRUB, () -> !rooms.rebuild.isRunning() && archiver.step());
        }
        for (Aging aging : rooms.agings) {
            round("class-" + aging.name(), SCRUB, () -> !rooms.rebuild.isRunning() && aging.step());
        }
        round("recall", SCRUB, () -> {
            rooms.recalls.look(rooms.reads::fetchAll);
            return false;
        });
        for (Locks locks : rooms.locks) {
            round("lock-" + locks.name(), LOCK, () -> !rooms.rebuild.isRunning() && locks.step());
        }
        round("drain", SCRUB, () -> {
            rooms.drains.look();
            return false;
        });
        round("audit", AUDIT, rooms.audit::step);
        round("audit-index", AUDIT_INDEX, rooms.auditIndex::step);
        for (TierAnchor anchor : rooms.anchors) {
            round("anchor-" + anchor.name(), ANCHOR, () -> {
                anchor.step();
                return false;
            });
        }
        round("audit-prune", PRUNE, () -> {
            rooms.pruneAudit();
            return false;
        });
        round("kit", KIT, () -> {
            rooms.kit.look();
            rooms.drills.look();
            return false;
        });
        round("erase", EVICT, () -> {
            if (!rooms.rebuild.isRunning() && rooms.journal.isSound()) {
                rooms.localErasure.step();
            }
            return false;
        });
        for (SnapshotCopies copies : rooms.snapshots) {
            round("snapshot-" + copies.name(), SHIP, () -> !rooms.rebuild.isRunning() && copies.step());
        }
        for (Forwarder forwarder : rooms.forwarders) {
            round("forward-" + forwarder.name(), FORWARD, forwarder::step);
        }
        for (Cosigning cosigning : rooms.cosignings) {
            round("witness-" + cosigning.name(), FORWARD, () -> {
                cosigning.step();
                return false;
            });
        }
        round("purge", PURGE, () -> {
            Instant now = rooms.purgeClock.tick();
            if (rooms.deletions.mayPurge() && !rooms.rebuild.isRunning()) {
                rooms.purger.purge(now);
            }
            return false;
        });
    }

    private Round round(String name, Duration pause, Round.Task task) {
        Round round = new Round(name, pause, rooms.problems, task);
        all.add(round);
        return round;
    }

    @Override
    public Instant patientTime() {
        return rooms.purgeClock.tick();
    }

    @Override
    public void ship(boolean now) throws IOException {
        try {
            if (now) {
                synchronized (rooms.intake) {
                    rooms.plan(true);
                }
            }
        } finally { // what is planned goes, whatever else cannot be
            rooms.workers.forEach(TierWorker::tryAgain);
            rooms.scrubbers.forEach(Scrubber::tryAgain);
            settleAll.wake();
            wakeShipping();
            all.forEach(Round::tryAgain); // somebody believes that what they failed of is over
        }
    }

    @Override
    public void complete(List<UUID> attachments) throws IOException {
        rooms.refresh();
        rooms.planOf(attachments);
        wakeShipping();
    }

    @Override
    public void journalGrew() {
        intake.wake();
    }

    @Override
    public void takeIn() throws IOException {
        rooms.refresh();
        if (rooms.rebuild.isRunning()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the ledger is being rebuilt")
                    .cure("Wait until strongroom status does not say so any more, and try again");
        }
    }

    @Override
    public void wakeShipping() {
        ship.forEach(Round::wake);
    }

    @Override
    public long tierAdded(String tier) {
        MarkedTier marked = rooms.tiers.get(tier);
        boolean[] fresh = new boolean[1];
        long gone =
                rooms.events.recorded(() -> ordered("add", tier).with("marked", fresh[0] ? "anew" : "before"), () -> {
                    fresh[0] = TierMarker.read(marked.tier()).isEmpty();
                    marked.mark();
                    rooms.drains.takeBack(marked);
                    return rooms.recount.run(marked);
                });
        wakeShipping();
        return gone;
    }

    @Override
    public DrainStatus drain(String tier, DrainRequest request) {
        if (request.dryRun()) {
            return rooms.drains.drain(tier, request);
        }
        DrainStatus status = rooms.events.recorded(
                () -> ordered("drain", tier).with("to", request.to()), () -> rooms.drains.drain(tier, request));
        wakeShipping();
        return status;
    }

    /** What the disk needed room for; nobody ordered it. */
    private void tell(EvictResult result) {
        if (result.bytes() > 0) {
            rooms.events.record(List.of(AuditEvent.of(AuditType.EVICT)
                    .by(AuditEvent.STRONGROOM)
                    .with("instances", result.instances())
                    .with("bytes", result.bytes())));
        }
    }

    private static AuditEvent ordered(String what, String tier) {
        return AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.COMMAND_LINE)
                .with("order", what)
                .with("tier", tier);
    }

    @Override
    public DrainStatus drain(String tier) {
        return rooms.drains.status(tier);
    }

    @Override
    public Seeds seeds() {
        return rooms.seeds;
    }

    @Override
    public Trim trim() {
        return rooms.trim;
    }

    @Override
    public void close() {
        all.forEach(Round::stop);
        all.forEach(Round::close);
    }
}
