package org.strongroom.plugin.offline.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keys.PendingRecoveryKey;
import org.strongroom.plugin.offline.tier.PlayedTier;

class KitProofTest {
    @TempDir
    private Path folder;

    private PlayedTier tier;

    @BeforeEach
    void make() throws IOException {
        tier = new PlayedTier(folder);
    }

    private KitProof proof(Key32 key) {
        return new KitProof(tier, PlayedTier.NAME, tier.keyring.installation(), key, new Random(1));
    }

    private Key32 key() throws IOException {
        return PendingRecoveryKey.open(tier.home, tier.keyring.home(), tier.source)
                .orElseThrow();
    }

    @Test
    void theKeyOpensAnImageAndNoOtherKeyDoes() throws IOException {
        String pack = tier.ship("1.2.3", 2, PlayedTier.NAME);
        assertThat(proof(key()).run().pack()).isEqualTo(pack);
        assertThatThrownBy(() -> proof(Key32.random(new SecureRandom())).run()).hasMessageContaining("no key bundle");
    }

    @Test
    void aDamagedImageIsNoProof() throws IOException {
        String pack = tier.ship("1.2.3", 1, PlayedTier.NAME);
        tier.objects.get(pack)[50_000] ^= 1;
        assertThatThrownBy(() -> proof(key()).run()).isInstanceOf(Exception.class);
    }

    @Test
    void aDamagedBundleBesideAWholeOneDoesNotMatter() throws IOException {
        String pack = tier.ship("1.2.3", 1, PlayedTier.NAME);
        tier.objects.put("keys/00000000-1-" + "0".repeat(16), new byte[200]);
        assertThat(proof(key()).run().pack()).isEqualTo(pack);
    }

    @Test
    void anotherInstallationsBundleIsPassedOver() throws IOException {
        String pack = tier.ship("1.2.3", 1, PlayedTier.NAME);
        PlayedTier other = new PlayedTier(Files.createDirectory(folder.resolve("other")));
        other.ship("1.2.3", 1, PlayedTier.NAME);
        other.objects.entrySet().stream()
                .filter(object -> object.getKey().startsWith("keys/"))
                .forEach(object -> tier.objects.put("keys/00000000-2-" + "0".repeat(16), object.getValue()));
        assertThat(proof(key()).run().pack()).isEqualTo(pack);
    }

    @Test
    void whatIsArchivedIsPassedOverWhereSomethingIsAtHand() throws IOException {
        String archived = tier.ship("1.2.3", 1, PlayedTier.NAME);
        tier.archive(archived);
        assertThatThrownBy(() -> proof(key()).run()).hasMessageContaining("archive");
        String atHand = tier.ship("1.2.4", 1, PlayedTier.NAME);
        for (int seed = 0; seed < 8; seed++) {
            KitProof proof = new KitProof(
                    tier, PlayedTier.NAME, tier.keyring.installation(), key(), new Random(seed * 7_919_777L));
            assertThat(proof.run().pack()).isEqualTo(atHand);
        }
    }
}
