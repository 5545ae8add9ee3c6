package org.strongroom.sidecar.archive;

import java.time.Duration;
import java.util.List;
import org.strongroom.core.settings.TierSettings;

/**
 * A class that packs of a tier go to by their age.
 *
 * @param after so long after their study was last stored or opened
 */
public record AgeRule(String storageClass, Duration after) {
    /** Those of a tier, the youngest age first. */
    public static List<AgeRule> of(TierSettings tier) {
        return tier.classesByAge().stream()
                .map(age -> new AgeRule(age.storageClass(), age.after()))
                .toList();
    }
}
