package org.strongroom.plugin.offline.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.kit.RecoveryKit;
import org.strongroom.plugin.kit.Share;

/** Which share is to blame, when a kit does not open. */
class KitSharesTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private final X25519PrivateKeyParameters recovery = new X25519PrivateKeyParameters(RANDOM);
    private final Installation installation = new Installation(
            UUID.randomUUID(), Instant.EPOCH, recovery.generatePublicKey().getEncoded(), new byte[32]);
    private final Key32 secret = Key32.of(recovery.getEncoded());

    private List<Share> kit() {
        return new ArrayList<>(RecoveryKit.split(secret, Share.fingerprint(installation.recoveryKey()), 3, 5, RANDOM));
    }

    private Share forged(Share share) {
        return new Share(share.fingerprint(), share.kit(), share.need(), share.number(), Key32.random(RANDOM));
    }

    private KitShares read(Share... shares) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Share share : shares) {
            files.add(Files.writeString(folder.resolve("sheet-" + files.size()), String.join(" ", share.words())));
        }
        return KitShares.read(installation, files);
    }

    @Test
    void enoughSharesGiveTheKey() throws IOException {
        List<Share> kit = kit();

        assertThat(read(kit.get(0), kit.get(2), kit.get(4)).combine(installation))
                .isEqualTo(secret);
        assertThat(read(kit.toArray(Share[]::new)).combine(installation)).isEqualTo(secret);
    }

    @Test
    void aForgedShareIsNamedIfThereIsOneMoreThanIsNeeded() throws IOException {
        List<Share> kit = kit();
        KitShares four = read(kit.get(0), forged(kit.get(1)), kit.get(2), kit.get(3));

        assertThatThrownBy(() -> four.combine(installation))
                .hasMessageContaining("not what was printed")
                .hasMessageContaining("sheet-1]")
                .hasMessageNotContaining("sheet-0");

        KitShares three = read(kit.get(0), forged(kit.get(1)), kit.get(2));
        assertThatThrownBy(() -> three.combine(installation))
                .hasMessageContaining("not this installation's key")
                .hasMessageContaining("One of them");
    }

    @Test
    void sharesOfTwoKitsAndTheSameShareTwiceAreSaidToBe() throws IOException {
        List<Share> kit = kit();
        List<Share> other = kit();
        KitShares mixed = read(kit.get(0), kit.get(1), kit.get(2), other.get(3));
        assertThatThrownBy(() -> mixed.combine(installation))
                .hasMessageContaining("several kits")
                .hasMessageContaining("sheet-3");

        KitShares twice = read(kit.get(0), kit.get(1), kit.get(1), kit.get(2));
        assertThatThrownBy(() -> twice.combine(installation)).hasMessageContaining("share 2 is there twice");

        KitShares few = read(kit.get(0), kit.get(4));
        assertThatThrownBy(() -> few.combine(installation))
                .hasMessageContaining("needs 3 shares, and here are 2: [1, 5]");
    }
}
