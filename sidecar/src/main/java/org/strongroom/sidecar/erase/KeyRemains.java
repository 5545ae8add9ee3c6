package org.strongroom.sidecar.erase;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.strongroom.core.control.Remains;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.ErasureTable;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.receipt.Receipts;

/** What there is of what a key sealed, here and in every tier. Thread-safe. */
public final class KeyRemains {
    private final ErasureTable erasures;
    private final List<TierErasure> tiers;
    private final StudyTable studies;
    private final Receipts receipts;
    private final BooleanSupplier isWhole;
    private final BooleanSupplier mayPurge;

    /**
     * @param isWhole whether the journal has no gap
     * @param mayPurge whether it is known what Orthanc removed
     */
    public KeyRemains(
            ErasureTable erasures,
            List<TierErasure> tiers,
            StudyTable studies,
            Receipts receipts,
            BooleanSupplier isWhole,
            BooleanSupplier mayPurge) {
        this.erasures = erasures;
        this.tiers = List.copyOf(tiers);
        this.studies = studies;
        this.receipts = receipts;
        this.isWhole = isWhole;
        this.mayPurge = mayPurge;
    }

    /**
     * By what was taken in.
     *
     * @throws StrongroomException UNAVAILABLE if the journal has a gap, or if the key is not destroyed and nothing may be purged now: nobody
     *     knows what Orthanc removed
     */
    public Remains of(UUID key) {
        if (!isWhole.getAsBoolean()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the journal has a gap")
                    .cure("Restore the journal from a tier");
        }
        boolean destroyed = erasures.isDestroyed(key);
        if (!destroyed && !mayPurge.getAsBoolean()) {
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE,
                            "a tier has a newer journal or was never asked, or Orthanc's index went backwards")
                    .with("key", key)
                    .cure("See strongroom status, and do what it says; a tier that was away is asked again after a"
                            + " minute");
        }
        Map<String, String> left = new HashMap<>();
        for (TierErasure tier : tiers) {
            Optional<String> there = destroyed ? tier.left(key) : tier.packs(key);
            there.ifPresent(what -> left.put(tier.name(), what));
        }
        long waiting =
                studies.find(key).map(study -> receipts.waiting(study.id())).orElse(0L);
        return new Remains(key, erasures.living(key), erasures.removed(key), waiting, erasures.here(key), left);
    }
}
