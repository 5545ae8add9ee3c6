package org.strongroom.sidecar;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.EventTenants;
import org.strongroom.core.control.Remains;
import org.strongroom.core.control.Status.WitnessStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.TenantIds;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.alert.Alerts;
import org.strongroom.sidecar.archive.Aging;
import org.strongroom.sidecar.archive.Archiver;
import org.strongroom.sidecar.archive.Companions;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.audit.AuditHolding;
import org.strongroom.sidecar.audit.Cosigning;
import org.strongroom.sidecar.audit.DailyPrune;
import org.strongroom.sidecar.audit.OwnEvents;
import org.strongroom.sidecar.audit.Pruner;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.audit.StudyOfImage;
import org.strongroom.sidecar.audit.TierAnchor;
import org.strongroom.sidecar.drain.Drains;
import org.strongroom.sidecar.erase.LocalErasure;
import org.strongroom.sidecar.erase.TierErasure;
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
import org.strongroom.sidecar.forward.Forwarder;
import org.strongroom.sidecar.forward.Forwards;
import org.strongroom.sidecar.fsck.Deletions;
import org.strongroom.sidecar.fsck.Fsck;
import org.strongroom.sidecar.fsck.Repairs;
import org.strongroom.sidecar.intake.AttachmentKeys;
import org.strongroom.sidecar.intake.Intake;
import org.strongroom.sidecar.intake.JournalTail;
import org.strongroom.sidecar.intake.Leftovers;
import org.strongroom.sidecar.kit.DrillWatch;
import org.strongroom.sidecar.kit.KitWatch;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.ClassTable;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.DeletionTable;
import org.strongroom.sidecar.ledger.ErasureTable;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.HoldTable;
import org.strongroom.sidecar.ledger.Inventory;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.SeedTable;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.limit.TemporaryLimit;
import org.strongroom.sidecar.lock.Locks;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.pack.Packer;
import org.strongroom.sidecar.problem.Problems;
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
import org.strongroom.sidecar.scrub.BundleScrub;
import org.strongroom.sidecar.scrub.JournalHolding;
import org.strongroom.sidecar.scrub.ObjectScrub;
import org.strongroom.sidecar.scrub.Recount;
import org.strongroom.sidecar.scrub.Scrubber;
import org.strongroom.sidecar.search.SearchIndex;
import org.strongroom.sidecar.seed.Seeds;
import org.strongroom.sidecar.ship.DiskCopy;
import org.strongroom.sidecar.ship.KeyBundles;
import org.strongroom.sidecar.ship.TierWorker;
import org.strongroom.sidecar.snapshot.SnapshotCopies;
import org.strongroom.sidecar.snapshot.SnapshotHolding;
import org.strongroom.sidecar.trim.Trim;
import org.strongroom.sidecar.uplink.Uplink;
import org.strongroom.sidecar.work.WorkDesk;

/**
 * All rooms of one sidecar, furnished and joined, with nobody in them yet: {@link Rounds} brings them to life. In the order
 * of an instance's life.
 */
