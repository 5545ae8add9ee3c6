package org.strongroom.sidecar.seed;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.SeedExportRequest;
import org.strongroom.core.control.SeedExported;
import org.strongroom.core.control.SeedReconcileRequest;
import org.strongroom.core.control.SeedReconciled;
import org.strongroom.core.control.SeedStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.SeedTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.ship.DiskCopy;
import org.strongroom.sidecar.uplink.Priority;

/**
 * Copies that go to their tier by hand. Each is noted beside the ledger before the line leaves it alone, and the note goes before the
 * line takes it again: whatever a crash comes between, a pack without a note is the line's. Thread-safe: one order at a time.
 */
public final class Seeds {
    private static final Logger LOG = LoggerFactory.getLogger(Seeds.class);
    private static final int PAGE = 100;
    /** After so long an order to reconcile answers, to be gone on with. */
    private static final Duration SLICE = Duration.ofSeconds(5);

    private final Home home;
    private final UUID installation;
    private final Tiers tiers;
    private final PackTable packs;
    private final CopyTable copies;
    private final SeedTable seeds;
    private final DiskCopy disks;
    private final SeedNotes notes;
    private final Landings landings;
    private final RunningTime time;

    public Seeds(
            Home home,
            UUID installation,
            Tiers tiers,
            PackTable packs,
            CopyTable copies,
            SeedTable seeds,
            DiskCopy disks,
            RunningTime time) {
        this.home = home;
        this.installation = installation;
        this.tiers = tiers;
        this.packs = packs;
        this.copies = copies;
        this.seeds = seeds;
        this.disks = disks;
        this.notes = new SeedNotes(home);
        this.landings = new Landings(disks);
        this.time = time;
    }

    /**
     * Makes ledger and notes agree. To be called once, before anything ships.
     *
     * @param rebuilding whether the ledger does not know everything: then it learns from the notes
     */
    public synchronized void open(boolean rebuilding, InstantSource clock) throws IOException {
        for (String tier : tiers.names()) {
            Set<UUID> noted = new HashSet<>();
            for (UUID pack : notes.packs(tier)) {
                if (rebuilding) {
                    notes.plan(tier, pack)
                            .filter(plan -> plan.prologue().installation().equals(installation))
                            .ifPresent(plan -> packs.planned(plan, clock.instant()));
                }
                Optional<CopyRow> copy = packs.find(pack).flatMap(row -> copies.find(row.id(), tier));
                if (copy.filter(this::isOnDisk).isPresent()) {
                    noted.add(pack);
                } else {
                    notes.remove(tier, pack);
                }
            }
            long behind = 0;
            for (List<CopyRow> page = seeds.waiting(tier, behind, PAGE);
                    !page.isEmpty();
                    page = seeds.waiting(tier, behind, PAGE)) {
                for (CopyRow copy : page) {
                    behind = copy.pack();
                    if (!noted.contains(packs.find(copy.pack()).orElseThrow().pack())) {
                        seeds.queued(copy);
                    }
                }
            }
        }
    }

    private boolean isOnDisk(CopyRow copy) {
        return copy.state() == CopyState.SEEDED || seeds.seeded(copy);
    }

    /** @throws StrongroomException NOT_FOUND if there is no such tier */
    public SeedStatus status(String tier) {
        return seeds.status(tiers.get(tier).name());
    }

