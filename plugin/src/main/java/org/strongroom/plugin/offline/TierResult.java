package org.strongroom.plugin.offline;

import java.util.List;

/**
 * What opening everything in one tier gave.
 *
 * @param packs that opened as a whole
 * @param instances of them, opened to the last bit
 * @param plainBytes of those instances, as Orthanc gave them
 * @param bundles of keys that agree with the keyring
 * @param others packs in the tier that the sidecar does not know: left by an upload that was given up, or another's
 */
record TierResult(
        String tier, long packs, long instances, long plainBytes, long bundles, long others, List<Fault> faults) {
    TierResult {
        faults = List.copyOf(faults);
    }

    boolean sound() {
        return faults.isEmpty();
    }
}