final class Rooms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rooms.class);

    final Home home;
    final UUID installation;
    final Rules rules;
    final Tiers tiers;
    final Uplink uplink;
    final InstantSource clock;
    final RunningTime time;
    final Problems problems = new Problems();
    final WorkDesk desk;
    final Ledger ledger;
    final FileTable files;
    final StudyTable studies;
    final PackTable packs;
    final CopyTable copies;
    private final HoldTable holds;
    final ArchiveTable archive;
    final TierTable table;
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
    final List<TierWorker> workers = new ArrayList<>();
    final Outlook outlook;
    final DiskGuard disk;
    final Drains drains;
    final Trim trim;
    final Recount recount;
    final List<Scrubber> scrubbers = new ArrayList<>();
    final List<BundleScrub> bundleScrubs = new ArrayList<>();
    final List<ObjectScrub> objectScrubs = new ArrayList<>();
    final List<Archiver> archivers = new ArrayList<>();
    final List<Aging> agings = new ArrayList<>();
    final ClassTable classes;
    final List<Locks> locks = new ArrayList<>();
    final Evictor evictor;
    final Findings findings;
    final Alerts alerts;
    final SealedReads reads;
    final Purger purger;
    final PatientClock purgeClock;
    final Undelete undelete;
    final HoldDesk holdDesk;
    final ErasureTable erasures;
    final List<TierErasure> tierErasures = new ArrayList<>();
    final LocalErasure localErasure;
    final Deletions deletions;
    final Fsck fsck;
    final Repairs repairs;
    final Sequencer audit;
    final SearchIndex auditIndex;
    final OwnEvents events;
    final List<TierAnchor> anchors = new ArrayList<>();
    final KitWatch kit;
    final DrillWatch drills;
    final List<SnapshotCopies> snapshots = new ArrayList<>();
    final List<Forwarder> forwarders;
    final List<Cosigning> cosignings = new ArrayList<>();

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
        this.home = home;
        this.installation = installation;
        this.rules = rules;
        this.tiers = tiers;
        this.uplink = uplink;
        this.clock = clock;
        this.time = time;
        desk = new WorkDesk(time);
        ledger = Ledger.open(home.ledger(), clock.instant());
        files = new FileTable(ledger);
        studies = new StudyTable(ledger);
        packs = new PackTable(ledger, tiers::isWanted);
        copies = new CopyTable(ledger, tiers::isWanted);
        holds = new HoldTable(ledger);
        erasures = new ErasureTable(ledger);
        archive = new ArchiveTable(ledger);
        classes = new ClassTable(ledger);
        table = new TierTable(ledger, tiers::isWanted);
        limit = new TemporaryLimit(uplink, table, clock);
        events = new OwnEvents(home, clock, time);
        events.complete(this::withTenant);
        drains = new Drains(tiers, copies, table, () -> rebuilding(), event -> events.record(List.of(event)));
        table.configure(tiers.names(), name -> tiers.get(name).takesCopies());
        intake = new Intake(home, installation, files, problems, clock);
        journal = new JournalTail(home, installation, files, table, problems, clock, time);
        List<Path> areas = new ArrayList<>(List.of(home.spool(), home.cache()));
        rules.mirror().ifPresent(areas::add);
        leftovers = new Leftovers(areas, time);
        rebuild = new Rebuild(home, installation, intake, files, packs, table, problems, clock, time);
        Optional<Instant> before = ledger.isNew() ? rebuild.begin() : Optional.empty();
        packer = new Packer(home, rules.pack(), studies, packs, problems, clock, time);
        receipts = new Receipts(files, packs, copies, tiers);
        settler = new Settler(home, rules.mirror(), files, packs, receipts, problems);
        replicas = new Replicas(tiers, copies, archive, problems, time);
        recalls = new Recalls(tiers, rules.archive(), packs, copies, archive, problems, clock, this::tell);
        seeds = new Seeds(
                home, installation, tiers, packs, copies, new SeedTable(ledger), new DiskCopy(home, replicas), time);
        seeds.open(rebuild.isRunning(), clock);
        KeyBundles bundles = new KeyBundles(home, installation, table, time);
        disk = new DiskGuard(home.root(), rules.reserve(), problems);
        OpenChecks checks =
                new OpenChecks(copies, packs, table, erasures, desk, problems, clock, time, settler::received);
        CopyDeletion deletion = new CopyDeletion(copies, tiers, problems);
        tiers.all()
                .forEach(tier -> tierErasures.add(
                        new TierErasure(tier, erasures, copies, deletion, bundles, table, clock, time)));
        trim = new Trim(
                tiers,
                packs,
                copies,
                table,
                deletion,
                problems,
                new Confirmations(tiers, copies, problems, clock),
                rebuild::isRunning,
                this::tell,
                clock,
                time);
        NewestJournal newest = new NewestJournal(home, installation, tiers, table, problems, time);
        tierErasures.forEach(erasure -> workers.add(new TierWorker(
                home,
                tiers.get(erasure.name()),
                tiers,
                packs,
                copies,
                replicas,
                recalls,
                table,
                bundles,
                erasure::step,
                newest,
                checks,
                rebuild,
                problems,
                disk::isTight,
                uplink,
                clock,
                time)));
        Map<String, Supplier<Optional<Long>>> speeds = new HashMap<>();
        workers.forEach(worker -> speeds.put(worker.name(), worker::bytesPerSecond));
        outlook = new Outlook(ledger, tiers, uplink::timetable, speeds, clock);
        purgeClock = new PatientClock(table, problems, clock, time);
        before.ifPresent(purgeClock::startAt);
        DeletionBudget budget = new DeletionBudget(new DeletionTable(ledger, false), rules.forget(), purgeClock::last);
        DeletionBudget repairBudget =
                new DeletionBudget(new DeletionTable(ledger, true), rules.forget(), purgeClock::last);
        recount = new Recount(new Inventory(ledger), copies, table, problems);
        tiers.all()
                .forEach(tier -> scrubbers.add(new Scrubber(
                        home,
                        rules.scrub(),
                        tier,
                        packs,
                        copies,
                        archive,
                        table,
                        bundles,
                        checks,
                        replicas,
                        recount,
                        repairBudget,
                        problems,
                        speeds.get(tier.name()),
                        uplink,
                        clock,
                        time,
                        sleeper,
                        this::tell)));
        tiers.all()
                .forEach(tier -> bundleScrubs.add(new BundleScrub(
                        tier, rules.scrub(), table, bundles, problems, uplink, clock, time, this::tell)));
        tiers.all()
                .forEach(tier -> objectScrubs.add(new ObjectScrub(
                        tier,
                        rules.scrub(),
                        List.of(
                                new JournalHolding(home, tier.name(), table),
                                new SnapshotHolding(home, tier, rules.snapshots()),
                                new AuditHolding(home, tier, table)),
                        table,
                        problems,
                        uplink,
                        clock,
                        this::tell)));
        Companions companions = new Companions(home, "archive");
        tiers.all()
                .forEach(tier -> archivers.add(new Archiver(
                        tier,
                        Optional.ofNullable(rules.archive().get(tier.name())),
                        companions,
                        packs,
                        archive,
                        replicas,
                        problems,
                        uplink,
                        clock,
                        time,
                        this::tell)));
        tiers.all()
                .forEach(tier -> agings.add(new Aging(
                        tier,
                        rules.byAge().getOrDefault(tier.name(), List.of()),
                        packs,
                        classes,
                        replicas,
                        problems,
                        uplink,
                        clock,
                        time,
                        this::tell)));
        tiers.all().forEach(tier -> locks.add(new Locks(home, tier, packs, copies, archive, table, problems, clock)));
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
                new Surpluses(copies, tiers, () -> QuarantinedStudies.tenant(home), time)::problems);
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
        localErasure = new LocalErasure(local, erasures, files, packs, copies);
        purger = new Purger(
                local,
                deletion,
                rules.forget(),
                files,
                packs,
                copies,
                holds,
                budget,
                tiers,
                problems,
                this::refreshWhole,
                receipts::isNeeded,
                this::tell);
        undelete = new Undelete(home, rules.forget(), files, packs, holds, desk, this::refresh, clock);
        holdDesk = new HoldDesk(desk, this::refresh);
        deletions = new Deletions(table, problems, journal::isSound, newest::isHere);
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
        repairs = new Repairs(
                home,
                rules.mirror(),
                files,
                packs,
                copies,
                tiers,
                desk,
                deletions,
                event -> events.record(List.of(event)));
        kit = new KitWatch(home, rules.proveKit(), problems, clock);
        drills = new DrillWatch(
                home, tiers.all().stream().map(MarkedTier::name).toList(), rules.drillEvery(), problems, clock);
        audit = new Sequencer(home, installation, rules.audit(), clock, time);
        audit.complete(new StudyOfImage(new AttachmentKeys(home, installation, files)::keyOf, this::withTenant));
        auditIndex = new SearchIndex(home.audit());
        forwarders = Forwards.of(rules.forward(), home, installation, problems, uplink, clock, time);
        rules.witnesses()
                .forEach((name, witness) -> cosignings.add(new Cosigning(
                        name,
                        home.audit(),
                        witness,
                        rules.audit(),
                        event -> events.record(List.of(event)),
                        problems,
                        uplink,
                        memory("witness/" + name + "/" + witness.key().text()),
                        clock,
                        time)));
        tiers.all()
                .forEach(tier ->
                        anchors.add(new TierAnchor(home, tier, rules.audit(), table, problems, uplink, clock, time)));
        tiers.all()
                .forEach(tier -> snapshots.add(
                        new SnapshotCopies(home, tier, rules.snapshots(), table, problems, uplink, clock, time)));
    }

    /** Everything that was signed into the audit log until then is known to be in a tier. */
    Optional<Instant> anchored(String tier) {
        return anchors.stream()
                .filter(anchor -> anchor.name().equals(tier))
                .findAny()
                .flatMap(TierAnchor::through);
    }

    /** What a tier's store was seen to do, and not to do. */
    Map<String, String> abilities(String tier) {
        return locks.stream()
                .filter(one -> one.name().equals(tier))
                .findAny()
                .map(Locks::abilities)
                .orElse(Map.of());
    }

    /** The witnesses of the audit log, by their names. */
    Map<String, WitnessStatus> witnesses() {
        Map<String, WitnessStatus> all = new LinkedHashMap<>();
        cosignings.forEach(one -> all.put(one.name(), one.status()));
        return all;
    }

    /**
     * What there is of what a key sealed, by what was taken in.
     *
     * @throws StrongroomException UNAVAILABLE if the journal has a gap, or if the key is not destroyed and nothing may be purged now: nobody
     *     knows what Orthanc removed
     */
    Remains remains(UUID key) {
        if (!journal.isSound()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the journal has a gap")
                    .cure("Restore the journal from a tier");
        }
        boolean destroyed = erasures.isDestroyed(key);
        if (!destroyed && !deletions.mayPurge()) {
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE,
                            "a tier has a newer journal or was never asked, or Orthanc's index went backwards")
                    .with("key", key)
                    .cure("See strongroom status, and do what it says; a tier that was away is asked again after a"
                            + " minute");
        }
        Map<String, String> left = new HashMap<>();
        for (TierErasure tier : tierErasures) {
            Optional<String> here = destroyed ? tier.left(key) : tier.packs(key);
            here.ifPresent(what -> left.put(tier.name(), what));
        }
        long waiting =
                studies.find(key).map(study -> receipts.waiting(study.id())).orElse(0L);
        return new Remains(key, erasures.living(key), erasures.removed(key), waiting, erasures.here(key), left);
    }

    private Cosigning.Memory memory(String fact) {
        return new Cosigning.Memory() {
            @Override
            public Optional<String> kept() {
                return table.remembered(fact);
            }

            @Override
            public void keep(String text) {
                table.remember(fact, text);
            }
        };
    }

    private void tell(List<AuditEvent> happened) {
        if (!happened.isEmpty()) {
            events.record(happened);
        }
    }

    private boolean rebuilding() {
        return rebuild.isRunning();
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

    /** Takes away what the audit log keeps no longer, if the settings say so and nothing is in doubt. */
    void pruneAudit() throws IOException {
        Optional<Duration> keep = rules.audit().keep();
        if (keep.isEmpty() || rebuild.isRunning() || !journal.isSound() || audit.size() == 0) {
            return;
        }
        Pruner pruner = new Pruner(home.audit(), keep.get(), holds::isHeld);
        new DailyPrune(pruner, table, problems)
                .step(purgeClock.last(), this::auditElsewhere, event -> events.record(List.of(event)), audit::flush);
    }

    /** How many events every tier, every witness and every receiver has. */
    private long auditElsewhere() throws IOException {
        long least = Long.MAX_VALUE;
        for (TierAnchor anchor : anchors) {
            least = Math.min(least, anchor.events());
        }
        for (Cosigning cosigning : cosignings) {
            least = Math.min(least, cosigning.events());
        }
        for (Forwarder forwarder : forwarders) {
            least = Math.min(least, forwarder.events());
        }
        return least;
    }

    /** What goes on all the same where the disk takes no events. */
    private void tell(AuditEvent event) {
        try {
            events.record(List.of(event));
        } catch (StrongroomException e) {
            LOG.warn("not in the audit log: {}", e.text());
        }
    }

    private AuditEvent withTenant(AuditEvent event) {
        Map<UUID, String> names = TenantIds.names(home.tenantIds());
        return new EventTenants(
                        Set.copyOf(names.values()),
                        key -> studies.tenantOf(key).map(names::get),
                        user -> Optional.empty())
                .apply(event);
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
        events.close();
        ledger.close();
    }
}
