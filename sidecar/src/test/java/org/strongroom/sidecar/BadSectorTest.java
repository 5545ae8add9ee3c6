package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.EvictRequest;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.sidecar.ledger.Place;

/** A disk that gives some files of the spool no more: everything else is brought away from it. */
class BadSectorTest {
    private static final String TEXT = "the disk does not give a sealed file";

    @TempDir
    Path folder;

    private Clinic clinic;
    private long folderSize;
    /** As long as a folder: one in its place opens and cannot be read, as on a bad sector. */
    private int size;
    /** Else nothing in its place can be opened, as where the inode is bad: not every file system gives folders a size. */
    private boolean foldersFit;

    @BeforeEach
    void open() throws Exception {
        clinic = new Clinic(folder, "near").open();
        folderSize = Files.size(Files.createDirectory(folder.resolve("probe")));
        UUID probe = clinic.spool.study(UUID.randomUUID(), (int) folderSize).get(0);
        size = (int) (2 * folderSize - clinic.spool.bytes(probe).length);
        foldersFit = size > 1_000;
        size = foldersFit ? size : 5_000;
        clinic.ship();
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private List<UUID> study(int files) throws Exception {
        int[] sizes = new int[files];
        Arrays.fill(sizes, size);
        return clinic.spool.study(UUID.randomUUID(), sizes);
    }

    private UUID withHead(int head) throws Exception {
        return clinic.spool.store(UUID.randomUUID(), new Tag16(new byte[16]), 1, 1, 50_000, head);
    }

    private void lose(UUID file) throws Exception {
        lose(clinic.home.spooled(file));
        if (foldersFit) {
            assertThat(Files.size(clinic.home.spooled(file))).isEqualTo(clinic.spool.bytes(file).length);
        }
    }

    private void lose(Path file) throws Exception {
        Files.delete(file);
        if (foldersFit) {
            Files.createDirectory(file);
        } else {
            Files.createSymbolicLink(file, file);
        }
    }

    /** A bad inode lets nothing be opened; whatever is deleted or put in its place is not its business. */
    private static void loseInode(Path file) throws Exception {
        Files.delete(file);
        Files.createSymbolicLink(file, file);
    }

    private void giveBack(UUID file) throws Exception {
        Files.delete(clinic.home.spooled(file));
        clinic.spool.put(file, clinic.spool.bytes(file));
    }

    private List<String> messages() {
        return clinic.rooms.problems.standing().stream()
                .map(problem -> problem.message())
                .toList();
    }

    @Test
    void beforeItsPackIsPlannedHoldsUpNoOther() throws Exception {
        UUID bad = study(3).get(1);
        study(2);
        clinic.rooms.refresh();
        lose(bad);
        clinic.ship();
        assertThat(clinic.in(Place.SPOOL)).isEqualTo(1);
        assertThat(clinic.in(Place.CACHE)).isEqualTo(5);
        assertThat(messages()).singleElement().asString().contains(TEXT, bad.toString());

        giveBack(bad);
        clinic.ship();
        assertThat(clinic.in(Place.CACHE)).isEqualTo(6);
        assertThat(messages()).isEmpty();
    }

    @Test
    void isReadAgainSeldomUnlessSomebodyWantsIt() throws Exception {
        UUID bad = study(1).get(0);
        clinic.rooms.refresh();
        lose(bad);
        clinic.ship();
        giveBack(bad);
        clinic.clock.advance(Duration.ofMinutes(9));
        clinic.rooms.plan(false);
        assertThat(messages()).hasSize(1);
        clinic.clock.advance(Duration.ofMinutes(2));
        clinic.rooms.plan(false);
        assertThat(messages()).isEmpty();
    }

    @Test
    void afterItsPackWasPlannedHoldsUpNoOtherAndIsLeftOutWhenItStays() throws Exception {
        List<UUID> study = study(3);
        clinic.store(0).away = true;
        clinic.ship();
        study(2);
        lose(study.get(1));
        clinic.store(0).away = false;
        clinic.ship();
        assertThat(clinic.in(Place.CACHE)).as("the others").isEqualTo(3);
        assertThat(messages()).singleElement().asString().contains("the disk does not give a file of a planned pack");

        clinic.rooms.tierRooms.get(0).worker.tryAgain();
        clinic.ship();
        clinic.ship();
        assertThat(clinic.in(Place.CACHE)).as("but for the one").isEqualTo(5);
        assertThat(messages())
                .singleElement()
                .asString()
                .contains(TEXT, study.get(1).toString());
    }

    /** What was not used for the longest time goes first: were that unreadable and stayed, nothing would go any more. */
    @Test
    void inTheCacheKeepsNothingElseFromBeingEvicted() throws Exception {
        UUID bad = study(1).get(0);
        List<UUID> others = study(2);
        clinic.ship();
        lose(clinic.home.cached(bad));
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        assertThat(clinic.in(Place.CACHE)).isZero();
        assertThat(clinic.home.cached(bad)).doesNotExist();
        assertThat(clinic.home.cachedHead(bad)).doesNotExist();
        assertThat(clinic.home.cachedHead(others.get(0))).exists();
        assertThat(clinic.read(bad)).isEqualTo(clinic.spool.bytes(bad));
    }

    @Test
    void underAnInodeOfTheCacheKeepsNothingElseFromBeingEvicted() throws Exception {
        UUID bad = study(1).get(0);
        List<UUID> others = study(2);
        clinic.ship();
        loseInode(clinic.home.cached(bad));
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        assertThat(clinic.in(Place.CACHE)).isZero();
        assertThat(clinic.in(Place.ABSENT)).isEqualTo(1);
        assertThat(clinic.home.cached(bad)).doesNotExist();
        assertThat(clinic.home.cachedHead(others.get(0))).exists();
        assertThat(clinic.read(bad)).isEqualTo(clinic.spool.bytes(bad));
    }

    @Test
    void underAnInodeOfTheCacheIsMadeUpForByTheTier() throws Exception {
        UUID file = study(1).get(0);
        clinic.ship();
        loseInode(clinic.home.cached(file));
        assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
        assertThat(Files.readAllBytes(clinic.home.cached(file))).isEqualTo(clinic.spool.bytes(file));

        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        loseInode(clinic.home.cachedHead(file));
        assertThat(clinic.read(file, 0, 1)).isEqualTo(Arrays.copyOf(clinic.spool.bytes(file), 1));
        // In this order: reading ahead may be making a whole file of it.
        assertThat(Stream.of(clinic.home.cachedHead(file), clinic.home.cached(file)))
                .anyMatch(Files::isRegularFile);
    }

    @Test
    void cutShortInTheCacheKeepsNothingElseFromBeingEvicted() throws Exception {
        UUID bad = study(1).get(0);
        study(2);
        clinic.ship();
        Files.write(clinic.home.cached(bad), new byte[0]);
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        assertThat(clinic.in(Place.CACHE)).isZero();
        assertThat(clinic.home.cachedHead(bad)).doesNotExist();
        assertThat(clinic.read(bad)).isEqualTo(clinic.spool.bytes(bad));
    }

    @Test
    void cutShortInTheCacheGoesFromTierToTier() throws Exception {
        UUID bad = study(1).get(0);
        clinic.ship();
        clinic.close();
        clinic.stores.add(new Store("far"));
        clinic.open();
        clinic.rooms.tiers.get("far").mark();
        Files.write(clinic.home.cached(bad), new byte[0]);
        clinic.ship();
        assertThat(clinic.store(1).objects("packs/"))
                .isEqualTo(clinic.store(0).objects("packs/"))
                .hasSize(2);
        assertThat(messages()).isEmpty();
    }

    /** As long as it should be, and not to be had: nothing must be answered before it is read. */
    @Test
    void underAHeadOfTheCacheIsMadeUpForByTheTier() throws Exception {
        long other = SealedHeader.decode(clinic.spool.bytes(withHead(1_000))).headPieceSize();
        UUID file = withHead(foldersFit ? (int) (1_000 + folderSize - other) : 1_000);
        clinic.ship();
        clinic.rooms.evictor.evict(new EvictRequest(true, null, false));
        Path head = clinic.home.cachedHead(file);
        assertThat(Files.size(head)).isEqualTo(foldersFit ? folderSize : other);
        lose(head);
        assertThat(clinic.read(file, 0, 1)).isEqualTo(Arrays.copyOf(clinic.spool.bytes(file), 1));
        assertThat(clinic.read(file)).isEqualTo(clinic.spool.bytes(file));
    }

    /** Then it is not the files: whoever looks at the status is told of the disk, and not of each of them. */
    @Test
    void underAllOfThemIsTheDisks() throws Exception {
        List<UUID> study = study(30);
        clinic.rooms.refresh();
        for (UUID file : study) {
            lose(file);
        }
        assertThatThrownBy(() -> clinic.rooms.plan(true)).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(e.cure()).contains("kernel log");
        });
        UUID good = study(1).get(0);
        clinic.rooms.plan(true); // those that are known to be bad count no more
        assertThat(messages()).hasSize(30);
        clinic.ship();
        assertThat(clinic.read(good)).isEqualTo(clinic.spool.bytes(good));
        assertThat(clinic.in(Place.CACHE)).isEqualTo(2);
        for (UUID file : study) {
            giveBack(file);
        }
        clinic.ship();
        assertThat(clinic.in(Place.CACHE)).isEqualTo(32);
        assertThat(messages()).isEmpty();
    }

    @Test
    void underAllOfThemDoesNotKeepWhatIsPlannedFromBeingSentWhenSomebodyWantsIt() throws Exception {
        Store store = clinic.store(0);
        store.failing.put("begin packs/", FailureKind.REFUSED);
        study(1);
        clinic.ship();
        assertThat(messages()).hasSize(1);
        store.failing.clear();
        List<UUID> study = study(30);
        clinic.rooms.refresh();
        for (UUID file : study) {
            lose(file);
        }
        try (Rounds rounds = new Rounds(clinic.rooms)) {
            assertThatThrownBy(() -> rounds.ship(true)).isInstanceOf(StrongroomException.class);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(store.objects("packs/")).hasSize(2));
        }
    }
}
