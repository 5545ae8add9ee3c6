package org.strongroom.plugin.offline.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.format.v1.JournalReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.keys.PendingRecoveryKey;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.PlayedTier;
import org.strongroom.plugin.postgres.PostgresPrograms;
import org.strongroom.plugin.recover.DrillScratch;
import org.strongroom.plugin.snapshot.SnapshotContents;
import org.strongroom.plugin.snapshot.SnapshotFolder;
import org.strongroom.plugin.snapshot.SnapshotMaker;
import org.strongroom.plugin.snapshot.SnapshotSource;
import org.strongroom.plugin.supervise.SidecarCommand;

class DrillTest {
    private static final Drill.Extent ALL = new Drill.Extent(50, 1L << 30, false);

    @TempDir
    private Path folder;

    private PlayedTier tier;
    private String ct;
    private String mr;

    @BeforeEach
    void ship() throws IOException {
        tier = new PlayedTier(folder);
        ct = tier.ship("1.2.3", 3, PlayedTier.NAME);
        mr = tier.ship("1.2.4", 2, PlayedTier.NAME);
        copyJournal();
    }

    /** As the sidecar does, with a head behind it. */
    private void copyJournal() throws IOException {
        byte[] segment = Files.readAllBytes(JournalReader.segment(tier.home.journal(), 1));
        tier.objects.put(String.format("journal/00000001-%d-%016x", segment.length, segment.length), segment);
        tier.copyHead();
    }

    private DrillKeys rootKey() {
        return new DrillKeys(Optional.empty(), tier.source);
    }

    private Drill.Outcome drill(DrillKeys keys, Drill.Extent extent) throws IOException, InterruptedException {
        SidecarCommand none = new SidecarCommand(Path.of("/bin/false"), folder, folder, "1");
        MeteredContents contents = new MeteredContents(tier);
        Path parent = Files.createDirectories(folder.resolve("scratch"));
        try (DrillScratch scratch =
                DrillScratch.make(tier.home, tier.keyring.installation(), parent, List.of(tier.home.spool()))) {
            return new Drill(
                            contents,
                            PlayedTier.NAME,
                            tier.home,
                            tier.keyring.home(),
                            keys,
                            scratch,
                            Clock.systemUTC(),
                            RunningTime.system(),
                            (done, all, words) -> {})
                    .run(
                            faults -> new DrillIndex(
                                    scratch,
                                    none,
                                    PostgresPrograms.unconnected(Map.of()),
                                    Optional.empty(),
                                    folder.resolve("log"),
                                    Watermark.parse("1 B"),
                                    RunningTime.system(),
                                    Sleeper.SYSTEM,
                                    faults,
                                    words -> {}),
                            extent,
                            Optional.of(Instant.EPOCH));
        } finally {
            assertThat(parent).isEmptyDirectory();
        }
    }

    private Map<String, Sha256> digests() {
        Map<String, Sha256> digests = new TreeMap<>();
        tier.objects.forEach((name, bytes) -> digests.put(name, Sha256.of(bytes)));
        return digests;
    }

