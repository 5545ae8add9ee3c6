package org.strongroom.sidecar.lock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.sidecar.audit.AnchorName;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.snapshot.SnapshotsThere;
import org.strongroom.sidecar.tier.Tier;

/**
 * The locks of what is small and opens the packs: marker, copies of Home's files, the newest key bundles and copies of the journal, and
 * older bundles that hold what Home lacks. They are short, all are looked at together, and older bundles and copies are left to their ends. For one thread.
 */
final class SmallLocks {
    private static final Logger LOG = LoggerFactory.getLogger(SmallLocks.class);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private final Home home;
    private final MarkedTier marked;
    private final TierTable table;
    private final InstantSource clock;

    SmallLocks(Home home, MarkedTier marked, TierTable table, InstantSource clock) {
        this.home = home;
        this.marked = marked;
        this.table = table;
        this.clock = clock;
    }

    /** Makes them longer, unless that was a moment ago. */
    void keep(Duration period) {
        Duration quarter = period.dividedBy(4);
        Duration pause = quarter.compareTo(LONGEST_PAUSE) < 0 ? quarter : LONGEST_PAUSE;
        String done = "lock/small/" + marked.name();
        Instant now = clock.instant();
        if (isDone(done, now, pause)) {
            return;
        }
        List<String> names = new ArrayList<>();
        names.add(TierMarker.OBJECT);
        Tier tier = marked.tier();
        tier.list(HomeCopy.PREFIX, object -> names.add(object.name()));
        lookAtFormer(names);
        names.forEach(this::isKept);
        table.bundles(marked.name()).forEach(bundle -> {
            if (!isKept(bundle.name())) {
                table.forgetBundle(marked.name(), bundle.name());
            }
        });
        table.journalCopies(marked.name()).forEach((file, copy) -> {
            if (copy.object() != null && !isKept(copy.object())) {
                table.forgetJournalCopy(marked.name(), file);
            }
        });
        table.remember(done, now.toString());
    }

    /**
     * What former keys open is deleted when its locks have ended, so these are not made longer; but for what must stay, and before the
     * tier was looked at for it.
     */
    private void lookAtFormer(List<String> names) {
        try {
            FormerKeys former = FormerKeys.latest(home);
            if (former.equals(FormerKeys.NONE)) {
                return;
            }
            Optional<Set<String>> stay = table.formerStays(marked.name(), former.changed());
            if (stay.isPresent()) {
                if (!FormerKeys.read(home.formerKeys()).equals(FormerKeys.NONE)) {
                    names.removeIf(CurrentRoot.of(home)::isAnothers);
                }
                names.addAll(stay.get());
            }
        } catch (IOException | StrongroomException e) {
            LOG.warn("what former keys open is not known, so everything is locked: {}", e.getMessage());
        }
    }

    /**
     * The same for the audit logs' anchors: of their checkpoints the newest, of the rest what a later one does not take the place of.
     * They may be many, and are locked for the whole period, so they are looked at four times in it.
     */
    void keepAnchors(Duration period) {
        String done = "lock/audit/" + marked.name();
        Instant now = clock.instant();
        if (isDone(done, now, period.dividedBy(4))) {
            return;
        }
        List<String> names = new ArrayList<>();
        marked.tier().list(AnchorName.PREFIX, object -> {
            String name = object.name();
            if (AnchorName.isPartial(name)) {
                return;
            }
            if (!names.isEmpty() && AnchorName.isOlderCheckpoint(names.get(names.size() - 1), name)) {
                names.remove(names.size() - 1);
            }
            names.add(name);
        });
        names.forEach(this::isKept);
        table.remember(done, now.toString());
    }

    /** The same for the newest snapshot and all its chunks, however long they have been there. */
    void keepSnapshot(Duration period) {
        String done = "lock/snapshot/" + marked.name();
        Instant now = clock.instant();
        if (isDone(done, now, period.dividedBy(4))) {
            return;
        }
        SnapshotsThere there = SnapshotsThere.list(marked.tier(), now);
        Optional<String> newest = there.newest();
        if (newest.isPresent()) {
            isKept(newest.get());
            try {
                for (Tag16 chunk :
                        SnapshotLabel.decode(there.read(newest.get())).chunks()) {
                    isKept(SnapshotLabel.objectName(chunk));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        table.remember(done, now.toString());
    }

    private boolean isDone(String what, Instant now, Duration pause) {
        Optional<Instant> last = table.remembered(what).map(Instant::parse);
        return last.filter(at -> !now.isBefore(at) && now.isBefore(at.plus(pause)))
                .isPresent();
    }

    /** Whether it is there; what was hidden is brought to light first. One that is gone is written again by who writes it. */
    private boolean isKept(String object) {
        try {
            marked.tier().keep(object);
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            if (e.kind() != FailureKind.NOT_FOUND) {
                LOG.warn("{} in tier {} is not locked: {}", object, marked.name(), e.getMessage());
                return true;
            }
            marked.requireOurs();
            return isRevealed(object);
        }
    }

    private boolean isRevealed(String object) {
        if (!marked.tier().isHidden(object)) {
            return false;
        }
        try {
            marked.tier().reveal(object);
            marked.tier().keep(object);
            LOG.warn("{} in tier {} was hidden by a delete marker, and is seen again", object, marked.name());
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.warn("{} in tier {} was hidden by a delete marker: {}", object, marked.name(), e.getMessage());
            return false;
        }
    }
}
