package org.strongroom.sidecar.rebuild;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.round.PutOff;
import org.strongroom.sidecar.tier.Tier;

/**
 * Reads all packs of one tier into the ledger, in order of their names. How far it is, and what could not be read, is in the ledger. For one
 * thread.
 */
final class Reading {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    private static final String PACKS = "packs/";
    /** After so many objects its place is written down. */
    private static final int PORTION = 100;
    /** So many in a row that cannot be read, and it is the tier that fails. */
    private static final int TIERS_OWN = 3;
    /** Behind every name. */
    private static final String END = "packs0";

    private final MarkedTier marked;
    private final Pack pack;
    private final TierTable table;
    private final Problems problems;
    private final PutOff<String> putOff;
    private final Set<String> unread;
    private String behind;
    private int inARow;
    private int good;
    private int bad;

    /** What is done with an object. */
    @FunctionalInterface
    interface Pack {
        /** Takes a pack into the ledger; false if the object is none of this installation. */
        boolean read(Tier tier, Tier.ObjectInfo object) throws IOException;
    }

    Reading(MarkedTier marked, Pack pack, TierTable table, Problems problems, RunningTime time) {
        this.marked = marked;
        this.pack = pack;
        this.table = table;
        this.problems = problems;
        this.putOff = new PutOff<>(Duration.ofMinutes(1), Duration.ofHours(1), time);
        this.behind = table.remembered(place(marked.name())).orElse("");
        this.unread = unread(table, marked.name());
    }

    /** Whether objects of a tier could not be read, and the others were, or are being. */
    static boolean hasUnread(TierTable table, String tier) {
        return !unread(table, tier).isEmpty();
    }

    private static Set<String> unread(TierTable table, String tier) {
        Set<String> names = new TreeSet<>();
        table.remembered(left(tier)).stream()
                .flatMap(all -> Stream.of(all.split("\n", -1)))
                .forEach(names::add);
        return names;
    }

    /** Reads on; whether all of it is read. */
    boolean isDone() throws IOException {
        List<Tier.ObjectInfo> due = new ArrayList<>();
        for (String name : unread) {
            if (!putOff.isWaiting(name)) {
                due.add(new Tier.ObjectInfo(name, -1));
            }
        }
        if (behind.equals(END) && due.isEmpty()) {
            return unread.isEmpty();
        }
        if (!behind.equals(END)) {
            String from = behind;
            marked.tier().list(PACKS, object -> {
                if (object.name().compareTo(from) > 0) {
                    due.add(object);
                }
            });
        }
        for (int i = 0; i < due.size(); i++) {
            read(due.get(i));
            if (i % PORTION == PORTION - 1) {
                remember();
            }
        }
        behind = END;
        remember();
        tellOthers();
        tellUnread();
        return unread.isEmpty();
    }

    private void read(Tier.ObjectInfo object) throws IOException {
        try {
            Optional<Tier.ObjectInfo> there =
                    object.size() < 0 ? marked.tier().head(object.name()) : Optional.of(object);
            if (there.isPresent()) { // else somebody has deleted it since, as they were told to
                if (pack.read(marked.tier(), there.get())) {
                    good++;
                } else {
                    bad++;
                }
            }
            passed(object.name());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failed(
                    object.name(),
                    StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                            .causedBy(e));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.CORRUPT || e.kind() == FailureKind.NOT_FOUND) {
                bad++;
                passed(object.name());
            } else {
                failed(object.name(), e);
            }
        }
    }

    private void passed(String name) {
        inARow = 0;
        unread.remove(name);
        putOff.over(name);
        behind = name.compareTo(behind) > 0 ? name : behind;
    }

    private void failed(String name, StrongroomException failure) {
        marked.requireOurs();
        LOG.warn("{} in tier {} cannot be read now: {}", name, marked.name(), failure.text());
        inARow++;
        unread.add(name);
        putOff.failed(name);
        behind = name.compareTo(behind) > 0 ? name : behind;
        if (inARow >= TIERS_OWN) {
            remember();
            tellUnread();
            throw failure;
        }
    }

    private void remember() {
        table.remember(place(marked.name()), behind);
        if (unread.isEmpty()) {
            table.forget(left(marked.name()));
        } else {
            table.remember(left(marked.name()), String.join("\n", unread));
        }
    }

    private void tellOthers() {
        if (bad > 0) {
            problems.raise(
                    "rebuild/" + marked.name(),
                    FailureKind.CORRUPT,
                    bad + " objects under packs/ in tier " + marked.name() + " are not packs of this installation",
                    "Find out who wrote them; they are left alone");
        }
    }

    private void tellUnread() {
        String problem = "rebuild/unread/" + marked.name();
        if (unread.isEmpty()) {
            problems.clear(problem);
            return;
        }
        problems.raise(
                problem,
                FailureKind.UNAVAILABLE,
                unread.size() + " objects under packs/ in tier " + marked.name() + " cannot be read, "
                        + unread.iterator().next() + " among them; they are tried again",
                "See why the tier does not give them: its disk, its rights, or a rule of the store. One that cannot be had back has"
                        + " to be deleted there, once you know that another tier or this machine has what is in it");
    }

    /** It is done: what the ledger knows of it is not needed any more. */
    void forget() {
        table.forget(place(marked.name()));
        table.forget(left(marked.name()));
        LOG.info("tier {} holds {} packs", marked.name(), good);
    }

    private static String place(String tier) {
        return "rebuild/behind/" + tier;
    }

    private static String left(String tier) {
        return "rebuild/unread/" + tier;
    }
}
