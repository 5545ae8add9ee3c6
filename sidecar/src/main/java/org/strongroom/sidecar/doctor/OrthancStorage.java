package org.strongroom.sidecar.doctor;

import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.OrthancSettings;

/** What Orthanc keeps, in clear or not at all. */
final class OrthancStorage {
    private OrthancStorage() {}

    static List<Finding> examine(Configuration configuration) {
        OrthancSettings orthanc = configuration.orthanc();
        List<Finding> findings = new ArrayList<>();
        if (orthanc.recycles()) {
            findings.add(
                    Finding.warning(
                            "MaximumStorageSize or MaximumPatientCount lets Orthanc delete old patients",
                            "studies disappear without anybody deciding so; after Forget.Grace from the tiers as well",
                            "set both to 0 and AllowRecycling to false: Strongroom makes room by eviction, which loses nothing"));
        }
        if (orthanc.storageCompression()) {
            findings.add(Finding.warning(
                    "StorageCompression is true",
                    "Orthanc's compression hides the pixels from Strongroom's own, which is better: files get larger",
                    "set it to false"));
        }
        if (orthanc.overwriteInstances()) {
            findings.add(Finding.warning(
                    "OverwriteInstances is true",
                    "any sender can replace an image that is already stored",
                    "set it to false unless a modality needs it"));
        }
        findings.add(Finding.warning(
                "Orthanc's index (" + orthanc.indexDirectory().orElse(orthanc.storageDirectory())
                        + ") and TemporaryDirectory ("
                        + orthanc.temporaryDirectory().orElse("/tmp") + ") are in clear",
                "they hold names and dates, and archives while they are downloaded",
                "keep both on an encrypted volume, or the temporary files on a tmpfs"));
        return findings;
    }
}
