package org.strongroom.plugin.offline.verify;

import java.util.List;
import org.strongroom.plugin.offline.tier.Fault;

/**
 * What opening everything in one tier gave, and holding it against the journal.
 *
 * @param packs that opened as a whole
 * @param archived packs whose heads opened, and whose bodies are in an archive class and were not read
 * @param instances of them, opened to the last bit
 * @param plainBytes of those instances, as Orthanc gave them
 * @param bundles of keys that agree with the keyring
 * @param others objects under packs/ that the sidecar does not know: left by an upload that was given up, or another's; those
 *     that are stale are faults as well
 */
record TierResult(
        String tier,
        long packs,
        long archived,
        long instances,
        long plainBytes,
        long bundles,
        long others,
        List<Fault> faults) {
    TierResult {
        faults = List.copyOf(faults);
    }

    boolean sound() {
        return faults.isEmpty();
    }
}