    /**
     * Writes one pack that waits for the line to a disk, reads it back from there, and lets it wait for the disk.
     *
     * @throws StrongroomException REFUSED if the folder or the tier is not one for this; FULL if the disk has no room
     */
    public synchronized SeedExported export(String name, SeedExportRequest request) throws IOException {
        MarkedTier tier = tiers.get(name);
        if (!tier.takesCopies()) {
            throw StrongroomException.of(FailureKind.REFUSED, "nothing is put into this tier")
                    .with("tier", name)
                    .cure("Name another tier with --tier");
        }
        tier.agreement().reasonAgainst().ifPresent(refusal -> {
            throw refusal;
        });
        SeedDisk disk = SeedDisk.open(home, installation, request);
        long behind = request.behind() == null ? Long.MAX_VALUE : request.behind();
        Optional<CopyRow> copy = seeds.nextQueued(name, behind);
        if (copy.isEmpty()) {
            return new SeedExported(null, 0, null);
        }
        PackRow pack = packs.find(copy.get().pack()).orElseThrow();
        if (!tiers.isWanted(pack.owner(), name)) {
            return new SeedExported(pack.id(), 0, "its tenant's studies do not go to this tier");
        }
        PackLayout layout = packs.layout(pack);
        if (!disk.holds(layout)) {
            disk.requireRoom(layout.size());
            Optional<StrongroomException> reason = disks.write(disk.tier(), pack, layout);
            if (reason.isPresent()) {
                LOG.info(
                        "pack {} does not go to a disk: {}",
                        pack.pack(),
                        reason.get().getMessage());
                return new SeedExported(pack.id(), 0, reason.get().text());
            }
            if (!disk.holds(layout)) {
                throw StrongroomException.of(FailureKind.CORRUPT, "the disk does not give back what was written to it")
                        .with("disk", request.disk())
                        .with("pack", pack.pack())
                        .cure("Use another disk");
            }
        }
        notes.write(name, layout);
        if (seeds.seeded(copy.get())) {
            LOG.info("pack {} is on a disk for tier {}", pack.pack(), name);
            return new SeedExported(pack.id(), layout.size(), null);
        }
        notes.remove(name, pack.pack());
        disk.remove(layout);
        return new SeedExported(pack.id(), 0, "the line was faster");
    }

    /**
     * Looks for packs in the tier that wait for their disks; for some of them.
     *
     * @throws StrongroomException UNAVAILABLE if the tier is away
     */
    public synchronized SeedReconciled reconcile(String name, SeedReconcileRequest request) throws IOException {
        MarkedTier tier = tiers.get(name);
        tier.requireOurs();
        Duration end = time.now().plus(SLICE);
        long behind = request.behind() == null ? 0 : request.behind();
        Tally tally = new Tally();
        while (time.now().compareTo(end) < 0) {
            List<CopyRow> next = seeds.waiting(name, behind, 1);
            if (next.isEmpty()) {
                tier.requireOurs();
                return tally.answer(null);
            }
            CopyRow copy = next.get(0);
            behind = copy.pack();
            PackRow pack = packs.find(behind).orElseThrow();
            Landings.Landing[] landed = {null};
            PackLayout layout = packs.layout(pack);
            Priority.REPLICATION.during(() -> landed[0] = landings.look(tier.tier(), layout, request.keep()));
            Landings.Landing landing = landed[0];
            tier.expectOurs();
            if (landing == Landings.Landing.MISSING && !request.keep()) {
                tier.requireOurs(); // an unmounted disk shows nothing
            }
            tally.add(landing, pack.bytes());
            settle(copy, pack, landing, request.keep());
        }
        return tally.answer(behind);
    }

    private void settle(CopyRow copy, PackRow pack, Landings.Landing landing, boolean keep) throws IOException {
        switch (landing) {
            case PROVEN, TOLD -> {
                seeds.arrived(copy, landing == Landings.Landing.PROVEN);
                LOG.info("pack {} came to tier {} by hand", pack.pack(), copy.tier());
            }
            case WRONG -> copies.suspect(copy);
            case MISSING -> {
                if (keep) {
                    return;
                }
                notes.remove(copy.tier(), pack.pack());
                seeds.queued(copy);
            }
            case UNREAD -> {
                return;
            }
        }
        notes.remove(copy.tier(), pack.pack());
    }

    /** The line takes everything that waits for a disk. */
    public synchronized SeedStatus cancel(String name) throws IOException {
        SeedStatus before = status(name);
        for (List<CopyRow> page = seeds.waiting(name, 0, PAGE); !page.isEmpty(); page = seeds.waiting(name, 0, PAGE)) {
            for (CopyRow copy : page) {
                notes.remove(name, packs.find(copy.pack()).orElseThrow().pack());
                seeds.queued(copy);
            }
        }
        return before;
    }
}
