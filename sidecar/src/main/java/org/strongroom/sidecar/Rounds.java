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
import org.strongroom.sidecar.audit.Cosigning;
import org.strongroom.sidecar.control.ControlDesk;
import org.strongroom.sidecar.evict.PartlyEvicted;
import org.strongroom.sidecar.forward.Forwarder;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.round.Round;
import org.strongroom.sidecar.seed.Seeds;
import org.strongroom.sidecar.trim.Trim;

/** The threads that bring the rooms to life: each room's task comes round at its own pace. */
final class Rounds implements ControlDesk.Orders, AutoCloseable {
    private static final Duration INTAKE = Duration.ofSeconds(1);
    private static final Duration PACK = Duration.ofSeconds(2);
    private static final Duration SHIP = Duration.ofSeconds(5);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration SETTLE_ALL = Duration.ofMinutes(1);
    private static final Duration EVICT = Duration.ofSeconds(30);
    private static final Duration FULL = Duration.ofSeconds(2);
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
        intake = pass("intake", INTAKE, rooms::refresh);
        pass("pack", PACK, () -> rooms.plan(false));
        rooms.tierRooms.forEach(this::begin);
        pass("settle", SETTLE, rooms.settler::settleReceived);
        settleAll = pass("settle-all", SETTLE_ALL, rooms.settler::settleAll);
        // Not behind eviction, which waits for tiers that are away: that is when a disk fills.
        pass("disk", EVICT, rooms.disk::judge);
        pass("disk-full", FULL, rooms.disk::tellFull);
        pass("evict", EVICT, this::evict);
        pass("alert", ALERT, rooms.alerts::look);
        pass("leftovers", LEFTOVERS, () -> {
            rooms.leftovers.look();
            if (!rooms.rebuild.isRunning()) {
                rooms.settler.sweepMirror();
            }
        });
        pass("recall", SCRUB, () -> rooms.recalls.look(rooms.reads::fetchAll));
        pass("drain", SCRUB, rooms.drains::look);
        pass("erase", EVICT, () -> {
            if (!rooms.rebuild.isRunning() && rooms.journal.isSound()) {
                rooms.localErasure.step();
            }
        });
        pass("purge", PURGE, () -> {
            Instant now = rooms.purgeClock.tick();
            if (rooms.deletions.mayPurge() && !rooms.rebuild.isRunning()) {
                rooms.purger.purge(now);
            }
        });
        pass("kit", KIT, () -> {
            rooms.kit.look();
            rooms.drills.look();
        });
        begin(rooms.audit);
    }

    private void begin(TierRoom tier) {
        ship.add(round("ship-" + tier.name, SHIP, tier.worker::step));
        round("scrub-" + tier.name, SCRUB, () -> !rooms.rebuild.isRunning() && tier.scrubber.step());
        pass("scrub-keys-" + tier.name, BUNDLES, () -> {
            if (!rooms.rebuild.isRunning()) {
                tier.bundleScrub.step();
            }
        });
        pass("scrub-objects-" + tier.name, BUNDLES, () -> {
            if (!rooms.rebuild.isRunning()) {
                tier.objectScrub.step();
            }
        });
        round("archive-" + tier.name, SCRUB, () -> !rooms.rebuild.isRunning() && tier.archiver.step());
        round("class-" + tier.name, SCRUB, () -> !rooms.rebuild.isRunning() && tier.aging.step());
        round("lock-" + tier.name, LOCK, () -> !rooms.rebuild.isRunning() && tier.locks.step());
        pass("anchor-" + tier.name, ANCHOR, tier.anchor::step);
        round("snapshot-" + tier.name, SHIP, () -> !rooms.rebuild.isRunning() && tier.snapshots.step());
    }

    private void begin(AuditRoom audit) {
        round("audit", AUDIT, () -> {
            rooms.events.again();
            return audit.sequencer.step();
        });
        round("audit-index", AUDIT_INDEX, audit.index::step);
        pass("audit-prune", PRUNE, rooms::pruneAudit);
        for (Forwarder forwarder : audit.forwarders) {
            round("forward-" + forwarder.name(), FORWARD, forwarder::step);
        }
        for (Cosigning cosigning : audit.cosignings) {
            pass("witness-" + cosigning.name(), FORWARD, cosigning::step);
        }
    }

    private void evict() throws IOException {
        try {
            tell(rooms.evictor.keepLevel(rooms.disk.missing()));
        } catch (PartlyEvicted e) {
            throw e.told(this::tell);
        }
    }

    private Round round(String name, Duration pause, Round.Task task) {
        Round round = new Round(name, pause, rooms.problems, task);
        all.add(round);
        return round;
    }

    /** A task that has done all there is to do when it returns. */
    @FunctionalInterface
    private interface Pass {
        void run() throws Exception;
    }

    private Round pass(String name, Duration pause, Pass pass) {
        return round(name, pause, () -> {
            pass.run();
            return false;
        });
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
            for (TierRoom tier : rooms.tierRooms) {
                tier.worker.tryAgain();
                tier.scrubber.tryAgain();
            }
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
            rooms.events.tell(AuditEvent.of(AuditType.EVICT)
                    .by(AuditEvent.STRONGROOM)
                    .with("instances", result.instances())
                    .with("bytes", result.bytes()));
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
