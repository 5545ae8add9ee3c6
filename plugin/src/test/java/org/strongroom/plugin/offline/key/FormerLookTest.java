package org.strongroom.plugin.offline.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.RootChange;
import org.strongroom.plugin.offline.tier.PlayedTier;

class FormerLookTest {
    @TempDir
    Path folder;

    private PlayedTier tier;
    private List<String> bundles;
    private String journalKey;

    @BeforeEach
    void changed() throws IOException {
        tier = new PlayedTier(folder);
        tier.ship("1.2.3", 1, PlayedTier.NAME);
        bundles = tier.objects.keySet().stream()
                .filter(name -> name.startsWith("keys/"))
                .toList();
        journalKey = HomeCopy.JOURNAL_KEY.objectName(Files.readAllBytes(tier.home.journalKey()));
        byte[] other = new byte[32];
        other[5] = 5;
        KeySource next = KeySource.of(
                new RootKeySettings(Optional.empty(), Optional.of(Files.write(folder.resolve("next.key"), other))));
        RootChange change = new RootChange(tier.home, tier.keyring.home());
        change.prepare(tier.source, next, Instant.EPOCH.plusSeconds(1));
        change.decide(event -> {}, "a test");
    }

    private FormerLook look() throws IOException {
        return FormerLook.at(tier, PlayedTier.NAME, CurrentRoot.of(tier.home));
    }

    @Test
    void bundlesAndTheJournalsKeyAreFoundUntilTheyAreGone() throws IOException {
        assertThat(bundles).isNotEmpty();
        assertThat(look().open()).contains(journalKey).containsAll(bundles).hasSize(bundles.size() + 1);
        assertThat(look().isClean()).isFalse();

        tier.objects.keySet().removeAll(bundles);
        tier.objects.remove(journalKey);
        assertThat(look().mayOpen()).isFalse();
        assertThat(look().missing()).hasSize(2).contains("keys/00000001-");
        assertThat(look().isClean()).as("a tier without the keys of now").isFalse();

        CurrentRoot now = CurrentRoot.of(tier.home);
        List<KeyRecord> records = new ArrayList<>(now.tenants());
        Path segment = tier.home.keyring().resolve("records/00000001.strk");
        records.addAll(KeySegment.decode(Files.readAllBytes(segment)).records());
        tier.objects.put("keys/00000001-1-00", new KeyBundle(tier.keyring.installation(), records).encode());
        now.copies().forEach(name -> tier.objects.put(name, new byte[1]));
        assertThat(look().missing()).isEmpty();
        assertThat(look().isClean()).isTrue();
    }

    /** Nothing is believed of a list: also one that nobody wrote, as after a recovery, or one that was lost. */
    @Test
    void whatIsNotHomesIsFoundWithoutFormerJson() throws IOException {
        Files.delete(tier.home.formerKeys());
        assertThat(look().open()).contains(journalKey).containsAll(bundles);
    }

    @Test
    void aBundleThatCannotBeReadMayBeOne() throws IOException {
        tier.objects.remove(journalKey);
        bundles.forEach(name -> tier.objects.put(name, new byte[100]));
        assertThat(look().open()).isEmpty();
        assertThat(look().unread()).containsExactlyElementsOf(bundles);
        assertThat(look().isClean()).isFalse();
    }

    @Test
    void aTierThatIsAwayIsNotCalledClean() {
        tier.down = true;
        assertThatThrownBy(this::look).isInstanceOf(StrongroomException.class);
    }
}
