package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    /** No object of these kinds is larger. */
    private static final long LARGEST = 1L << 28;
    /** So many in a row that cannot be read, and it is the tier that fails. */
    private static final int TIERS_OWN = 3;

    private final MarkedTier marked;
    private final ScrubRules rules;
    private final List<Holding> holdings;
    private final TierTable table;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;
    /** Failures of single objects without a success; for one look. */
    private int inARow;

    public ObjectScrub(
            MarkedTier marked,
            ScrubRules rules,
            List<Holding> holdings,
            TierTable table,
            Problems problems,
            Uplink uplink,
            InstantSource clock) {
        this.marked = marked;
        this.rules = rules;
        this.holdings = List.copyOf(holdings);
        this.table = table;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
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
        for (Holding holding : holdings) {
            long last = table.remembered(fact(holding)).map(Long::parseLong).orElse(today - 1);
            if (last == today) {
                continue;
            }
            try {
                marked.requireOurs();
                Priority.SCRUB.during(() -> look(holding, new Days(last, today, rules.period())));
                table.remember(fact(holding), Long.toString(today));
            } catch (StrongroomException e) {
                if (!e.kind().retryable()) {
                    throw e;
                }
                LOG.debug("{} in {} is read later", holding.prefix(), name(), e);
            }
        }
    }

    private void look(Holding holding, Days days) throws IOException {
        Map<String, Long> there = new TreeMap<>();
        marked.tier().list(holding.prefix(), object -> there.put(object.name(), object.size()));
        marked.requireOurs(); // what an unmounted disk does not show is not gone
        Set<String> again = again(holding);
        Found found = new Found();
        inARow = 0;
        try {
            for (String name : holding.expected()) {
                if (!there.containsKey(name)) {
                    each(found, name, () -> mend(holding, name, found));
                }
            }
            for (Map.Entry<String, Long> object : there.entrySet()) {
                String name = object.getKey();
                if (days.isDue(name) || again.contains(name)) {
                    each(found, name, () -> read(holding, name, object.getValue(), found));
                }
            }
        } finally {
            again.retainAll(there.keySet());
            remember(holding, inARow < TIERS_OWN ? found.again() : union(again, found.again()));
            tell(holding, found);
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

    private void tell(Holding holding, Found found) {
        String kind = holding.prefix().substring(0, holding.prefix().length() - 1);
        tell(
                "mended/" + name() + "/" + kind,
                found.mended(),
                FailureKind.CORRUPT,
                "were damaged or gone, and are put again from what is here",
                "Check the tier: its disk, or who may delete there");
        tell(
                "left/" + name() + "/" + kind,
                found.left(),
                FailureKind.CORRUPT,
                "are damaged or gone, and cannot be made again from what is here",
                "Check the tier: its disk, or who may write there; other tiers may hold them whole. Until then nothing that"
                        + " is there is deleted");
        tell(
                "unread/" + name() + "/" + kind,
                found.unread(),
                FailureKind.UNAVAILABLE,
                "cannot be read now, while others can; they are tried again tomorrow",
                "See why the tier does not give them: its disk, its rights, or a rule of the store");
    }

    private void tell(
            String problem, java.util.Collection<String> objects, FailureKind kind, String what, String cure) {
        String name = "scrub-objects/" + problem;
        if (objects.isEmpty()) {
            problems.clear(name);
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
