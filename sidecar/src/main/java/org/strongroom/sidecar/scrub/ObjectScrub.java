package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.scrub.Holding.Verdict;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Reads the small objects of a tier that are neither packs nor keys: the journal's copies, snapshots, the audit log. Each within the scrub's
 * period, some each day; whether all are there, each day. For one thread.
 */
public final class ObjectScrub {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectScrub.class);
    private static final long DAY = Duration.ofDays(1).toSeconds();
    /** No object of these kinds is: the rest of a larger one is not read into memory. */
    private static final long LARGEST = 1L << 24;
    /** So many in a row that cannot be read, and it is the tier that fails. */
    private static final int TIERS_OWN = 3;

    private final MarkedTier marked;
    private final ScrubRules rules;
    private final List<Holding> holdings;
    private final TierTable table;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;
    private final Consumer<AuditEvent> audit;
    /** Failures of single objects without a success; for one look. */
    private int inARow;

    /** @param audit does not throw for want of a disk */
    public ObjectScrub(
            MarkedTier marked,
            ScrubRules rules,
            List<Holding> holdings,
            TierTable table,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            Consumer<AuditEvent> audit) {
        this.marked = marked;
        this.rules = rules;
        this.holdings = List.copyOf(holdings);
        this.table = table;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
        this.audit = audit;
    }

    /** What one look at one kind found. */
    private record Found(List<String> mended, Set<String> left, Set<String> unread) {
        Found() {
            this(new ArrayList<>(), new TreeSet<>(), new TreeSet<>());
        }

        Set<String> again() {
            Set<String> again = new TreeSet<>(left);
            again.addAll(unread);
            return again;
        }
    }

    /** The tier's. */
    public String name() {
        return marked.name();
    }

    /** Reads what is due since the last time, once a day; of a tier that is away its worker tells, and it is read later. */
    public void step() throws IOException {
        if (!rules.enabled() || !marked.takesCopies() || !uplink.isOpen()) {
            return;
        }
        long today = Math.floorDiv(clock.instant().getEpochSecond(), DAY);
        StrongroomException failure = null;
        for (Holding holding : holdings) {
            long last = table.remembered(fact(holding)).map(Long::parseLong).orElse(today - 1);
            if (last == today) {
                continue;
            }
            try {
                marked.requireOurs();
                Priority.SCRUB.during(() -> look(holding, new Days(last, today, rules.period())));
                table.remember(fact(holding), Long.toString(today));
                problems.clear(late(holding));
            } catch (StrongroomException e) {
                tellIfLate(holding, last, today, e);
                if (!e.kind().retryable()) {
                    failure = e; // the other kinds have their turn first
                }
                LOG.debug("{} in {} is read later", holding.prefix(), name(), e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A tier that goes on refusing one kind is not away, and nobody else would tell. */
    private void tellIfLate(Holding holding, long last, long today, StrongroomException e) {
        if (today - last > Math.max(1, rules.period().toDays())) {
            problems.raise(
                    late(holding),
                    e.kind(),
                    "nothing below " + holding.prefix() + " in tier " + name()
                            + " could be read within the scrub's period: " + e.text(),
                    e.cure());
        }
    }

    private String late(Holding holding) {
        return "scrub-late/" + name() + "/" + holding.prefix();
    }

    private void look(Holding holding, Days days) throws IOException {
        Set<String> again = again(holding);
        Set<String> missing = new TreeSet<>(holding.expected());
        Map<String, Long> due = new TreeMap<>();
        marked.tier().list(holding.prefix(), object -> {
            missing.remove(object.name());
            if (days.isDue(object.name()) || again.contains(object.name())) {
                due.put(object.name(), object.size());
            }
        });
        marked.requireOurs(); // what an unmounted disk does not show is not gone
        if (!missing.isEmpty()) {
            missing.retainAll(holding.expected()); // what took the place of another one meanwhile
        }
        Found found = new Found();
        inARow = 0;
        boolean whole = false;
        try {
            for (String name : missing) {
                each(found, name, () -> {
                    if (marked.tier().head(name).isEmpty()) {
                        mend(holding, name, found);
                    }
                });
            }
            for (Map.Entry<String, Long> object : due.entrySet()) {
                each(found, object.getKey(), () -> read(holding, object.getKey(), object.getValue(), found));
            }
            whole = true;
        } finally {
            again.retainAll(due.keySet());
            remember(holding, whole ? found.again() : union(again, found.again()));
            tell(holding, found, whole);
            record(holding, found);
        }
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    /** Something that is done with one object. */
    @FunctionalInterface
    private interface Look {
        void look() throws IOException;
    }

    /** One that the tier does not give holds up no other one, unless there are many. */
    private void each(Found found, String name, Look look) throws IOException {
        StrongroomException failure;
        try {
            look.look();
            inARow = 0;
            return;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failure = Unread.broken(e);
        } catch (StrongroomException e) {
            failure = e;
        }
        marked.requireOurs();
        LOG.debug("{} in {} is put off", name, name(), failure);
        found.unread().add(name);
        inARow++;
        if (inARow >= TIERS_OWN) {
            throw failure;
        }
    }

    private void read(Holding holding, String name, long size, Found found) throws IOException {
        boolean whole;
        try (InputStream in = marked.tier().get(name, 0, Math.min(size, LARGEST))) {
            byte[] bytes = in.readAllBytes();
            whole = holding.compare(name, bytes) == Verdict.WHOLE;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND && !holding.expected().contains(name)) {
                return; // another one took its place since it was listed
            }
            if (e.kind() != FailureKind.CORRUPT && e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
            whole = false;
        }
        if (!whole) {
            marked.requireOurs();
            mend(holding, name, found);
        }
    }

    private void mend(Holding holding, String name, Found found) throws IOException {
        boolean absent = marked.tier().head(name).isEmpty();
        boolean mended;
        try {
            mended = holding.mend(name, absent);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.warn("{} in tier {} is not put again: {}", name, name(), e.text());
            mended = false;
        }
        LOG.warn("{} in tier {} is {}", name, name(), absent ? "gone" : "damaged");
        if (mended) {
            found.mended().add(name);
        } else {
            found.left().add(name);
        }
    }

    /** One event for a kind, however many there are: somebody may have emptied a bucket. */
    private void record(Holding holding, Found found) {
        if (!found.mended().isEmpty()) {
            audit.accept(event(holding, "repair", found.mended()).with("copy", "damaged or gone, put again"));
        }
        if (!found.left().isEmpty()) {
            audit.accept(event(holding, "scrub", found.left())
                    .failed("objects are damaged or gone, and cannot be made again from what is here"));
        }
    }

    private AuditEvent event(Holding holding, String order, Collection<String> objects) {
        return AuditEvent.of(AuditType.TIER)
                .by(AuditEvent.STRONGROOM)
                .with("order", order)
                .with("tier", name())
                .with("below", holding.prefix())
                .with("objects", objects.size())
                .with("object", objects.iterator().next());
    }

    /** @param whole whether all that was due was looked at: what else was told before is over */
    private void tell(Holding holding, Found found, boolean whole) {
        String kind = holding.prefix().substring(0, holding.prefix().length() - 1);
        tell(
                "mended/" + name() + "/" + kind,
                found.mended(),
                whole,
                FailureKind.CORRUPT,
                "were damaged or gone, and are put again from what is here",
                "Check the tier: its disk, or who may delete there");
        tell(
                "left/" + name() + "/" + kind,
                found.left(),
                whole,
                FailureKind.CORRUPT,
                "are damaged or gone, and cannot be made again from what is here",
                "Check the tier: its disk, or who may write there; other tiers may hold them whole. Until then nothing"
                        + " that is there is deleted");
        tell(
                "unread/" + name() + "/" + kind,
                found.unread(),
                whole,
                FailureKind.UNAVAILABLE,
                "cannot be read now, while others can; they are tried again tomorrow",
                "See why the tier does not give them: its disk, its rights, or a rule of the store");
    }

    private void tell(
            String problem, Collection<String> objects, boolean whole, FailureKind kind, String what, String cure) {
        String name = "scrub-objects/" + problem;
        if (objects.isEmpty()) {
            if (whole) {
                problems.clear(name);
            }
            return;
        }
        problems.raise(
                name,
                kind,
                objects.size() + " objects in tier " + name() + " " + what + ": "
                        + objects.iterator().next() + (objects.size() > 1 ? " among them" : ""),
                cure);
    }

    private Set<String> again(Holding holding) {
        Set<String> names = new TreeSet<>();
        table.remembered(fact(holding) + "again").stream()
                .flatMap(all -> Stream.of(all.split("\n", -1)))
                .forEach(names::add);
        return names;
    }

    private void remember(Holding holding, Set<String> again) {
        if (again.isEmpty()) {
            table.forget(fact(holding) + "again");
        } else {
            table.remember(fact(holding) + "again", String.join("\n", again));
        }
    }

    private String fact(Holding holding) {
        return "scrub/objects/" + name() + "/" + holding.prefix();
    }

    /** Days that were not done yet; each object has its own in a period. */
    private record Days(long last, long today, Duration period) {
        boolean isDue(String name) {
            long days = Math.max(1, period.toDays());
            long its = Math.floorMod((long) name.hashCode(), days);
            for (long day = Math.max(Math.min(last, today - 1), today - days) + 1; day <= today; day++) {
                if (Math.floorMod(day, days) == its) {
                    return true;
                }
            }
            return false;
        }
    }
}
