package org.strongroom.sidecar.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.OrthancSettings;

/** What Orthanc keeps, in clear or not at all. */
final class OrthancStorage {
    private static final String LIBRARY = "libStrongroom.so";

    private OrthancStorage() {}

    static List<Finding> examine(Configuration configuration) {
        OrthancSettings orthanc = configuration.orthanc();
        List<Finding> findings = new ArrayList<>();
        plugins(orthanc.plugins(), findings);
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

    /** Of several plugins that want the same route, the one listed first gets it. */
    private static void plugins(List<String> plugins, List<Finding> findings) {
        int named = -1;
        int folder = -1;
        for (int i = plugins.size() - 1; i >= 0; i--) {
            Path plugin = Path.of(plugins.get(i));
            if (plugin.endsWith(LIBRARY)) {
                named = i;
            } else if (Files.exists(plugin.resolve(LIBRARY))) {
                folder = i;
            }
        }
        if (named < 0 && folder < 0) {
            findings.add(Finding.serious(
                    "Plugins does not name " + LIBRARY,
                    "Orthanc runs without Strongroom and stores every new image in clear",
                    "put the path of " + LIBRARY + " first in Plugins"));
        } else if (named != 0) {
            findings.add(Finding.warning(
                    LIBRARY + (named < 0 ? " is loaded from a folder" : " is not the first of Plugins"),
                    "another plugin may take its routes, or the storage area",
                    "put the path of " + LIBRARY + " first in Plugins"));
        }
    }
}
