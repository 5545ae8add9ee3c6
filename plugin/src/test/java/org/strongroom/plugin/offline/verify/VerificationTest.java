package org.strongroom.plugin.offline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.cli.Console;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.PlayedTier;

class VerificationTest {
    @TempDir
    Path folder;

    private PlayedTier tier;
    private String first;
    private String second;

    @BeforeEach
    void twoStudies() throws IOException {
        tier = new PlayedTier(folder);
        first = tier.ship("1.2.1", 3, PlayedTier.NAME);
        second = tier.ship("1.2.2", 1, PlayedTier.NAME, "far");
    }

    @Test
    void everythingOpens() throws IOException {
        List<Long> progress = new ArrayList<>();
        TierResult result =
                new Verification(tier, tier.keyring, tier.home, PlayedTier.NAME, progress::add).run(tier.packs);
        assertThat(result).isEqualTo(new TierResult(PlayedTier.NAME, 2, 0, 4, 400_003, 2, 0, List.of()));
        assertThat(progress)
                .last()
                .isEqualTo(tier.packs.get(0).bytes() + tier.packs.get(1).bytes());
    }

    @Test
    void whatIsAttachedToASeriesIsOpenedAndNoInstance() throws IOException {
        tier.contentType = 0;
        String attached = tier.ship("1.2.3", 1, PlayedTier.NAME);
        assertThat(verify()).isEqualTo(new TierResult(PlayedTier.NAME, 3, 0, 4, 500_003, 3, 0, List.of()));
        flip(attached, PackPrologue.SIZE + 50_000);
        assertThat(verify().faults()).hasSize(1);
    }

    @Test
    void ofAnArchivedPackTheHeadsAreOpenedAndNothingIsAFault() throws IOException {
        tier.archive(first);
        assertThat(verify()).isEqualTo(new TierResult(PlayedTier.NAME, 1, 1, 1, 100_000, 2, 0, List.of()));
        byte[] sound = tier.objects.get(first);
        flip(first, sound.length - 1000); // in the heads or the index
        assertThat(verify().sound()).isFalse();
    }

    @Test
    void aWrongBitInABodyIsThatInstancesFault() throws IOException {
        flip(first, PackPrologue.SIZE + 50_000);
        TierResult result = verify();
        assertThat(result.packs()).isEqualTo(1);
        assertThat(result.instances()).isEqualTo(3);
        assertThat(result.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.object()).isEqualTo(first);
            assertThat(fault.attachment()).isNotNull();
            assertThat(fault.kind()).isEqualTo(FailureKind.CORRUPT);
        });
    }

    @Test
    void aWrongBitAnywhereIsFound() throws IOException {
        byte[] sound = tier.objects.get(second).clone();
        for (int at = 0; at < sound.length; at += sound.length / 97) {
            tier.objects.put(second, sound.clone());
            flip(second, at);
            assertThat(verify().faults()).as("bit at %d", at).hasSize(1);
        }
    }

    @Test
    void aMissingPackIsAFault() throws IOException {
        tier.objects.remove(first);
        assertFault(first, FailureKind.NOT_FOUND);
    }

    @Test
    void aPackCutShortIsAFault() throws IOException {
        byte[] pack = tier.objects.get(first);
        tier.objects.put(first, Arrays.copyOf(pack, pack.length - 1));
        assertFault(first, FailureKind.CORRUPT);
    }

    @Test
    void anotherPackUnderThisNameIsAFault() throws IOException {
        String twin = tier.ship("1.2.3", 3, "far");
        assertThat(tier.objects.get(twin)).hasSameSizeAs(tier.objects.get(first));
        tier.objects.put(first, tier.objects.get(twin));
        assertFault(first, FailureKind.CORRUPT);
    }

    @Test
    void aTierWithoutThePacksKeyCannotBeRecoveredFrom() throws IOException {
        tier.objects.keySet().removeIf(name -> name.startsWith("keys/"));
        assertThat(verify().faults())
                .extracting(Fault::kind)
                .containsExactly(FailureKind.NOT_FOUND, FailureKind.NOT_FOUND);
    }

    @Test
    void aDamagedBundleIsAFault() throws IOException {
        String bundle = named("keys/");
        flip(bundle, 200);
        assertFault(bundle, FailureKind.CORRUPT);
    }

    @Test
    void aTierThatCouldNotBeOpenedWithoutHomeIsAFault() throws IOException {
        for (HomeCopy copy : HomeCopy.values()) {
            String name = copy.objectName(Files.readAllBytes(copy.in(tier.home)));
            byte[] content = tier.objects.remove(name);
            assertFault(name, FailureKind.NOT_FOUND);
            tier.objects.put(name, content.clone());
            flip(name, 5);
            assertFault(name, FailureKind.CORRUPT);
            tier.objects.put(name, content);
        }
        assertThat(verify().sound()).isTrue();
    }

    /** While others work a longer one takes its place, and it goes. */
    @Test
    void aHeadThatIsReplacedMeanwhileIsNotMissing() throws IOException {
        String old = tier.copyHead();
        tier.journal(journal -> journal.tombstone(UUID.randomUUID()));
        tier.vanishing = () -> {
            tier.objects.remove(old);
            tier.copyHead();
        };
        assertThat(verify().faults()).isEmpty();

        String newest = named("journal/head-");
        tier.vanishing = () -> tier.objects.remove(newest);
        assertFault(newest, FailureKind.NOT_FOUND);
    }

    @Test
    void whatHasNoReceiptIsNotExpectedAndWhatNobodyKnowsIsCounted() throws IOException {
        String queued = tier.ship("1.2.3", 1, "far");
        tier.objects.remove(queued);
        tier.objects.put("packs/00", new byte[10]);
        TierResult result = verify();
        assertThat(result.sound()).isTrue();
        assertThat(result.packs()).isEqualTo(2);
        assertThat(result.others()).isEqualTo(1);
    }

    @Test
    void aTierThatDoesNotAnswerIsNoVerdict() {
        tier.down = true;
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(this::verify)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
    }

    @Test
    void theExitStatusTellsTheTruth() throws IOException {
        StringWriter out = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(out), false, false);
        assertThat(VerifyCommand.tell(console, 2, List.of(verify()))).isZero();
        tier.objects.remove(first);
        assertThat(VerifyCommand.tell(console, 2, List.of(verify()))).isEqualTo(1);
        assertThat(out.toString())
                .contains("near  2 of 2  4          400 kB")
                .contains("NOT_FOUND in near: the pack is not in the tier that gave a receipt for it (" + first + ")");
    }

    private TierResult verify() throws IOException {
        return new Verification(tier, tier.keyring, tier.home, PlayedTier.NAME, done -> {}).run(tier.packs);
    }

    private void assertFault(String object, FailureKind kind) throws IOException {
        assertThat(verify().faults()).singleElement().satisfies(fault -> {
            assertThat(fault.object()).isEqualTo(object);
            assertThat(fault.attachment()).isNull();
            assertThat(fault.kind()).isEqualTo(kind);
        });
    }

    private String named(String prefix) {
        return tier.objects.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }

    private void flip(String object, int at) {
        tier.objects.get(object)[at] ^= 1;
    }
}
