package org.strongroom.plugin.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.inventory.IndexedFile;
import org.strongroom.plugin.storage.SealedStorage;

/** The thread: what it seals, what it leaves, and that one bad file keeps no other in clear. */
class ClearSealingTest {
    private static final Logger LOG = Logger.getLogger("org.strongroom.plugin.takeover");

    @TempDir
    Path folder;

    private final AtomicReference<Duration> hours = new AtomicReference<>(Duration.ofSeconds(11));
    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-11-26T05:00:00Z"));
    private OldOrthanc orthanc;
    private SealedStorage storage;

    @BeforeAll
    static void quietly() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loudly() {
        LOG.setLevel(null);
    }

    @BeforeEach
    void begin() throws IOException {
        orthanc = new OldOrthanc(folder).withSidecar();
        storage = orthanc.storage();
    }

    @AfterEach
    void end() throws IOException {
        orthanc.close();
    }

    /** Its first pass begins at once: time jumps when it has begun. */
    private ClearSealing sealing(List<UUID> index, List<UUID> removed) {
        return sealing(
                Optional.of(each -> index.forEach(uuid -> each.accept(new IndexedFile(dicom(uuid), "")))), removed);
    }

    private ClearSealing sealing(Optional<ClearSealing.Index> index, List<UUID> removed) {
        RunningTime real = RunningTime.system();
        Duration start = real.now();
        AtomicReference<Boolean> asked = new AtomicReference<>(false);
        RunningTime time = () -> asked.getAndSet(true) ? real.now().minus(start).plus(hours.get()) : Duration.ZERO;
        return new ClearSealing(
                storage.clearDesk(),
                storage.traffic(),
                index,
                (Consumer<UUID> each) -> removed.forEach(each),
                KeptInClear.open(orthanc.home.keptInClear(), () -> wall.get()),
                orthanc::sidecar,
                time);
    }

    private static Attachment dicom(UUID uuid) {
        return new Attachment(uuid, Attachment.DICOM);
    }

    private ClearProgress lastTold() {
        return orthanc.told.isEmpty() ? null : orthanc.told.get(orthanc.told.size() - 1);
    }

