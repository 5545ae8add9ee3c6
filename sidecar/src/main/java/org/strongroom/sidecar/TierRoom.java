package org.strongroom.sidecar;

import java.util.List;
import java.util.Optional;
import org.strongroom.sidecar.archive.Aging;
import org.strongroom.sidecar.archive.Archiver;
import org.strongroom.sidecar.archive.Companions;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.audit.AuditHolding;
import org.strongroom.sidecar.audit.TierAnchor;
import org.strongroom.sidecar.erase.TierErasure;
import org.strongroom.sidecar.evict.DiskGuard;
import org.strongroom.sidecar.lock.Locks;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.purge.CopyDeletion;
import org.strongroom.sidecar.purge.DeletionBudget;
import org.strongroom.sidecar.purge.NewestJournal;
import org.strongroom.sidecar.rebuild.Rebuild;
import org.strongroom.sidecar.receipt.OpenChecks;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.scrub.BundleScrub;
import org.strongroom.sidecar.scrub.JournalHolding;
import org.strongroom.sidecar.scrub.ObjectScrub;
import org.strongroom.sidecar.scrub.Recount;
import org.strongroom.sidecar.scrub.Scrubber;
import org.strongroom.sidecar.ship.KeyBundles;
import org.strongroom.sidecar.ship.TierWorker;
import org.strongroom.sidecar.snapshot.SnapshotCopies;
import org.strongroom.sidecar.snapshot.SnapshotHolding;

/** All that is done in one tier, at its own pace: no tier holds up another one. */
final class TierRoom {
    final String name;
    final TierErasure erasure;
    final TierWorker worker;
    final Locks locks;
    final Scrubber scrubber;
    final BundleScrub bundleScrub;
    final ObjectScrub objectScrub;
    final Archiver archiver;
    final Aging aging;
    final TierAnchor anchor;
    final SnapshotCopies snapshots;

    TierRoom(
            MarkedTier tier,
            Ground ground,
            Rebuild rebuild,
            Replicas replicas,
            Recalls recalls,
            KeyBundles bundles,
            OpenChecks checks,
            NewestJournal newest,
            CopyDeletion deletion,
            DeletionBudget repairs,
            Recount recount,
            DiskGuard disk) {
        name = tier.name();
        Rules rules = ground.rules;
        erasure = new TierErasure(
                tier, ground.erasures, ground.copies, deletion, bundles, ground.table, ground.clock, ground.time);
        worker = new TierWorker(
                ground.home,
                tier,
                ground.tiers,
                ground.packs,
                ground.copies,
                replicas,
                recalls,
                ground.table,
                bundles,
                erasure::step,
                newest,
                checks,
                rebuild,
                ground.problems,
                disk::isTight,
                ground.uplink,
                ground.clock,
                ground.time);
        locks = new Locks(
                ground.home,
                tier,
                ground.packs,
                ground.copies,
                ground.archive,
                ground.table,
                ground.problems,
                ground.clock);
        scrubber = new Scrubber(
                ground.home,
                rules.scrub(),
                tier,
                ground.packs,
                ground.copies,
                ground.archive,
                ground.table,
                bundles,
                checks,
                replicas,
                recount,
                repairs,
                ground.problems,
                worker::bytesPerSecond,
                ground.uplink,
                ground.clock,
                ground.time,
                ground.sleeper,
                ground.events::tell);
        bundleScrub = new BundleScrub(
                tier,
                rules.scrub(),
                ground.table,
                bundles,
                ground.problems,
                ground.uplink,
                ground.clock,
                ground.time,
                ground.events::tell);
        objectScrub = new ObjectScrub(
                tier,
                rules.scrub(),
                List.of(
                        new JournalHolding(ground.home, name, ground.table),
                        new SnapshotHolding(ground.home, tier, rules.snapshots(), ground.clock),
                        new AuditHolding(ground.home, tier, ground.table)),
                ground.table,
                ground.problems,
                ground.uplink,
                ground.clock,
                ground.events::tell);
        archiver = new Archiver(
                tier,
                Optional.ofNullable(rules.archive().get(name)),
                new Companions(ground.home, "archive"),
                ground.packs,
                ground.archive,
                replicas,
                ground.problems,
                ground.uplink,
                ground.clock,
                ground.time,
                ground.events::tell);
        aging = new Aging(
                tier,
                rules.byAge().getOrDefault(name, List.of()),
                ground.packs,
                ground.classes,
                replicas,
                ground.problems,
                ground.uplink,
                ground.clock,
                ground.time,
                ground.events::tell);
        anchor = new TierAnchor(
                ground.home,
                tier,
                rules.audit(),
                ground.table,
                ground.problems,
                ground.uplink,
                ground.clock,
                ground.time);
        snapshots = new SnapshotCopies(
                ground.home,
                tier,
                rules.snapshots(),
                ground.table,
                ground.problems,
                ground.uplink,
                ground.clock,
                ground.time);
    }
}
