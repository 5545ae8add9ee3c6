package org.strongroom.sidecar.archive;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.ClassTable;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.tier.ArchiveClasses;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Uplink;

/** Moves one tier's packs to other storage classes as they grow old, within the store: nothing of them passes the line. For one thread. */
public final class Aging {
    private static final Logger LOG = LoggerFactory.getLogger(Aging.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /** Longer than what goes on without it meanwhile, so that its problem stays until it was tried again. */
    private static final Duration SECOND_TRY = PAUSE.multipliedBy(3);

    private final MarkedTier marked;
    private final List<AgeRule> rules;
    private final PackTable packs;
    private final ClassTable classes;
    private final InstantSource clock;
    private final Consumer<AuditEvent> audit;
    private final DuePacks due;
    /** The oldest age first, so that what comes late goes there at once. */
    private int rule;

    /**
     * @param rules the youngest age first
     * @param audit does not throw for want of a disk
     */
    public Aging(
            MarkedTier marked,
            List<AgeRule> rules,
            PackTable packs,
            ClassTable classes,
            Replicas replicas,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            RunningTime time,
            Consumer<AuditEvent> audit) {
        this.marked = marked;
        this.rules = List.copyOf(rules);
        this.packs = packs;
        this.classes = classes;
        this.clock = clock;
        this.due = new DuePacks(marked, packs, replicas, problems, uplink, time, "class/" + marked.name(), SECOND_TRY);
        this.audit = audit;
        this.rule = rules.size() - 1;
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /**
     * Moves one pack, if one is due.
     *
     * @return whether there may be more
     * @throws StrongroomException UNAVAILABLE if the tier is away or not ours: later
     */
    public boolean step() throws IOException {
        if (rules.isEmpty() || !due.isTime()) {
            return false;
        }
        List<String> reached = rules.subList(rule, rules.size()).stream()
                .map(AgeRule::storageClass)
                .toList();
        Instant before = clock.instant().minus(rules.get(rule).after());
        Optional<CopyRow> copy = classes.nextDue(marked.name(), before, due.behind(), reached);
        if (copy.isPresent()) {
            if (due.move(copy.get(), (moved, pack) -> move(moved, pack, reached))) {
                return true;
            }
            due.pause(PAUSE); // it would refuse the others as well; they are come to behind this one
            return false;
        }
        if (rule > 0) {
            due.startOver();
            rule--;
            return true;
        }
        rule = rules.size() - 1;
        due.finish(PAUSE);
        return false;
    }

    /**
     * The copy is a copy until the store has replaced it by itself: killed at any moment, it is in the one class or in the other.
     *
     * @param reached the class that it goes to, and those that it would go to later
     */
    private void move(CopyRow copy, PackRow pack, List<String> reached) {
        String object = PackPrologue.objectName(pack.pack());
        ArchiveClasses shelves = marked.archive().orElseThrow();
        if (shelves.shelf(object).place() != ArchiveClasses.Place.AT_HAND) {
            throw StrongroomException.of(FailureKind.ARCHIVED, "a rule of the store has archived a pack")
                    .with("tier", marked.name())
                    .with("object", object); // to move it would bring it back, and be paid for
        }
        String before = shelves.storageClass(object);
        if (reached.contains(before)) { // a lost ledger, or a rule of the store
            classes.moved(copy, before);
            return;
        }
        String storageClass = reached.get(0);
        shelves.move(object, storageClass);
        Optional<Tier.ObjectInfo> there = marked.tier().head(object);
        if (there.filter(info -> info.size() == pack.bytes()).isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT, "a pack has another size in its new storage class than before")
                    .with("tier", marked.name())
                    .with("object", object);
        }
        if (!shelves.storageClass(object).equals(storageClass)) {
            throw StrongroomException.of(FailureKind.REFUSED, "the store was asked to move a pack and did not")
                    .with("tier", marked.name())
                    .with("class", storageClass)
                    .cure("Use a store that has this class, or take it out of the tier's ClassesByAge");
        }
        if (classes.moved(copy, storageClass) == 0 && DeletedMeanwhile.isDeletedAgain(marked, packs, pack)) {
            return;
        }
        audit.accept(ClassChange.event(marked.name(), pack, storageClass));
        LOG.info("pack {} is in class {} of tier {}", pack.pack(), storageClass, marked.name());
    }
}