    private void awaitTold(long waiting, long sealed, long unknown) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(lastTold())
                .isNotNull()
                .extracting(ClearProgress::waiting, ClearProgress::sealed, ClearProgress::unknown)
                .containsExactly(waiting, sealed, unknown));
    }

    @Test
    void whatTheIndexKnowsIsSealedAndWhatNobodyKnowsIsLeft() throws IOException {
        UUID first = orthanc.stored(OldOrthanc.image(1));
        UUID second = orthanc.stored(OldOrthanc.image(2));
        UUID removed = orthanc.stored(OldOrthanc.image(3));
        UUID stranger = orthanc.stored(OldOrthanc.image(4));
        UUID ours = UUID.randomUUID();
        storage.create(dicom(ours), ByteSource.of(OldOrthanc.image(5)), () -> true);

        ClearSealing sealing = sealing(List.of(first, ours, second), List.of(removed, UUID.randomUUID()));
        try (sealing) {
            awaitTold(1, 3, 1);
        }

        for (UUID uuid : List.of(first, second, removed)) {
            assertThat(orthanc.clear(uuid)).doesNotExist();
            assertThat(orthanc.home.spooled(uuid)).exists();
        }
        assertThat(orthanc.clear(stranger)).hasBinaryContent(OldOrthanc.image(4));
        assertThat(orthanc.home.spooled(stranger)).doesNotExist();
        assertThat(lastTold().problem()).isNull();
    }

    @Test
    void aFileThatCannotBeReadIsToldAndKeptAndTheOthersGoOn() throws IOException {
        UUID broken = orthanc.stored(OldOrthanc.image(1));
        Files.delete(orthanc.clear(broken));
        Files.createDirectory(orthanc.clear(broken)); // what a disk with bad sectors does: it opens, and gives no byte
        UUID good = orthanc.stored(OldOrthanc.image(2));

        ClearSealing sealing = sealing(List.of(broken, good), List.of());
        try (sealing) {
            awaitTold(0, 1, 0);
            assertThat(lastTold().problem()).isNotNull();
            assertThat(lastTold().problem().kind()).isEqualTo(FailureKind.CORRUPT);
            assertThat(lastTold().problem().cure()).contains("StorageDirectory");
        }
        assertThat(orthanc.clear(broken)).exists();
        assertThat(orthanc.clear(good)).doesNotExist();
    }

    @Test
    void whereOnlyRemovedFilesAreToBeSealedTheOthersStay() throws IOException {
        UUID kept = orthanc.stored(OldOrthanc.image(1));
        UUID removed = orthanc.stored(OldOrthanc.image(2));
        UUID removedNow = orthanc.stored(OldOrthanc.image(3));

        ClearSealing sealing = sealing(Optional.empty(), List.of(removed));
        try (sealing) {
            storage.remove(dicom(removedNow));
            awaitTold(1, 2, 0);
        }

        assertThat(orthanc.clear(kept)).hasBinaryContent(OldOrthanc.image(1));
        assertThat(orthanc.clear(removed)).doesNotExist();
        assertThat(orthanc.clear(removedNow)).doesNotExist();
    }

    @Test
    void itGoesOnAfterARestart() throws IOException {
        UUID first = orthanc.stored(OldOrthanc.image(1));
        UUID second = orthanc.stored(OldOrthanc.image(2));
        ClearSealing sealing = sealing(List.of(first), List.of());
        try (sealing) {
            awaitTold(1, 1, 1);
        }
        ClearSealing again = sealing(List.of(first, second), List.of());
        try (again) {
            awaitTold(0, 1, 0);
        }
        assertThat(OldOrthanc.read(storage, first)).isEqualTo(OldOrthanc.image(1));
        assertThat(OldOrthanc.read(storage, second)).isEqualTo(OldOrthanc.image(2));
    }

    @Test
    void whatStaysIsNotReadAgainUntilItChangedOrAWeekIsOver() throws IOException {
        UUID old = orthanc.stored(OldOrthanc.image(1));
        UUID other = orthanc.stored(OldOrthanc.image(2));
        storage.create(dicom(old), ByteSource.of(OldOrthanc.image(3)), () -> true);
        orthanc.putInTier(old, Files.readAllBytes(orthanc.home.spooled(old)));
        Files.delete(orthanc.home.spooled(old));

        assertStaysAndIsAskedFor(old, true);
        assertStaysAndIsAskedFor(old, false);

        Files.setLastModifiedTime(orthanc.clear(old), FileTime.from(Instant.EPOCH));
        assertStaysAndIsAskedFor(old, true);
        wall.set(wall.get().plus(Duration.ofDays(8)));
        assertStaysAndIsAskedFor(old, true);
        wall.set(wall.get().minus(Duration.ofDays(30)));
        assertStaysAndIsAskedFor(old, true);
        for (String damaged : List.of("{", "{\"kept\":[{}]}")) {
            Files.writeString(orthanc.home.keptInClear(), damaged);
            assertStaysAndIsAskedFor(old, true);
        }

        Files.delete(orthanc.clear(old));
        ClearSealing sealing = sealing(List.of(old, other), List.of());
        try (sealing) {
            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(orthanc.home.keptInClear())
                    .content()
                    .doesNotContain(old.toString()));
        }
        assertThat(orthanc.clear(other)).doesNotExist();
    }

    /** In one life of the plugin. */
    private void assertStaysAndIsAskedFor(UUID old, boolean asked) throws IOException {
        orthanc.told.clear();
        int before = orthanc.given.get();
        ClearSealing sealing = sealing(List.of(old), List.of());
        try (sealing) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> lastTold() != null && lastTold().problem() != null);
        }
        assertThat(lastTold().problem().kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(lastTold().problem().message()).contains("1 files", "not the same", old.toString());
        assertThat(orthanc.given.get() > before).isEqualTo(asked);
        assertThat(orthanc.clear(old)).exists();
    }

    @Test
    void whatWaitsForASidecarIsSaidWithoutOne() throws IOException {
        UUID old = orthanc.stored(OldOrthanc.image(1));
        Files.delete(orthanc.home.control());
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord one) {
                logged.add(one.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        LOG.setLevel(Level.WARNING);
        LOG.setUseParentHandlers(false);
        LOG.addHandler(handler);
        ClearSealing sealing = sealing(List.of(old), List.of());
        try (sealing) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> sealing.progress().problem() != null);
            assertThat(sealing.progress().waiting()).isEqualTo(1);
            assertThat(sealing.progress().problem().kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(logged).hasSize(1).allMatch(line -> line.contains("stay in clear and wait"));
        } finally {
            LOG.removeHandler(handler);
            LOG.setUseParentHandlers(true);
            LOG.setLevel(Level.OFF);
        }
    }

    @Test
    void anIndexThatDoesNotAnswerSaysNothingOfStrangers() throws IOException {
        orthanc.stored("x".getBytes(StandardCharsets.UTF_8));
        ClearSealing.Index silent = each -> {
            throw new IllegalStateException("no database");
        };
        ClearSealing sealing = sealing(Optional.of(silent), List.of());
        try (sealing) {
            awaitTold(1, 0, 0);
        }
    }
}
