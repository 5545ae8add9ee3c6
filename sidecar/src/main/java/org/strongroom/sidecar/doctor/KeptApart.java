package org.strongroom.sidecar.doctor;

import java.util.List;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.WayAround;

/** What Orthanc's next start refuses, because nobody would be kept from what is another's. */
final class KeptApart {
    private KeptApart() {}

    static List<Finding> examine(Configuration configuration) {
        try {
            return WayAround.all(configuration).stream()
                    .map(way -> Finding.serious(
                            way.setting() + " lets somebody around what Strongroom says of users and tenants",
                            "Orthanc does not start with it",
                            way.cure()))
                    .toList();
        } catch (StrongroomException e) {
            return List.of(Finding.serious(
                    "Strongroom.Access.UsersFile: " + e.text(),
                    "Orthanc does not start if its user finds the same",
                    e.cure()));
        }
    }
}