    /** But for the lock and its folder. */
    private Map<Path, Sha256> homeDigests() throws IOException {
        Map<Path, Sha256> digests = new HashMap<>();
        try (Stream<Path> files = Files.walk(tier.home.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(tier.home.run())) {
                    digests.put(file, Sha256.of(Files.readAllBytes(file)));
                }
            }
        }
        return digests;
    }

    @Test
    void theRootKeyOrTheKitOpensTheTierAndNothingIsChangedAnywhere() throws Exception {
        Key32 kit = PendingRecoveryKey.open(tier.home, tier.keyring.home(), tier.source)
                .orElseThrow();
        Map<String, Sha256> before = digests();
        Map<Path, Sha256> home = homeDigests();
        for (DrillKeys keys : List.of(rootKey(), new DrillKeys(Optional.of(kit), tier.source))) {
            Drill.Outcome outcome = drill(keys, ALL);
            assertThat(outcome.faults()).isEmpty();
            assertThat(outcome.journalProven()).isTrue();
            assertThat(outcome.entriesLacking()).isZero();
            assertThat(outcome.keyRecords()).isEqualTo(2);
            assertThat(outcome.index()).isEmpty();
            DrillSample.Seen seen = outcome.seen();
            assertThat(seen.images()).isEqualTo(5);
            assertThat(seen.tried()).isEqualTo(2);
            assertThat(seen.read()).isGreaterThan(5 * 100_000).isLessThan(outcome.bytes());
            assertThat(outcome.after().images()).isEqualTo(5);
            assertThat(outcome.lag().files()).isZero();
            DrillReport report = new DrillReport(outcome, Instant.EPOCH);
            assertThat(report.result().proven()).isTrue();
            assertThat(report.result().secondsToList()).isNull();
            assertThat(report.result().keys()).isEqualTo(keys.words());
        }
        assertThat(digests()).isEqualTo(before);
        assertThat(homeDigests()).isEqualTo(home);
    }

    @Test
    void oneFlippedBitIsFoundAndNamed() throws Exception {
        tier.objects.get(mr)[tier.objects.get(mr).length / 3] ^= 4;
        Drill.Outcome outcome = drill(rootKey(), ALL);
        assertThat(outcome.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.object()).isEqualTo(mr);
            assertThat(fault.attachment()).isNotNull();
            assertThat(fault.kind()).isEqualTo(FailureKind.CORRUPT);
        });
        assertThat(outcome.seen().images()).isEqualTo(4);
        assertThat(new DrillReport(outcome, Instant.EPOCH).result().reason()).contains("SHA-256");
    }

    @Test
    void aPackThatIsGoneOrIsAnotherOneIsFoundWithoutBeingChosen() throws Exception {
        Drill.Extent nothing = new Drill.Extent(0, 1, false);
        byte[] whole = tier.objects.remove(ct);
        assertThat(drill(rootKey(), nothing).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.object()).isEqualTo(ct);
            assertThat(fault.kind()).isEqualTo(FailureKind.NOT_FOUND);
        });
        tier.objects.put(ct, Arrays.copyOf(whole, whole.length - 1));
        assertThat(drill(rootKey(), nothing).faults()).singleElement().satisfies(fault -> assertThat(fault.message())
                .contains("another size"));
        tier.objects.put(ct, tier.objects.get(mr));
        assertThat(drill(rootKey(), ALL).faults()).isNotEmpty().allSatisfy(fault -> assertThat(fault.object())
                .isEqualTo(ct));
    }

    @Test
    void whatIsAllowedIsNotExceededByMoreThanWhatTellsWhereAnImageIs() throws Exception {
        DrillSample.Seen seen =
                drill(rootKey(), new Drill.Extent(50, 150_000, false)).seen();
        assertThat(seen.images()).isEqualTo(1);
        assertThat(seen.tooMuch()).isPositive();
        assertThat(seen.read()).isLessThan(160_000);
    }

    @Test
    void archivedPacksAreNoFaultAsLongAsSomethingOpens() throws Exception {
        tier.archive(ct);
        Drill.Outcome outcome = drill(rootKey(), ALL);
        assertThat(outcome.faults()).isEmpty();
        assertThat(outcome.seen().archived()).isEqualTo(1);
        assertThat(outcome.seen().images()).isEqualTo(2);
        tier.archive(mr);
        assertThat(drill(rootKey(), ALL).faults()).singleElement().satisfies(fault -> assertThat(fault.kind())
                .isEqualTo(FailureKind.ARCHIVED));
    }

    @Test
    void aTierThatKeptNoKeysOrNoJournalProvesNothing() throws Exception {
        Map<String, byte[]> all = new TreeMap<>(tier.objects);
        tier.objects.keySet().removeIf(name -> name.startsWith("journal/"));
        assertThat(drill(rootKey(), ALL).faults()).isNotEmpty().allSatisfy(fault -> assertThat(fault.object())
                .isEqualTo("journal/"));

        tier.objects.putAll(all);
        tier.objects.keySet().removeIf(name -> name.startsWith("keys/"));
        assertThatThrownBy(() -> drill(rootKey(), ALL)).hasMessageContaining("no keys that open");

        tier.objects.putAll(all);
        tier.objects.keySet().removeIf(name -> name.startsWith("installation/root-"));
        assertThatThrownBy(() -> drill(rootKey(), ALL)).hasMessageContaining("opens nothing in the tier");

        tier.objects.putAll(all);
        tier.objects.keySet().removeIf(name -> name.startsWith("installation/identity-"));
        assertThatThrownBy(() -> drill(rootKey(), ALL)).hasMessageContaining("no installation");
    }

    @Test
    void aKeyThatLeftHomeAndNeverReachedTheTierIsMissed() throws Exception {
        Map<String, byte[]> bundles = new TreeMap<>(tier.objects);
        bundles.keySet().removeIf(name -> !name.startsWith("keys/"));
        String late = tier.ship("1.2.5", 1, PlayedTier.NAME);
        copyJournal();
        tier.objects.keySet().removeIf(name -> name.startsWith("keys/"));
        tier.objects.putAll(bundles);
        assertThat(drill(rootKey(), ALL).faults())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.object()).isEqualTo(late))
                .anySatisfy(fault -> assertThat(fault.message()).contains("no bundle in the tier"));
    }

    /** Its pack may be locked for weeks; that nothing opens it any more is as it should be. */
    @Test
    void aShreddedStudyIsNotMissed() throws Exception {
        tier.keyring.destroy(tier.packs.get(0).key());
        tier.objects.keySet().removeIf(name -> name.startsWith("keys/")); // as the sidecar does, once others are there
        tier.ship("1.2.6", 1, PlayedTier.NAME);
        copyJournal();
        Drill.Outcome outcome = drill(rootKey(), ALL);
        assertThat(outcome.faults()).isEmpty();
        long others = tier.packs.stream().skip(1).mapToLong(PackLine::members).sum();
        assertThat(outcome.seen().images()).as("of the others").isEqualTo(others);
    }

    /** Users stand in the settings; a file that still stands there could not be read. */
    @Test
    void aSnapshotThatLacksUsersIsAFault() throws Exception {
        for (String access : List.of("{\"Users\": {}}", "{\"UsersFile\": \"/etc/strongroom/users.json\"}")) {
            snapshot("{\"Strongroom\": {\"Access\": " + access + "}}");
            assertThat(drill(rootKey(), ALL).faults())
                    .extracting(Fault::message)
                    .filteredOn(message -> message.contains("none of the users of Strongroom.Access.UsersFile"))
                    .hasSize(access.contains("UsersFile") ? 1 : 0);
        }
    }

    /** Of now, with an index that is none, in the tier. */
    private void snapshot(String settings) throws IOException {
        Map<String, SnapshotSource> files = new LinkedHashMap<>();
        files.put(SnapshotContents.INDEX, () -> new ByteArrayInputStream(new byte[1000]));
        files.put(SnapshotContents.SETTINGS, () -> new ByteArrayInputStream(settings.getBytes(StandardCharsets.UTF_8)));
        DurableFiles.createDirectories(tier.home.snapshots());
        new SnapshotMaker(new SnapshotFolder(tier.home), tier.keyring, new Watermark(1, true))
                .make(Instant.now(), "1.12.7", 17, () -> 3, files, 5);
        try (Stream<Path> made = Files.walk(tier.home.snapshots())) {
            for (Path file : made.filter(Files::isRegularFile).toList()) {
                tier.objects.put(tier.home.root().relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    @Test
    void aSnapshotThatOughtToBeThereIsMissed() throws Exception {
        Drill.Outcome outcome = drill(rootKey(), new Drill.Extent(5, 1 << 30, true));
        assertThat(outcome.faults()).singleElement().satisfies(fault -> assertThat(fault.message())
                .contains("no snapshot"));
        assertThat(outcome.seen().images()).as("the rest goes on").isEqualTo(5);
    }

    @Test
    void theLastMinuteIsTold() throws Exception {
        tier.ship("1.2.5", 4, PlayedTier.NAME); // journaled here, and the tier's copy of the journal is older
        UUID key = tier.packs.get(2).key();
        tier.studies.add(new StudyStatus(key, key, 5, 6, 1, 1, 2, 6, 0, Instant.EPOCH, List.of(status(2))));
        Drill.Outcome outcome = drill(rootKey(), ALL);
        assertThat(outcome.faults()).isEmpty();
        assertThat(outcome.entriesLacking()).isEqualTo(1);
        assertThat(outcome.seen().notJournaled()).isEqualTo(1);
        assertThat(outcome.lag()).isEqualTo(new Lag(2, Optional.of(Instant.EPOCH)));
    }

    private StudyStatus.PackStatus status(int number) {
        return new StudyStatus.PackStatus(
                tier.packs.get(number).pack(), 4, 1, Map.of(PlayedTier.NAME, "received"), Map.of());
    }
}
