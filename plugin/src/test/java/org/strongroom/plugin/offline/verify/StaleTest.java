package org.strongroom.plugin.offline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.PlayedTier;

/** Genuine bytes that are not the newest, in a tier or here (format.md §6.1); and what only looks like them. */
class StaleTest {
    @TempDir
    Path folder;

    private PlayedTier tier;
    private String first;
    private String firstBundle;
    private String second;

    @BeforeEach
    void twoStudies() throws IOException {
        tier = new PlayedTier(folder);
        first = tier.ship("1.2.1", 2, PlayedTier.NAME);
        firstBundle = newestBundle();
        second = tier.ship("1.2.2", 1, PlayedTier.NAME);
    }

    @Test
    void anOldBundleUnderAnotherNameIsHarmlessAndUnderANewersNameIsStale() throws IOException {
        byte[] old = tier.objects.get(firstBundle);
        tier.objects.put("keys/00000001-1-" + "f".repeat(16), old);
        assertThat(verify().sound()).isTrue();
        String newer = newestBundle();
        tier.objects.put(newer, old);
        assertThat(verify().faults())
                .extracting(Fault::object, Fault::kind)
                .containsExactly(tuple(newer, FailureKind.STALE), tuple(second, FailureKind.NOT_FOUND));
    }

    @Test
    void aBundleWithAKeyThatTheKeyringHasLostIsStale() throws IOException {
        Path segment = tier.home.keyring().resolve("records").resolve("00000001.strk");
        byte[] before = Files.readAllBytes(segment);
        tier.ship("1.2.3", 1);
        String bundle = newestBundle();
        Files.write(segment, before);
        try (var keyring = Keyring.read(tier.home, tier.source, Clock.systemUTC())) {
            TierResult result = new Verification(tier, keyring, tier.home, PlayedTier.NAME, done -> {}).run(tier.packs);
            assertThat(result.faults())
                    .extracting(Fault::object, Fault::kind)
                    .containsExactly(tuple(bundle, FailureKind.STALE));
        }
    }

    @Test
    void aPackWithAReceiptThatTheJournalDoesNotKnowIsStaleThoughItOpens() throws IOException {
        String unheard = tier.ship("1.2.3", 1);
        PackLine pack = tier.packs.get(2);
        tier.packs.set(
                2, new PackLine(pack.pack(), pack.key(), pack.members(), pack.bytes(), true, List.of(PlayedTier.NAME)));
        assertStale(unheard, "the journal does not know the pack");
        assertThat(verify().instances()).isEqualTo(4);
    }

    @Test
    void aPurgedPackThatIsThereAgainIsStale() throws IOException {
        byte[] pack = tier.objects.get(second);
        forget(second);
        tier.packs.remove(1);
        tier.objects.remove(second);
        assertThat(verify().sound()).isTrue();
        tier.objects.put(second, pack);
        assertStale(second, "a pack that was purged is there again");
    }

    @Test
    void aPurgedPackWhoseNamesMovedIsStaleAndThatOfTheSuccessorsIsNot() throws IOException {
        UUID former = members(second).get(0);
        String successor = tier.ship("1.2.3", 1, PlayedTier.NAME);
        UUID fresh = members(successor).get(0);
        tier.journal(journal -> journal.moved(former, fresh));
        tier.packs.remove(2);
        tier.packs.remove(1);
        assertStale(second, "a pack that was purged is there again");
        tier.objects.remove(second);
        assertThat(verify().sound()).as("it lives by the name that it got").isTrue();
        tier.journal(journal -> journal.tombstone(former));
        assertStale(successor, "a pack that was purged is there again");
    }

    @Test
    void aRemovedPackThatWaitsForItsPurgeIsNot() throws IOException {
        forget(second);
        assertThat(verify().sound()).isTrue();
    }

    @Test
    void aPackThatALostLedgerForgotIsNot() throws IOException {
        tier.packs.remove(0);
        TierResult result = verify();
        assertThat(result.sound()).isTrue();
        assertThat(result.others()).isEqualTo(1);
    }

    @Test
    void aRestoredMemberKeepsItsPackAlive() throws IOException {
        forget(first);
        UUID one = members(first).get(0);
        tier.journal(journal -> journal.restored(one));
        tier.packs.remove(0);
        assertThat(verify().sound()).isTrue();
    }

    @Test
    void aPackOnItsWayIsNot() throws IOException {
        tier.ship("1.2.3", 1);
        assertThat(verify().sound()).isTrue();
    }

