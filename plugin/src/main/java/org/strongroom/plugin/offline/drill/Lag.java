package org.strongroom.plugin.offline.drill;

import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.plugin.offline.tier.TierContents;

/**
 * What one tier does not have yet, by the ledger of the living installation.
 *
 * @param files sealed files without this tier's receipt
 * @param point everything acknowledged until then has it; empty if nobody knows
 */
record Lag(long files, Optional<Instant> point) {
    /**
     * Asks.
     *
     * @param oldest when the oldest file arrived that waits for its receipts; empty if none does
     */
    static Lag of(TierContents contents, String tier, Optional<Instant> oldest, Instant now) {
        long[] files = new long[1];
        contents.studies(study -> files[0] += files(study, tier));
        return new Lag(files[0], files[0] == 0 ? Optional.of(now) : oldest);
    }

    private static long files(StudyStatus study, String tier) {
        long packed = 0;
        long without = 0;
        for (StudyStatus.PackStatus pack : study.packs()) {
            packed += pack.members();
            without += "received".equals(pack.tiers().get(tier)) ? 0 : pack.members();
        }
        return without + Math.max(0, study.attachments() + study.removed() - packed);
    }
}
