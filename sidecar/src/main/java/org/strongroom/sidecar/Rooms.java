package org.strongroom.sidecar;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.strongroom.core.control.Remains;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.alert.Alerts;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.drain.Drains;
import org.strongroom.sidecar.erase.KeyRemains;
import org.strongroom.sidecar.erase.LocalErasure;
import org.strongroom.sidecar.evict.Confirmations;
import org.strongroom.sidecar.evict.DiskGuard;
import org.strongroom.sidecar.evict.Evictor;
import org.strongroom.sidecar.fetch.SealedReads;
import org.strongroom.sidecar.finding.Findings;
import org.strongroom.sidecar.finding.QuarantinedStudies;
import org.strongroom.sidecar.finding.Silent;
import org.strongroom.sidecar.finding.Surpluses;
import org.strongroom.sidecar.finding.UnreviewedEmergencies;
import org.strongroom.sidecar.forecast.Outlook;
import org.strongroom.sidecar.fsck.Deletions;
import org.strongroom.sidecar.fsck.Fsck;
import org.strongroom.sidecar.fsck.Repairs;
import org.strongroom.sidecar.intake.Intake;
import org.strongroom.sidecar.intake.JournalTail;
import org.strongroom.sidecar.intake.Leftovers;
import org.strongroom.sidecar.kit.DrillWatch;
import org.strongroom.sidecar.kit.KitWatch;
import org.strongroom.sidecar.ledger.DeletionTable;
import org.strongroom.sidecar.ledger.Inventory;
import org.strongroom.sidecar.ledger.SeedTable;
import org.strongroom.sidecar.limit.TemporaryLimit;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.pack.Packer;
import org.strongroom.sidecar.purge.CopyDeletion;
import org.strongroom.sidecar.purge.DeletionBudget;
import org.strongroom.sidecar.purge.HoldDesk;
import org.strongroom.sidecar.purge.LocalFiles;
import org.strongroom.sidecar.purge.NewestJournal;
import org.strongroom.sidecar.purge.PatientClock;
import org.strongroom.sidecar.purge.Purger;
import org.strongroom.sidecar.purge.Undelete;
import org.strongroom.sidecar.rebuild.Rebuild;
import org.strongroom.sidecar.receipt.OpenChecks;
import org.strongroom.sidecar.receipt.Receipts;
import org.strongroom.sidecar.receipt.Settler;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.scrub.Recount;
import org.strongroom.sidecar.seed.Seeds;
import org.strongroom.sidecar.ship.DiskCopy;
import org.strongroom.sidecar.ship.KeyBundles;
import org.strongroom.sidecar.trim.Trim;
import org.strongroom.sidecar.uplink.Uplink;
import org.strongroom.sidecar.work.WorkDesk;

/**
 * All rooms of one sidecar, furnished and joined, with nobody in them yet: {@link Rounds} brings them to life. In the order of an
 * instance's life; each tier has a {@link TierRoom} of its own, and the audit log an {@link AuditRoom}.
 */
final class Rooms extends Ground {
    final WorkDesk desk;
    final TemporaryLimit limit;
    final Intake intake;
    final JournalTail journal;
    final Leftovers leftovers;
    final Rebuild rebuild;
    final Packer packer;
    final Receipts receipts;
    final Settler settler;
    final Replicas replicas;
    final Recalls recalls;
    final Seeds seeds;
    final List<TierRoom> tierRooms;
    final Outlook outlook;
    final DiskGuard disk;
    final Drains drains;
    final Trim trim;
    final Recount recount;
    final Evictor evictor;
    final Findings findings;
    final Alerts alerts;
    final SealedReads reads;
    final Purger purger;
    final PatientClock purgeClock;
    final Undelete undelete;
    final HoldDesk holdDesk;
    final LocalErasure localErasure;
    final Deletions deletions;
    final Fsck fsck;
    final Repairs repairs;
    final AuditRoom audit;
    final KitWatch kit;
    final DrillWatch drills;
    private final KeyRemains remains;

