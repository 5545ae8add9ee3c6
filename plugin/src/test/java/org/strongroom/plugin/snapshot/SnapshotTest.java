package org.strongroom.plugin.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** What goes into a snapshot comes out of it bit for bit, or not at all, and what did not change is not made again. */
class SnapshotTest {
    private static final Instant BEGUN = Instant.parse("2026-11-26T02:00:00Z");
    private static final int KEEP = 2;

    @TempDir
    Path folder;

    private Home home;
    private Keyring keyring;
    private SnapshotFolder snapshots;
    private Path index;
    private Path settings;
    private Watermark reserve = new Watermark(1, true);

    @BeforeEach
    void open() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        keyring = keyring("one", home);
        snapshots = new SnapshotFolder(home);
        byte[] database = new byte[10 * SnapshotMaker.CHUNK + 4096];
        new Random(1).nextBytes(database);
        index = Files.write(folder.resolve("index"), database);
        settings = Files.writeString(folder.resolve("settings.json"), "{\"Strongroom\":{}}");
    }

    private Keyring keyring(String name, Home of) throws IOException {
        byte[] root = new byte[32];
        root[0] = (byte) name.hashCode();
        Path keyFile = Files.write(folder.resolve("root." + name), root);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        return Keyring.create(of, source, UUID.randomUUID(), Clock.systemUTC());
    }

    @AfterEach
    void close() throws IOException {
        keyring.close();
    }

    private SnapshotMaker.Made make(int day) throws IOException {
        Map<String, SnapshotSource> files = new LinkedHashMap<>();
        files.put(SnapshotContents.INDEX, SnapshotSource.of(index));
        files.put(SnapshotContents.SETTINGS, SnapshotSource.of(settings));
        return new SnapshotMaker(snapshots, keyring, reserve)
                .make(BEGUN.plusSeconds(86_400L * day), "1.12.7", 17, () -> 3, files, KEEP);
    }

    private Snapshot open(String name) throws IOException {
        return Snapshot.open(keyring, name, snapshots.read(name));
    }

    private FailureKind failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(StrongroomException.class, call).kind();
    }

    private List<Path> chunks() throws IOException {
        try (Stream<Path> all = Files.list(home.root().resolve(SnapshotLabel.CHUNKS))) {
            return all.sorted().toList();
        }
    }

    @Test
    void everyFileComesBackBitForBit() throws Exception {
        SnapshotMaker.Made made = make(0);
        assertThat(made.bytes()).isEqualTo(Files.size(index) + Files.size(settings));
        Snapshot snapshot = open(made.name());
        assertThat(snapshot.time()).isEqualTo(BEGUN);
        assertThat(snapshot.contents().orthanc()).isEqualTo("1.12.7");
        assertThat(snapshot.contents().journal()).isEqualTo(17);
        assertThat(snapshot.contents().instances()).isEqualTo(3);
        for (SnapshotContents.Entry file : snapshot.contents().files()) {
            Path back = folder.resolve("back");
            snapshot.write(file, snapshots::chunks, back);
            assertThat(back).hasSameBinaryContentAs(folder.resolve(file.name()));
            snapshot.verify(file, snapshots::chunks);
        }
    }

    @Test
    void nothingInItIsReadableWithoutTheKeys() throws Exception {
        Files.writeString(index, "DOE^JANE".repeat(1000));
        make(0);
        for (Path file : chunks()) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("DOE^JANE");
        }
        String name = snapshots.names().get(0);
        assertThat(new String(snapshots.read(name), StandardCharsets.ISO_8859_1))
                .doesNotContain("index", "1.12.7");
        try (Keyring other = keyring("two", new Home(folder.resolve("other")))) {
            assertThat(failure(() -> Snapshot.open(other, name, snapshots.read(name))))
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void whatDidNotChangeIsNotMadeAgain() throws Exception {
        SnapshotMaker.Made first = make(0);
        assertThat(first.newBytes()).isGreaterThan(10L * SnapshotMaker.CHUNK);
        byte[] database = Files.readAllBytes(index);
        database[5 * SnapshotMaker.CHUNK + 7]++;
        Files.write(index, database);
        SnapshotMaker.Made second = make(1);
        assertThat(second.newBytes()).isBetween((long) SnapshotMaker.CHUNK, SnapshotMaker.CHUNK + 1024L);
        assertThat(make(2).newBytes()).isZero();
        open(second.name()).verify(open(second.name()).contents().files().get(0), snapshots::chunks);
    }

    private SnapshotMaker.Made dump(int day, SnapshotSource source) throws IOException {
        Map<String, SnapshotSource> files = new LinkedHashMap<>();
        files.put(SnapshotContents.POSTGRES, source);
        files.put(SnapshotContents.SETTINGS, SnapshotSource.of(settings));
        return new SnapshotMaker(snapshots, keyring, reserve)
                .make(BEGUN.plusSeconds(86_400L * day), "1.12.7", 17, () -> 3, files, KEEP);
    }

    @Test
    void whatIsInsertedIntoADumpIsAllThatIsNewOfIt() throws Exception {
        byte[] rows = Files.readAllBytes(index);
        SnapshotMaker.Made first = dump(0, SnapshotSource.of(index));
        Files.write(index, "one more row".getBytes(StandardCharsets.US_ASCII));
        Files.write(index, rows, StandardOpenOption.APPEND);
        SnapshotMaker.Made second = dump(1, SnapshotSource.of(index));
        assertThat(first.newBytes()).isGreaterThan(10L * SnapshotMaker.CHUNK);
        assertThat(second.newBytes()).isPositive().isLessThan(first.newBytes() / 2);
        Snapshot snapshot = open(second.name());
        SnapshotContents.Entry file =
                snapshot.contents().file(SnapshotContents.POSTGRES).orElseThrow();
        Path back = folder.resolve("back");
        snapshot.write(file, snapshots::chunks, back);
        assertThat(back).hasSameBinaryContentAs(index);
        snapshot.verify(snapshot.contents().files().get(1), snapshots::chunks);
        ByteArrayOutputStream streamed = new ByteArrayOutputStream();
        snapshot.stream(file, snapshots::chunks, streamed::write);
        assertThat(streamed.toByteArray()).isEqualTo(Files.readAllBytes(index));
    }

    @Test
    void theEndOfADamagedDumpIsNotHandedOn() throws Exception {
        String name = dump(0, SnapshotSource.of(index)).name();
        SnapshotContents.Entry file = open(name).contents().files().get(0);
        Snapshot forged = open(withOtherDigest(name));
        long[] handed = {0};
        assertThat(failure(() -> forged.stream(
                        forged.contents().files().get(0), snapshots::chunks, piece -> handed[0] += piece.length)))
                .isEqualTo(FailureKind.CORRUPT);
        assertThat(handed[0]).isPositive().isLessThan(file.bytes());
    }

    /** The same chunks, each genuine, that are said to be another file. */
    private String withOtherDigest(String name) throws IOException {
        SnapshotLabel label = SnapshotLabel.decode(snapshots.read(name));
        SnapshotContents contents = open(name).contents();
        List<SnapshotContents.Entry> files = contents.files().stream()
                .map(file -> new SnapshotContents.Entry(file.name(), file.bytes(), "00".repeat(32), file.first()))
                .toList();
        byte[] state = keyring.state()
                .seal(label.stateName(), ControlJson.write(new SnapshotContents("1.12.7", 17, 3, files)));
        ByteArrayOutputStream forged = new ByteArrayOutputStream();
        forged.write(label.encode());
        forged.write(state);
        snapshots.write(label.objectName(forged.toByteArray()), forged.toByteArray());
        return label.objectName(forged.toByteArray());
    }

    @Test
    void aDumpThatDoesNotEndWellIsNoSnapshot() throws Exception {
        make(0);
        List<Path> before = chunks();
        assertThatThrownBy(() -> dump(1, () -> new InputStream() {
                    private final InputStream rows = Files.newInputStream(index);

                    @Override
                    public int read() throws IOException {
                        throw new IOException("pg_dump ended");
                    }

                    @Override
                    public int read(byte[] to, int from, int length) throws IOException {
                        int count = rows.read(to, from, length);
                        return count < 0 ? read() : count;
                    }

                    @Override
                    public void close() throws IOException {
                        rows.close();
                    }
                }))
                .hasMessage("pg_dump ended");
        assertThat(chunks()).isEqualTo(before);
        assertThat(snapshots.names()).hasSize(1);
    }

    @Test
    void theNewestStayAndWhatNoneOfThemNeedsGoes() throws Exception {
        String oldest = make(0).name();
        Files.write(index, new byte[0]);
        String middle = make(1).name();
        assertThat(chunks()).hasSize(12);
        String newest = make(2).name();
        assertThat(snapshots.names()).containsExactly(middle, newest).doesNotContain(oldest);
        assertThat(chunks()).as("of the settings").hasSize(1);
        assertThat(snapshots.newest(BEGUN.plusSeconds(3 * 86_400))).contains(BEGUN.plusSeconds(2 * 86_400));
    }

    @Test
    void thoseOfTheFutureAreNotTheNewestAndTakeNobodysPlace() throws Exception {
        String future = make(900).name();
        String first = make(0).name();
        assertThat(snapshots.newest(BEGUN.plusSeconds(10))).contains(BEGUN);
        String second = make(1).name();
        assertThat(snapshots.names()).containsExactly(first, second, future);
    }

    @Test
    void noneIsMadeIntoTheReserveAndNothingOfItStays() throws Exception {
        make(0);
        List<Path> before = chunks();
        Files.writeString(settings, "{\"Strongroom\":{\"Home\":\"/srv\"}}");
        reserve = new Watermark(Long.MAX_VALUE, false);
        assertThat(failure(() -> make(1))).isEqualTo(FailureKind.FULL);
        assertThat(chunks()).isEqualTo(before);
        assertThat(snapshots.names()).hasSize(1);
    }

    @Test
    void whatAFailedAttemptSealedGoes() throws Exception {
        make(0);
        List<Path> before = chunks();
        Files.write(index, new byte[SnapshotMaker.CHUNK]);
        Files.delete(settings);
        assertThatThrownBy(() -> make(1)).isInstanceOf(NoSuchFileException.class);
        assertThat(chunks()).isEqualTo(before);
    }

    @Test
    void aDamagedChunkIsNoFile() throws Exception {
        Snapshot snapshot = open(make(0).name());
        SnapshotContents.Entry file = snapshot.contents().files().get(0);
        Path chunk = chunks().get(3);
        byte[] sealed = Files.readAllBytes(chunk);
        sealed[sealed.length / 2] ^= 1;
        Files.write(chunk, sealed);
        Path back = folder.resolve("back");
        boolean settingsChunk = sealed.length < 1000;
        SnapshotContents.Entry damaged =
                settingsChunk ? snapshot.contents().files().get(1) : file;
        assertThat(failure(() -> snapshot.write(damaged, snapshots::chunks, back)))
                .isEqualTo(FailureKind.CORRUPT);
        assertThat(back).doesNotExist();
    }

    @Test
    void aChunkInAnothersPlaceIsNoFile() throws Exception {
        Snapshot snapshot = open(make(0).name());
        Files.copy(chunks().get(0), folder.resolve("aside"));
        Files.copy(chunks().get(1), chunks().get(0), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(failure(() -> {
                    for (SnapshotContents.Entry file : snapshot.contents().files()) {
                        snapshot.verify(file, snapshots::chunks);
                    }
                }))
                .isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void aSnapshotUnderAnotherNameOrWithAnotherLabelIsNone() throws Exception {
        String name = make(0).name();
        byte[] bytes = snapshots.read(name);
        String other = name.substring(0, name.length() - 1) + (name.endsWith("0") ? "1" : "0");
        assertThat(failure(() -> Snapshot.open(keyring, other, bytes))).isEqualTo(FailureKind.CORRUPT);
        SnapshotLabel label = SnapshotLabel.decode(bytes);
        SnapshotLabel later = new SnapshotLabel(label.installation(), label.time() + 1, label.chunks());
        byte[] forged = bytes.clone();
        System.arraycopy(later.encode(), 0, forged, 0, later.size());
        assertThat(failure(() -> Snapshot.open(keyring, later.objectName(forged), forged)))
                .isEqualTo(FailureKind.CORRUPT);
    }
}
