package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.KitFile;

/** Whether people hold what opens the tiers, and have shown it lately. */
final class Kit {
    /** People move, and lose things. */
    private static final Duration OLD = Duration.ofDays(365);

    private Kit() {}

    static List<Finding> examine(Home home, InstantSource clock) {
        Optional<KitFile> kit;
        try {
            kit = KitFile.read(home.kit());
        } catch (IOException | StrongroomException e) {
            return List.of(Finding.warning(
                    "kit.json in Home cannot be read",
                    "nobody knows whether the recovery kit was proven",
                    "run the doctor as Orthanc's user, or prove the kit again: strongroom kit check"));
        }
        if (kit.isEmpty()) {
            return List.of(
                    Finding.warning(
                            "there is no recovery kit",
                            "who loses the passphrase or key file loses every image",
                            "strongroom kit create --shares 5 --need 3 --out /dev/shm/kit, print the sheets, then strongroom kit check"));
        }
        if (kit.get().proven() == null) {
            return List.of(Finding.warning(
                    "recovery kit " + kit.get().kit() + " was never proven",
                    "its sheets may not open anything, and this machine still keeps the recovery key as well",
                    "strongroom kit check --from TIER with " + kit.get().need() + " of its sheets"));
        }
        if (clock.instant().isAfter(kit.get().proven().plus(OLD))) {
            return List.of(Finding.warning(
                    "recovery kit " + kit.get().kit() + " was last proven on "
                            + kit.get().proven().toString().substring(0, 10),
                    "sheets are lost and people leave; nobody knows whether enough are left",
                    "strongroom kit check --from TIER with " + kit.get().need() + " of its sheets"));
        }
        return List.of();
    }
}