    Rooms(
            Home home,
            UUID installation,
            Rules rules,
            Tiers tiers,
            Uplink uplink,
            InstantSource clock,
            RunningTime time,
            Sleeper sleeper)
            throws IOException {
        super(home, installation, rules, tiers, uplink, clock, time, sleeper);
        desk = new WorkDesk(time);
        limit = new TemporaryLimit(uplink, table, clock);
        drains = new Drains(tiers, placed, table, this::isRebuilding, events::record);
        // Only now it is known which tiers are being left: these take no copies.
        table.configure(tiers.names(), name -> tiers.get(name).takesCopies());
        intake = new Intake(home, installation, files, problems, clock);
        journal = new JournalTail(home, installation, files, table, problems, clock, time);
        List<Path> areas = new ArrayList<>(List.of(home.spool(), home.cache()));
        rules.mirror().ifPresent(areas::add);
        leftovers = new Leftovers(areas, time);
        rebuild = new Rebuild(home, installation, intake, files, packs, table, problems, clock, time);
        Optional<Instant> before = ledger.isNew() ? rebuild.begin() : Optional.empty();
        purgeClock = new PatientClock(table, problems, clock, time);
        before.ifPresent(purgeClock::startAt);
        packer = new Packer(home, rules.pack(), studies, packs, problems, clock, time);
        receipts = new Receipts(files, packs, copies, tiers);
        settler = new Settler(home, rules.mirror(), files, packs, receipts, problems);
        replicas = new Replicas(tiers, copies, archive, problems, time);
        recalls = new Recalls(tiers, rules.archive(), packs, copies, archive, problems, clock, events::tell);
        seeds = new Seeds(
                home, installation, tiers, packs, copies, new SeedTable(ledger), new DiskCopy(home, replicas), time);
        seeds.open(rebuild.isRunning(), clock);
        disk = new DiskGuard(home.root(), rules.reserve(), problems);
        recount = new Recount(new Inventory(ledger), copies, table, problems);
        CopyDeletion deletion = new CopyDeletion(copies, tiers, problems);
        NewestJournal newest = new NewestJournal(home, installation, tiers, table, problems, time);
        tierRooms = tierRooms(deletion, newest);
        Map<String, Supplier<Optional<Long>>> speeds = new HashMap<>();
        tierRooms.forEach(tier -> speeds.put(tier.name, tier.worker::bytesPerSecond));
        outlook = new Outlook(ledger, tiers, uplink::timetable, speeds, clock);
        trim = new Trim(
                tiers,
                packs,
                copies,
                table,
                deletion,
                problems,
                new Confirmations(tiers, copies, problems, clock),
                rebuild::isRunning,
                events::record,
                clock,
                time);
        evictor = new Evictor(home, rules.cache(), ledger, files, studies, packs, copies, tiers, problems, clock);
        findings = new Findings(
                ledger,
                tiers,
                problems,
                desk::isConnected,
                desk::isMissed,
                new QuarantinedStudies(home, studies),
                new UnreviewedEmergencies(home),
                new Silent(home.silentDirectory()),
                new Silent(home.silentProvider()),
                new Surpluses(placed, tiers, () -> QuarantinedStudies.tenant(home), time)::problems);
        alerts = new Alerts(findings::lasting, rules.alerts(), clock, time);
        reads = new SealedReads(
                home,
                rules.fetch(),
                replicas,
                recalls,
                uplink,
                files,
                studies,
                packs,
                clock,
                time,
                disk::isTight,
                rebuild::isRunning,
                evictor::room,
                sleeper);
        LocalFiles local = new LocalFiles(home, rules.mirror());
        purger = new Purger(
                local,
                deletion,
                rules.forget(),
                files,
                packs,
                copies,
                holds,
                budget(false),
                tiers,
                problems,
                this::refreshWhole,
                receipts::isNeeded,
                events::record);
        undelete = new Undelete(home, rules.forget(), files, packs, holds, desk, this::refresh, clock);
        holdDesk = new HoldDesk(desk, this::refresh);
        deletions = new Deletions(table, problems, journal::isSound, newest::isHere);
        localErasure = new LocalErasure(local, erasures, files, packs, copies);
        remains = new KeyRemains(
                erasures,
                tierRooms.stream().map(tier -> tier.erasure).toList(),
                studies,
                receipts,
                journal::isSound,
                deletions::mayPurge);
        fsck = new Fsck(
                home,
                installation,
                rules.mirror(),
                new Inventory(ledger),
                copies,
                tiers,
                desk,
                this::refresh,
                rebuild::isRunning,
                deletions,
                sleeper);
        repairs = new Repairs(home, rules.mirror(), files, packs, copies, tiers, desk, deletions, events::record);
        kit = new KitWatch(home, rules.proveKit(), problems, clock);
        drills = new DrillWatch(
                home, tiers.all().stream().map(MarkedTier::name).toList(), rules.drillEvery(), problems, clock);
        audit = new AuditRoom(this);
    }