    @Test
    void aPackThatWasPlannedWhileTheTierWasListedIsNot() throws IOException {
        List<PackLine> before = new ArrayList<>(tier.packs);
        tier.ship("1.2.3", 1);
        TierResult result = new Verification(tier, tier.keyring, tier.home, PlayedTier.NAME, done -> {}).run(before);
        assertThat(result.sound()).isTrue();
        assertThat(result.others()).isZero();
    }

    @Test
    void aGenuinePackThatNobodyEverAcknowledgedIsStale() throws IOException {
        String unheard = tier.ship("1.2.3", 1);
        tier.packs.remove(2);
        assertStale(unheard, "the journal does not know the pack");
    }

    @Test
    void thePackOfAnotherInstallationIsAStrangerAndUnderOurNameCorrupt() throws IOException {
        PlayedTier other = new PlayedTier(Files.createDirectory(folder.resolve("other")));
        String theirs = other.ship("1.2.1", 2, PlayedTier.NAME);
        tier.objects.put(theirs, other.objects.get(theirs));
        TierResult result = verify();
        assertThat(result.sound()).isTrue();
        assertThat(result.others()).isEqualTo(1);
        tier.objects.remove(theirs);
        tier.objects.put(first, other.objects.get(theirs));
        assertThat(verify().faults())
                .extracting(Fault::object, Fault::kind)
                .containsExactly(tuple(first, FailureKind.CORRUPT));
    }

    @Test
    void anOldHeadUnderANewersNameIsStale() throws IOException {
        byte[] old = tier.objects.get(tier.copyHead());
        tier.journal(journal -> journal.keyClosed(UUID.randomUUID()));
        String newer = tier.copyHead();
        assertThat(verify().sound()).isTrue();
        tier.objects.put(newer, old);
        assertStale(newer, "another journal head stands under this name");
    }

    @Test
    void aHeadThatNobodyHereSignedIsCorrupt() throws IOException {
        byte[] forged = tier.objects.get(tier.copyHead()).clone();
        ByteBuffer.wrap(forged).putLong(4, 99);
        String name = "journal/head-99-" + "0".repeat(16);
        tier.objects.put(name, forged);
        assertThat(verify().faults())
                .extracting(Fault::object, Fault::kind)
                .containsExactly(tuple(name, FailureKind.CORRUPT));
    }

    @Test
    void anOldJournalHereIsStaleAndJudgesNoPack() throws IOException {
        Path old = copyOf(tier.home.journal(), folder.resolve("old"));
        tier.ship("1.2.3", 1, PlayedTier.NAME);
        tier.copyHead();
        assertThat(verify().sound()).isTrue();
        copyOf(old, tier.home.journal());
        assertStale("journal/", "the journal here is older than the one that the tier has seen");
    }

    @Test
    void anOldJournalThatWentOnIsFound() throws IOException {
        Path old = copyOf(tier.home.journal(), folder.resolve("old"));
        tier.ship("1.2.3", 1, PlayedTier.NAME);
        tier.copyHead();
        copyOf(old, tier.home.journal());
        tier.journal(journal -> {
            journal.keyClosed(UUID.randomUUID());
            journal.keyClosed(UUID.randomUUID());
        });
        assertThat(verify().faults())
                .extracting(Fault::object, Fault::kind)
                .containsExactly(tuple("journal/", FailureKind.CORRUPT));
    }

    @Test
    void aLostJournalIsSaid() throws IOException {
        try (var files = Files.list(tier.home.journal())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(verify().faults())
                .extracting(Fault::object, Fault::kind)
                .containsExactly(tuple("journal/", FailureKind.NOT_FOUND));
    }

    private TierResult verify() throws IOException {
        return new Verification(tier, tier.keyring, tier.home, PlayedTier.NAME, done -> {}).run(tier.packs);
    }

    private void assertStale(String object, String message) throws IOException {
        assertThat(verify().faults()).containsExactly(new Fault(object, null, FailureKind.STALE, message));
    }

    private String newestBundle() {
        return tier.objects.keySet().stream()
                .filter(name -> name.startsWith("keys/"))
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    private void forget(String pack) throws IOException {
        List<UUID> members = members(pack);
        tier.journal(journal -> {
            for (UUID member : members) {
                journal.tombstone(member);
            }
        });
    }

    private List<UUID> members(String pack) throws IOException {
        return PackReader.open(ByteSource.of(tier.objects.get(pack))).layout().index().members().stream()
                .map(PackMember::header)
                .map(header -> header.attachment())
                .toList();
    }

    private static Path copyOf(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var there = Files.list(to)) {
            for (Path file : there.toList()) {
                Files.delete(file);
            }
        }
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
