package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.sidecar.marker.Placement;

/** A tier has the keys of what only another one holds, so that a recovery from any of them has all. */
class EverySegmentTest {
    private static final UUID NORTHS = UUID.randomUUID();
    private static final UUID SOUTHS = UUID.randomUUID();

    @TempDir
    Path folder;

    private final UUID north = UUID.randomUUID();
    private final UUID south = UUID.randomUUID();
    private Clinic clinic;
    private List<UUID> norths;

    /** Each tenant's studies are in a tier of its own, and their keys in segments of their own. */
    @BeforeEach
    void apart() throws Exception {
        clinic = new Clinic(folder, "near", "far");
        clinic.placements = Map.of(north, only("near"), south, only("far"));
        clinic.open();
        clinic.spool.sealFor(north);
        norths = clinic.spool.study(NORTHS, 1_000);
        clinic.spool.nextSegment();
        clinic.spool.sealFor(south);
        clinic.spool.study(SOUTHS, 1_000);
        clinic.ship();
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private static Placement only(String tier) {
        return new Placement(tier, Optional.of(Set.of(tier)), 1);
    }

    private static boolean holds(Store store, UUID key) throws Exception {
        for (String bundle : store.objects("keys/")) {
            for (KeyRecord record : KeyBundle.decode(store.object(bundle)).records()) {
                if (record.label().id().equals(key) && record.label().kind() == KeyKind.STUDY) {
                    return true;
                }
            }
        }
        return false;
    }

    private void later(Duration time) throws Exception {
        clinic.clock.advance(time);
        clinic.ship();
    }

    /** Of the segments that no pack there needs. */
    private List<String> bundles() {
        return Stream.concat(
                        clinic.store(0).objects(KeyBundle.prefix(2)).stream(),
                        clinic.store(1).objects(KeyBundle.prefix(1)).stream())
                .toList();
    }

    @Test
    void eachTierGetsWhatNoPackThereNeedsAndEachOnce() throws Exception {
        assertThat(holds(clinic.store(0), SOUTHS)).isFalse();
        assertThat(holds(clinic.store(1), NORTHS)).isFalse();
        later(Duration.ofMinutes(11));
        for (int store = 0; store < 2; store++) {
            assertThat(holds(clinic.store(store), NORTHS)).isTrue();
            assertThat(holds(clinic.store(store), SOUTHS)).isTrue();
        }
        List<String> bundles = bundles();
        assertThat(bundles).hasSize(2);
        later(Duration.ofHours(2));
        assertThat(bundles()).as("nothing is new").isEqualTo(bundles);

        clinic.close();
        Files.delete(clinic.home.ledger());
        clinic.open();
        clinic.ship();
        later(Duration.ofMinutes(11));
        assertThat(bundles()).as("those that are there are known again").isEqualTo(bundles);

        UUID next = UUID.randomUUID();
        clinic.spool.study(next, 1_000);
        later(Duration.ofHours(1));
        later(Duration.ofHours(1));
        assertThat(holds(clinic.store(0), next)).as("what came since").isTrue();
        assertThat(holds(clinic.store(1), next)).isTrue();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    @Test
    void aTierThatIsAwayOrRefusesGetsItLater() throws Exception {
        clinic.store(1).away = true;
        clinic.store(0).failing.put("put", FailureKind.REFUSED);
        later(Duration.ofMinutes(11));
        assertThat(clinic.rooms.problems.byName()).containsKey("segments/near");
        clinic.store(1).away = false;
        clinic.store(0).failing.clear();
        later(Duration.ofHours(1));
        assertThat(holds(clinic.store(0), SOUTHS)).isTrue();
        assertThat(holds(clinic.store(1), NORTHS)).isTrue();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    /** More than one step takes, behind one that fails. */
    private List<UUID> behind() throws Exception {
        List<UUID> keys = new ArrayList<>();
        for (int more = 0; more < 6; more++) {
            clinic.spool.nextSegment();
            keys.add(UUID.randomUUID());
            clinic.spool.study(keys.get(more), 1_000);
        }
        clinic.ship();
        return keys;
    }

    private void requireHeldUpNothing(List<UUID> behind) throws Exception {
        later(Duration.ofMinutes(11));
        assertThat(holds(clinic.store(0), SOUTHS)).as("behind it").isTrue();
        int packs = clinic.store(1).objects("packs/").size();
        clinic.spool.study(UUID.randomUUID(), 1_000);
        later(Duration.ofHours(1));
        for (UUID key : behind.subList(0, behind.size() - 1)) { // the last one has grown
            assertThat(holds(clinic.store(0), key)).isTrue();
        }
        assertThat(clinic.store(1).objects("packs/"))
                .as("what is new is shipped")
                .hasSize(packs + 1);
        later(Duration.ofHours(1));
        assertThat(holds(clinic.store(0), behind.get(behind.size() - 1))).isTrue();
        assertThat(clinic.rooms.problems.byName()).containsKeys("segments/near", "segments/far");
    }

    private void requireAllHeld() throws Exception {
        later(Duration.ofHours(1));
        later(Duration.ofHours(1)); // its length may have been another one meanwhile
        assertThat(holds(clinic.store(1), NORTHS)).isTrue();
        assertThat(clinic.rooms.problems.byName()).isEmpty();
    }

    @Test
    void aSegmentThatTheDiskDoesNotGiveHoldsUpNothing() throws Exception {
        List<UUID> behind = behind();
        Path segment = clinic.home.keyring().resolve("records/00000001.strk");
        Path kept = Files.move(segment, segment.resolveSibling("kept"));
        Files.createDirectory(segment);
        requireHeldUpNothing(behind);
        Files.delete(segment);
        Files.move(kept, segment);
        requireAllHeld();
    }

    @Test
    void aSegmentThatIsDamagedHoldsUpNothing() throws Exception {
        List<UUID> behind = behind();
        Path segment = clinic.home.keyring().resolve("records/00000001.strk");
        byte[] good = Files.readAllBytes(segment);
        byte[] rotten = good.clone();
        rotten[0] ^= 1;
        Files.write(segment, rotten);
        requireHeldUpNothing(behind);
        Files.write(segment, good);
        requireAllHeld();
    }

    @Test
    void aKeyringThatCannotBeListedHoldsUpNothing() throws Exception {
        Path records = clinic.home.keyring().resolve("records");
        Path kept = Files.move(records, records.resolveSibling("kept"));
        Files.createFile(records);
        later(Duration.ofMinutes(11));
        assertThat(clinic.rooms.problems.byName()).containsKeys("segments/near", "segments/far");
        Files.delete(records);
        Files.move(kept, records);
        requireAllHeld();
    }

    /** Its key is in no tier yet, and may not come into one any more. */
    @Test
    void aKeyThatIsToBeDestroyedIsNotCalledGoneBeforeTheKeyringIsRidOfIt() throws Exception {
        TestJournal journal = new TestJournal(clinic.home, clinic.installation);
        for (UUID file : norths) {
            journal.append(JournalType.TOMBSTONE, file, clinic.clock.instant());
        }
        journal.destroyed(UUID.randomUUID(), NORTHS, clinic.clock.instant());
        clinic.rooms.refresh();
        clinic.ship();
        assertThat(clinic.rooms.remains(NORTHS).tiers()).containsOnlyKeys("near", "far");
        assertThat(clinic.rooms.remains(NORTHS).tiers().get("far"))
                .contains("the plugin has not destroyed the key yet");
        clinic.spool.destroy(NORTHS);
        later(Duration.ofMinutes(11));
        assertThat(holds(clinic.store(0), NORTHS)).isFalse();
        assertThat(holds(clinic.store(1), NORTHS)).isFalse();
        assertThat(clinic.rooms.remains(NORTHS).tiers()).isEmpty();
    }
}