    private List<TierRoom> tierRooms(CopyDeletion deletion, NewestJournal newest) {
        KeyBundles bundles = new KeyBundles(home, installation, table, time);
        OpenChecks checks =
                new OpenChecks(copies, packs, table, erasures, desk, problems, clock, time, settler::received);
        DeletionBudget budget = budget(true);
        return tiers.all().stream()
                .map(tier -> new TierRoom(
                        tier, this, rebuild, replicas, recalls, bundles, checks, newest, deletion, budget, recount,
                        disk))
                .toList();
    }

    private DeletionBudget budget(boolean repairs) {
        return new DeletionBudget(new DeletionTable(ledger, repairs), rules.forget(), purgeClock::last);
    }

    /** For what is made before {@link #rebuild} is. */
    private boolean isRebuilding() {
        return rebuild.isRunning();
    }

    private Optional<TierRoom> tierRoom(String name) {
        return tierRooms.stream().filter(tier -> tier.name.equals(name)).findAny();
    }

    /** Everything that was signed into the audit log until then is known to be in a tier. */
    Optional<Instant> anchored(String tier) {
        return tierRoom(tier).flatMap(room -> room.anchor.through());
    }

    /** What a tier's store was seen to do, and not to do. */
    Map<String, String> abilities(String tier) {
        return tierRoom(tier).map(room -> room.locks.abilities()).orElse(Map.of());
    }

    /** As {@link KeyRemains#of}. */
    Remains remains(UUID key) {
        return remains.of(key);
    }

    /** Takes away what the audit log keeps no longer, if the settings say so and nothing is in doubt. */
    void pruneAudit() throws IOException {
        if (!rebuild.isRunning() && journal.isSound()) {
            audit.prune(purgeClock.last(), tierRooms);
        }
    }

    /** Takes in what is in the spool and the journal, then plans what is due, or everything. */
    void plan(boolean everything) throws IOException {
        if (everything) {
            journal.read();
            intake.scan();
        }
        if (!rebuild.isRunning()) {
            packer.plan(everything);
        }
    }

    /** Plans the studies of these sealed files, quiet or not. */
    void planOf(List<UUID> attachments) throws IOException {
        if (!rebuild.isRunning()) {
            packer.planOf(attachments.stream().map(files::sealed).toList());
        }
    }

    /** Takes in what is in journal and spool now. */
    void refresh() throws IOException {
        synchronized (intake) {
            journal.read();
            intake.scan();
        }
    }

    /** The same, for who deletes what there is no other copy of: a journal that was found not to be whole tells too little for it. */
    private void refreshWhole() throws IOException {
        refresh();
        if (!journal.isSound()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the journal is not whole: nothing is purged");
        }
    }

    @Override
    public void close() {
        reads.close();
        replicas.close();
        super.close();
    }
}
