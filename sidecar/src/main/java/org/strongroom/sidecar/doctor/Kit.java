package org.strongroom.sidecar.doctor;

import java.time.InstantSource;
import java.util.List;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Settings;
import org.strongroom.sidecar.kit.KitTrouble;

/** Whether people hold what opens the tiers, and have shown it lately. */
final class Kit {
    private Kit() {}

    static List<Finding> examine(Settings settings, InstantSource clock) {
        return KitTrouble.of(new Home(settings.home()), settings.recoveryKit().proveEvery(), clock.instant()).stream()
                .map(trouble -> Finding.warning(trouble.what(), trouble.risk(), trouble.cure()))
                .toList();
    }
}
