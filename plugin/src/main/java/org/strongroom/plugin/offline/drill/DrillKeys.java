package org.strongroom.plugin.offline.drill;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.recover.HomeRecovery;
import org.strongroom.plugin.supervise.SmallObjects;

/**
 * What opens the tier in a trial recovery: the recovery key that sheets gave, or the clinic's root key. Immutable.
 *
 * @param kit the recovery key
 * @param root of the living installation; used only without a kit
 */
record DrillKeys(Optional<Key32> kit, KeySource root) {
    /** The living installation replaces small objects by newer ones while they are read. */
    private static final int TRIES = 4;

    /** As {@code drills.json} says it. */
    String words() {
        return kit.isPresent() ? "kit" : "root key";
    }

    /**
     * Makes keys and journal in an empty Home, under a root key that only {@code source} has.
     *
     * @param living whose tier it must be
     */
    HomeRecovery.Made recover(Home scratch, SmallObjects tier, Installation living, KeySource source, Clock clock)
            throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                HomeRecovery recovery = new HomeRecovery(scratch, tier, clock);
                Installation claimed = claim(recovery.claims(), living);
                HomeRecovery.Made made = kit.isPresent()
                        ? recovery.run(claimed, kit.get(), source)
                        : recovery.runWithRoot(claimed, root, source);
                if (made.journal().proven() || tries == TRIES) {
                    return made;
                }
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static Installation claim(List<Installation> claims, Installation living) {
        return claims.stream()
                .filter(living::equals)
                .findFirst()
                .or(() -> claims.stream()
                        .filter(claim -> claim.id().equals(living.id()))
                        .findFirst())
                .orElseThrow(() -> StrongroomException.of(
                                FailureKind.CORRUPT, "the tier does not say that it is this installation's")
                        .with("installation", living.id()));
    }

    /** For a keyring that goes with this process. */
    static KeySource oneTime() {
        return KeySource.once(new SecureRandom());
    }
}
