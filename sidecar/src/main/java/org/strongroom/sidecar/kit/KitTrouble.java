package org.strongroom.sidecar.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.KitFile;

/**
 * What is wrong with the recovery kit. Immutable.
 *
 * @param what it is, without PHI
 * @param risk what follows
 * @param cure what to do
 * @param pressing whether people have had time to do it
 */
public record KitTrouble(String what, String risk, String cure, boolean pressing) {
    /** To make a kit, after the first start. */
    private static final Duration TO_MAKE = Duration.ofDays(30);
    /** To prove one that was made: some image has to be in a tier first. */
    private static final Duration TO_PROVE = Duration.ofDays(7);

    /** @param proveEvery how long a proof is believed */
    public static Optional<KitTrouble> of(Home home, Duration proveEvery, Instant now) {
        Optional<KitFile> kit;
        try {
            kit = KitFile.read(home.kit());
        } catch (IOException | StrongroomException e) {
            return Optional.of(new KitTrouble(
                    "kit.json in Home cannot be read",
                    "nobody knows whether the recovery kit was proven",
                    "run the doctor as Orthanc's user, or prove the kit again: strongroom kit check",
                    true));
        }
        return kit.isEmpty() ? Optional.of(none(isOld(home, now))) : of(home, kit.get(), proveEvery, now);
    }

    /** False also if nobody knows: others tell of an installation.json that cannot be read. */
    private static boolean isOld(Home home, Instant now) {
        try {
            return Installation.read(home.installation())
                    .map(Installation::created)
                    .filter(created -> now.isAfter(created.plus(TO_MAKE)))
                    .isPresent();
        } catch (IOException | StrongroomException e) {
            return false;
        }
    }

    private static KitTrouble none(boolean old) {
        return new KitTrouble(
                "there is no recovery kit",
                "who loses the root key's file, token or service loses every image",
                "strongroom kit create --shares 5 --need 3 --out /dev/shm/kit, print the sheets, then strongroom kit check",
                old);
    }

    private static Optional<KitTrouble> of(Home home, KitFile kit, Duration proveEvery, Instant now) {
        String cure = "strongroom kit check --from TIER with " + kit.need() + " of its sheets";
        if (kit.proven() == null) {
            return Optional.of(new KitTrouble(
                    "recovery kit " + kit.kit() + " was never proven",
                    "its sheets may not open anything"
                            + (Files.exists(home.pendingRecoveryKey())
                                    ? ", and this machine still keeps the recovery key as well"
                                    : ""),
                    cure,
                    now.isAfter(kit.made().plus(TO_PROVE))));
        }
        if (!now.isAfter(kit.proven().plus(proveEvery))) {
            return Optional.empty();
        }
        return Optional.of(new KitTrouble(
                "recovery kit " + kit.kit() + " was last proven on "
                        + kit.proven().toString().substring(0, 10),
                "sheets are lost and people leave; nobody knows whether enough are left",
                cure + ", others than the last time",
                true));
    }
}
