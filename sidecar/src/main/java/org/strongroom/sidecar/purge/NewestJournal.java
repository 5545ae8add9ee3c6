package org.strongroom.sidecar.purge;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalHead;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;

/**
 * Whether the journal here is the one that the tiers have seen, and goes as far: a Home that came back from a backup knows neither the
 * holds nor the deletions since. Thread-safe.
 */
public final class NewestJournal {
    private static final Logger LOG = LoggerFactory.getLogger(NewestJournal.class);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration SECOND_LOOK = Duration.ofMinutes(1);
    /** A store that lets nobody delete keeps a head of every few minutes; those that nobody looked at are newer than these many. */
    private static final int MOST = 1_000;
    /** format.md §7 */
    private static final Pattern HEAD = Pattern.compile("journal/head-([0-9]{1,18})-[0-9a-f]+");

    private final Home home;
    private final UUID installation;
    private final Tiers tiers;
    private final TierTable table;
    private final Problems problems;
    private final RunningTime time;
    private final Set<String> asked = new HashSet<>();
    private Optional<Duration> last = Optional.empty();
    private boolean here;

    public NewestJournal(
            Home home, UUID installation, Tiers tiers, TierTable table, Problems problems, RunningTime time) {
        this.home = home;
        this.installation = installation;
        this.tiers = tiers;
        this.table = table;
        this.problems = problems;
        this.time = time;
    }

    /** A head in a tier, by its name. */
    private record Seen(String object, long sequence, long bytes) {}

    /**
     * Whether no tier knows more, as far as could be asked in the last hour. Each has to have answered once since this process began;
     * one that is left, or is another's, is not asked.
     */
    public synchronized boolean isHere() {
        Duration now = time.now();
        Duration believed = here ? PAUSE : SECOND_LOOK;
        if (last.isEmpty() || now.minus(last.get()).compareTo(believed) >= 0) {
            here = true;
            for (MarkedTier tier : tiers.all()) {
                here &= tier.isDrained() || isKnown(tier);
            }
            last = Optional.of(now);
        }
        return here;
    }

    /**
     * Whether this tier, asked now, knows no more. Two Homes of one installation, one recovered beside the other, have one marker, and are
     * told apart by their journals.
     *
     * @throws StrongroomException what the tier throws
     */
    public synchronized boolean isHere(MarkedTier tier) throws IOException {
        tier.requireOurs();
        Optional<Seen> foreign = foreign(tier);
        foreign.ifPresent(head -> raise(tier, head));
        if (foreign.isEmpty()) {
            problems.clear(problem(tier));
            asked.add(tier.name());
        }
        return foreign.isEmpty();
    }

    private boolean isKnown(MarkedTier tier) {
        try {
            return isHere(tier);
        } catch (IOException | StrongroomException e) {
            LOG.debug("tier {} was not asked for its journal", tier.name(), e);
            return asked.contains(tier.name());
        }
    }

    /** The first head there that no entry here belongs to. */
    private Optional<Seen> foreign(MarkedTier tier) throws IOException {
        String mark = "purge/journal/" + tier.name();
        long looked = table.remembered(mark).map(Long::parseLong).orElse(-1L);
        List<Seen> heads = new ArrayList<>();
        tier.tier().list("journal/head-", object -> {
            Matcher name = HEAD.matcher(object.name());
            if (name.matches() && Long.parseLong(name.group(1)) > looked) {
                heads.add(new Seen(object.name(), Long.parseLong(name.group(1)), object.size()));
            }
        });
        heads.sort(Comparator.comparingLong(Seen::sequence));
        JournalReader journal = new JournalReader(home.journal(), installation);
        for (Seen head : heads.subList(Math.max(0, heads.size() - MOST), heads.size())) {
            journal.skipTo(head.sequence());
            if (!belongs(tier, head, journal)) {
                return Optional.of(head);
            }
        }
        if (!heads.isEmpty()) {
            table.remember(mark, String.valueOf(heads.get(heads.size() - 1).sequence()));
        }
        return Optional.empty();
    }

    /** Whether a head is that of the entry which was read last; where this one is missing it is that of another. */
    private static boolean belongs(MarkedTier tier, Seen head, JournalReader journal) throws IOException {
        try (InputStream in = tier.tier().get(head.object(), 0, Math.min(head.bytes(), JournalHead.SIZE))) {
            JournalHead told = JournalHead.decodeUnproven(in.readAllBytes());
            return told.sequence() == head.sequence() && told.chain().equals(journal.chain());
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            return e.kind() == FailureKind.NOT_FOUND; // a longer copy took its place since
        }
    }

    private static String problem(MarkedTier tier) {
        return "purge/newer-journal/" + tier.name();
    }

    private void raise(MarkedTier tier, Seen head) {
        problems.raise(
                problem(tier),
                FailureKind.STALE,
                "tier " + tier.name() + " has seen a journal with an entry " + head.sequence()
                        + " that the one here does not have: holds and deletions may be missing; nothing is purged",
                "Home came back from a backup: stop Orthanc and restore its journal from the tier (docs/operations.md, On a"
                        + " bad day). If that journal is lost for good, delete " + head.object() + " in the tier");
    }
}
