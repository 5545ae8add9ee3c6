package org.strongroom.plugin.offline.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keys.PendingRecoveryKey;
import org.strongroom.plugin.kit.RecoveryKit;
import org.strongroom.plugin.kit.Share;
import org.strongroom.plugin.kit.ShareFile;

/** Shares that belong to one installation, by the files that they are from. Immutable. */
public record KitShares(Map<String, Share> byFile) {
    /** @throws StrongroomException REFUSED if a file is no share, or another installation's */
    public static KitShares read(Installation installation, List<Path> files) throws IOException {
        Map<String, Share> shares = new LinkedHashMap<>();
        int ours = Share.fingerprint(installation.recoveryKey());
        for (Path file : files) {
            Share share = ShareFile.read(file);
            if (share.fingerprint() != ours) {
                throw StrongroomException.of(FailureKind.REFUSED, "the share is of another installation's kit")
                        .with("share", file)
                        .with("kit", share.kitName())
                        .cure("The installation is named on each sheet; this one is " + installation.id());
            }
            shares.put(file.toString(), share);
        }
        return new KitShares(shares);
    }

    /** With more shares than are needed, a wrong one can be told from the others. */
    private Set<String> misfits(Installation installation) {
        return byFile.size() > any().need() && isOneKit()
                ? RecoveryKit.misfits(byFile, secret -> PendingRecoveryKey.isOf(installation, secret))
                : Set.of();
    }

    private boolean isOneKit() {
        return byFile.values().stream().map(Share::kit).distinct().count() == 1
                && byFile.values().stream().map(Share::number).distinct().count() == byFile.size();
    }

    public Share any() {
        return byFile.values().iterator().next();
    }

    /**
     * The recovery private key; the caller destroys it.
     *
     * @throws StrongroomException REFUSED if the shares do not give it, with which and why
     */
    public Key32 combine(Installation installation) {
        Set<String> misfits = misfits(installation);
        if (!misfits.isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "a share is not what was printed")
                    .with("shares", misfits)
                    .with("kit", any().kitName())
                    .cure("Leave it out: the others open everything. Then make a new kit, because this one has a share"
                            + " less");
        }
        Key32 secret = RecoveryKit.combine(byFile);
        if (!PendingRecoveryKey.isOf(installation, secret)) {
            secret.destroy();
            throw StrongroomException.of(FailureKind.REFUSED, "together these shares are not this installation's key")
                    .with("kit", any().kitName())
                    .cure("One of them is not what was printed: try other shares of the kit, and make a new one");
        }
        return secret;
    }
}
