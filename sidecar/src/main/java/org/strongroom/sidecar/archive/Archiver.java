package org.strongroom.sidecar.archive;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.ArchiveTable;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.tier.ArchiveClasses;
import org.strongroom.sidecar.uplink.Uplink;

/** Moves one tier's old packs to its archive class, each with its heads beside it. For one thread. */
public final class Archiver {
    private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
    private static final Duration SECOND_TRY = Duration.ofMinutes(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final MarkedTier marked;
    private final Optional<ArchiveRules> rules;
    private final Companions companions;
    private final PackTable packs;
    private final ArchiveTable archive;
    private final InstantSource clock;
    private final Consumer<AuditEvent> audit;
    private final DuePacks due;

    /**
     * @param rules empty if nothing is archived there
     * @param audit does not throw for want of a disk
     */
    public Archiver(
            MarkedTier marked,
            Optional<ArchiveRules> rules,
            Companions companions,
            PackTable packs,
            ArchiveTable archive,
            Replicas replicas,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            RunningTime time,
            Consumer<AuditEvent> audit) {
        this.marked = marked;
        this.rules = rules;
        this.companions = companions;
        this.packs = packs;
        this.archive = archive;
        this.clock = clock;
        this.due =
                new DuePacks(marked, packs, replicas, problems, uplink, time, "archive/" + marked.name(), SECOND_TRY);
        this.audit = audit;
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /**
     * Archives one pack, if one is due.
     *
     * @return whether there may be more
     * @throws StrongroomException UNAVAILABLE if the tier is away or not ours: later
     */
    public boolean step() throws IOException {
        if (rules.isEmpty() || !due.isTime()) {
            return false;
        }
        ArchiveRules rule = rules.get();
        Instant before = clock.instant().minus(rule.after());
        Optional<CopyRow> copy = archive.nextDue(marked.name(), before, due.behind(), !rule.byRule());
        if (copy.isEmpty()) {
            due.finish(pauseAfter(rule));
            return false;
        }
        due.move(copy.get(), (moved, pack) -> move(pack, rule));
        return true;
    }

    /** To find what is due costs a look at every copy: what is archived after years need not be found within seconds. */
    private static Duration pauseAfter(ArchiveRules rule) {
        Duration share = rule.after().dividedBy(1000);
        return share.compareTo(LONGEST_PAUSE) < 0 ? share : LONGEST_PAUSE;
    }

    private void move(PackRow pack, ArchiveRules rule) throws IOException {
        PackLayout layout = packs.layout(pack);
        companions.ensure(marked.tier(), layout);
        marked.requireOurs();
        archive.prepared(pack.id(), marked.name());
        if (rule.byRule()) {
            return;
        }
        String object = PackPrologue.objectName(pack.pack());
        ArchiveClasses classes = marked.archive().orElseThrow();
        classes.move(object, rule.storageClass());
        ArchiveClasses.Shelf shelf = classes.shelf(object);
        if (shelf.size() != pack.bytes()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a pack has another size in the archive than before")
                    .with("tier", marked.name())
                    .with("object", object);
        }
        if (shelf.place() == ArchiveClasses.Place.AT_HAND) {
            throw StrongroomException.of(FailureKind.REFUSED, "the store was asked to archive a pack and did not")
                    .with("tier", marked.name())
                    .with("class", rule.storageClass())
                    .cure("Use a store that has this class, or take Archive out of the tier's settings");
        }
        if (DeletedMeanwhile.isDeletedAgain(marked, packs, pack)) {
            return;
        }
        archive.archived(pack.id(), marked.name(), clock.instant());
        audit.accept(ClassChange.event(marked.name(), pack, rule.storageClass()));
        LOG.info("archived pack {} in tier {}", pack.pack(), marked.name());
    }
}
