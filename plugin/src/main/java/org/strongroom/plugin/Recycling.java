package org.strongroom.plugin;

import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Configuration;
import org.strongroom.plugin.bridge.Orthanc;

/** Keeps an Orthanc from deleting old studies that was told to reject new ones, and is too old to know how. */
final class Recycling {
    private Recycling() {}

    /**
     * Judges what the configuration alone does not tell: Orthanc before 1.11.2 takes {@code MaximumStorageMode} for
     * nothing and recycles.
     *
     * @throws StrongroomException REFUSED
     */
    static void requireNone(Orthanc orthanc, Configuration configuration) {
        boolean mayDelete =
                configuration.orthanc().isLimited() && !configuration.settings().allowRecycling();
        if (mayDelete && !orthanc.checkVersionAdvanced(1, 11, 2)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "this Orthanc does not know MaximumStorageMode and deletes old studies")
                    .with("Orthanc", orthanc.getOrthancVersion())
                    .cure("Set MaximumStorageSize and MaximumPatientCount to 0, take Orthanc 1.11.2 or newer, or"
                            + " set Strongroom.AllowRecycling to true");
        }
    }
}
