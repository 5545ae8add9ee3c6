package org.strongroom.sidecar.fsck;

import java.util.function.BooleanSupplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.problem.Problems;

/**
 * Whether anything may be forgotten or deleted. Not while the journal has a gap or a tier knows a newer one, and not after Orthanc's
 * index was seen to have gone backwards, which an index does that comes from a backup: then what it does not know is not what nobody
 * wants. Thread-safe.
 */
public final class Deletions {
    /** So many unknown images are what a crash may leave of what is being stored: Orthanc's HttpThreadsCount is 50 by itself … */
    private static final long AT_ONCE = 50;
    /** … but no more than so many in all if any that were removed are there again, as an older index has them … */
    private static final long FEW = 10;
    /** … and in no case more than one part in so many of all images, or the one there is. */
    private static final long SHARE = 4;

    private static final String BACKWARDS = "fsck/backwards";

    private final TierTable table;
    private final Problems problems;
    private final BooleanSupplier journalIsSound;
    private final BooleanSupplier journalIsNewest;
    private volatile boolean compared;
    private volatile boolean doubtful;

    /**
     * @param journalIsSound whether it is whole, as far as it goes
     * @param journalIsNewest whether no tier knows one that goes further; may ask the tiers
     */
    public Deletions(
            TierTable table, Problems problems, BooleanSupplier journalIsSound, BooleanSupplier journalIsNewest) {
        this.table = table;
        this.problems = problems;
        this.journalIsSound = journalIsSound;
        this.journalIsNewest = journalIsNewest;
        if (table.remembered(BACKWARDS).isPresent()) {
            raise();
        }
    }

    /**
     * What a comparison with the index saw. An index that knows so much less, or so much more that was removed, than it should is an
     * older one; that is remembered until another comparison sees something else.
     *
     * @param unknown images that the index does not know, and nobody removed
     * @param back images that it knows although Orthanc removed them
     * @param images in all
     */
    void compared(long unknown, long back, long images) {
        long strays = unknown + back;
        doubtful = strays > 1 && strays * SHARE > images;
        if (strays > (back == 0 ? AT_ONCE : FEW) && strays * 100 > images) {
            table.remember(BACKWARDS, "yes");
            raise();
        } else {
            table.forget(BACKWARDS);
            problems.clear(BACKWARDS);
        }
        compared = true;
    }

    private void raise() {
        problems.raise(
                BACKWARDS,
                FailureKind.REFUSED,
                "more than 1 % of all images are missing in Orthanc's index, or are in it although Orthanc removed them;"
                        + " nothing is purged or forgotten",
                "Bring back the newest index of Orthanc, or let the images be stored again; then run: strongroom fsck");
    }

    /** Whether what Orthanc removed may be deleted for good. */
    public boolean mayPurge() {
        return journalIsSound.getAsBoolean() && table.remembered(BACKWARDS).isEmpty() && journalIsNewest.getAsBoolean();
    }

    /** Whether what Orthanc's index does not know may be forgotten: it was compared by this process, and nothing spoke against. */
    boolean mayForget() {
        return compared && !doubtful && mayPurge();
    }

    /**
     * Whether what Orthanc's index does not know may be given back to it, which forgets the old name.
     *
     * @param indexLost whether somebody knows that no newer index will ever come back
     */
    boolean mayGiveBack(boolean indexLost) {
        return mayForget() || (indexLost && compared && journalIsSound.getAsBoolean());
    }
}
