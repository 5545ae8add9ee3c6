package org.strongroom.sidecar.archive;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.strongroom.sidecar.uplink.Priority;
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
    private final Replicas replicas;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;
    private final RunningTime time;
    private final Consumer<AuditEvent> audit;
    /** Until when, in running time, a pack is left alone that could not be moved. */
    private final Map<Long, Duration> held = new HashMap<>();

    private Duration nextPass;
    /** The oldest age first, so that what comes late goes there at once. */
    private int rule;

    private long behind;

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
        this.replicas = replicas;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
        this.time = time;
        this.audit = audit;
        this.nextPass = time.now();
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
        if (rules.isEmpty() || marked.archive().isEmpty() || !marked.takesStudies() || !uplink.isOpen()) {
            return false;
        }
        Duration now = time.now();
        if (now.compareTo(nextPass) < 0) {
            return false;
        }
        held.values().removeIf(until -> until.compareTo(now) <= 0);
        AgeRule due = rules.get(rule);
        List<String> reached = rules.subList(rule, rules.size()).stream()
                .map(AgeRule::storageClass)
                .toList();
        Instant before = clock.instant().minus(due.after());
        Optional<CopyRow> copy = classes.nextDue(marked.name(), before, behind, reached);
        if (copy.isPresent()) {
            behind = copy.get().pack();
            Optional<PackRow> pack = packs.find(behind);
            if (pack.isPresent() && !held.containsKey(behind)) {
                marked.expectOurs();
                if (!move(copy.get(), pack.get(), reached)) {
                    nextPass = now.plus(PAUSE); // it would refuse the others as well; they are come to behind this one
                    return false;
                }
            }
            return true;
        }
        behind = 0;
        if (rule > 0) {
            rule--;
            return true;
        }
        rule = rules.size() - 1;
        nextPass = now.plus(PAUSE);
        if (held.isEmpty()) {
            problems.clear(problem());
        }
        return false;
    }

    /**
     * @param reached the class that it goes to, and those that it would go to later
     * @return whether the store may move others
     */
    private boolean move(CopyRow copy, PackRow pack, List<String> reached) throws IOException {
        try {
            Priority.REPLICATION.during(() -> moveNow(copy, pack, reached));
        } catch (StrongroomException e) {
            if (DeletedMeanwhile.isDeletedAgain(marked, packs, pack)) {
                return true;
            }
            StrongroomException judged = replicas.doubt(pack, new Replicas.Source(marked, copy), e);
            if (judged.kind().retryable()) {
                throw judged;
            }
            if (judged.kind() == FailureKind.ARCHIVED) {
                return true; // somebody else archived it
            }
            held.put(pack.id(), time.now().plus(SECOND_TRY));
            problems.raise(problem(), judged);
            return judged.kind() != FailureKind.REFUSED;
        }
        return true;
    }

    private String problem() {
        return "class/" + marked.name();
    }

    /** The copy is a copy until the store has replaced it by itself: killed at any moment, it is in the one class or in the other. */
    private void moveNow(CopyRow copy, PackRow pack, List<String> reached) {
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
