package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** A bit of a local file turned over: the copy on the second disk answers, and the file is set aside. */
class DamagedFileTest {
    private static final Attachment IMAGE = new Attachment(UUID.randomUUID(), Attachment.DICOM);
    private static final byte[] PLAIN = new byte[3_000];
    private static final Logger LOG = Logger.getLogger(PlainReads.class.getName());

    @TempDir
    Path folder;

    private Home home;
    private Path spooled;
    private byte[] sealed;
    private KeySource source;
    private Keyring keyring;
    private Journal journal;
    private SealedStorage storage;
    private AuditTap audit;

    @BeforeAll
    static void quietly() {
        LOG.setLevel(Level.OFF); // it tells every damage, as it should
    }

    @AfterAll
    static void loudly() {
        LOG.setLevel(null);
    }

    @BeforeEach
    void store() throws IOException {
        new Random(1).nextBytes(PLAIN);
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
        journal =
                Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {});
        audit = AuditTap.open(home, Clock.systemUTC(), RunningTime.system());
        Files.createDirectory(folder.resolve("mirror"));
        storage = storage();
        storage.create(IMAGE, ByteSource.of(PLAIN), () -> true);
        spooled = home.spooled(IMAGE.uuid());
        sealed = Files.readAllBytes(spooled);
    }

    private SealedStorage storage() {
        return new SealedStorage(
                home,
                new StorageLimits(
                        Optional.of(folder.resolve("mirror")),
                        1,
                        Duration.ofSeconds(1),
                        Watermark.parse("1 B"),
                        Watermark.parse("85 %")),
                folder.resolve("orthanc"),
                keyring,
                journal,
                new Holds(keyring, InstantSource.system()),
                new Aliases(),
                () -> {
                    if (!Files.exists(home.control())) {
                        throw StrongroomException.of(FailureKind.UNAVAILABLE, "no sidecar");
                    }
                    return ControlClient.connect(home);
                },
                audit,
                Optional.empty(),
                (attachment, key, bytes, token) -> {});
    }

    /** As after a restart: no key is in memory. */
    private void reopen() throws IOException {
        close();
        keyring = Keyring.open(home, source, Clock.systemUTC());
        journal =
                Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {});
        audit = AuditTap.open(home, Clock.systemUTC(), RunningTime.system());
        storage = storage();
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
        audit.close();
        journal.close();
        keyring.close();
    }

    @Test
    void everyByteOfTheHeader() throws IOException {
        for (int at = 0; at < SealedHeader.FIXED_SIZE; at++) {
            int bit = 8 * at + at % 8;
            flip(bit);
            assertServed("bit " + bit);
        }
    }

    @Test
    void aKeyThatTheKeyringDoesNotKnowLeavesTheFileWhereItIs() throws IOException {
        Files.delete(Home.sharded(folder.resolve("mirror"), IMAGE.uuid()));
        flip(8 * 56);
        PlayedRead read = new PlayedRead();
        storage.read(read);
        assertThat(read.failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(spooled).exists();
    }

    @Test
    void aDamagedKeyRecordSetsNothingAside() throws IOException {
        Path records = home.keyring().resolve("records").resolve("00000001.strk");
        byte[] sound = Files.readAllBytes(records);
        byte[] damaged = sound.clone();
        damaged[damaged.length - 5] ^= 1;
        Files.write(records, damaged);
        reopen();
        for (int i = 0; i < 2; i++) {
            PlayedRead read = new PlayedRead();
            storage.read(read);
            assertThat(read.failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(read.failure.getMessage()).contains("the keyring is damaged", records.toString(), "Cure: ");
            assertThat(Files.readAllBytes(spooled)).isEqualTo(sealed);
            assertThat(home.quarantine()).doesNotExist();
        }
        Files.write(records, sound);
        PlayedRead read = new PlayedRead();
        storage.read(read);
        assertThat(read.answer).isEqualTo(PLAIN);
    }

    @Test
    void aMirrorCopyThatDoesNotOpenEitherIsNotRestoredAndTheSameBytesAreKeptOnce() throws IOException {
        flip(8 * (SealedHeader.FIXED_SIZE + 1_000));
        byte[] damaged = Files.readAllBytes(spooled);
        Files.write(Home.sharded(folder.resolve("mirror"), IMAGE.uuid()), damaged);
        for (int i = 0; i < 3; i++) {
            Files.write(spooled, damaged); // as a restored backup would
            storage.read(new PlayedRead());
            assertThat(spooled).doesNotExist();
            try (Stream<Path> aside = Files.list(home.quarantine())) {
                assertThat(aside).singleElement().satisfies(file -> assertThat(Files.readAllBytes(file))
                        .isEqualTo(damaged));
            }
        }
        flip(8 * (SealedHeader.FIXED_SIZE + 1_001));
        storage.read(new PlayedRead());
        try (Stream<Path> aside = Files.list(home.quarantine())) {
            assertThat(aside).hasSize(2);
        }
    }

    @Test
    void bitsOfTheBody() throws IOException {
        for (int bit = 8 * SealedHeader.FIXED_SIZE; bit < 8 * sealed.length; bit += 1_999) {
            flip(bit);
            assertServed("bit " + bit);
        }
    }

    @Test
    void aRangeThatADamagedSizeWouldRefuse() throws IOException {
        for (int bit = 8 * 96; bit < 8 * 112; bit += 5) {
            flip(bit);
            PlayedRead read = new PlayedRead(2_000, 1_000);
            storage.read(read);
            assertThat(read.failure).as("bit %d", bit).isNull();
            assertThat(read.answer).isEqualTo(Arrays.copyOfRange(PLAIN, 2_000, 3_000));
        }
    }

    @Test
    void aRangeThatLeavesTheAttachmentIsRefusedAndNothingIsSetAside() throws IOException {
        PlayedRead read = new PlayedRead(2_000, 1_001);
        storage.read(read);
        assertThat(read.failure).isNotNull();
        assertThat(read.failure.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(spooled).exists();
    }

    @Test
    void aFileThatTheDiskDoesNotGiveComesBackFromTheSecondDisk() throws IOException {
        badSector(spooled);
        PlayedRead read = new PlayedRead();
        storage.read(read);
        assertThat(read.failure).isNull();
        assertThat(read.answer).isEqualTo(PLAIN);
        assertThat(Files.readAllBytes(spooled)).isEqualTo(sealed);
        assertThat(home.quarantine().resolve("spool-" + IMAGE.uuid())).exists();
    }

    @Test
    void theOnlyCopyStaysWhereItIsIfTheDiskDoesNotGiveIt() throws IOException {
        Files.delete(mirrored());
        badSector(spooled);
        PlayedRead read = new PlayedRead();
        storage.read(read);
        assertThat(read.failure.getMessage()).contains("cannot be read from disk");
        assertThat(spooled).exists();
        assertThat(home.quarantine()).doesNotExist();
    }

    @Test
    void aSealedFileThatDoesNotOpenDoesNotHideAClearOne() throws IOException {
        Files.delete(mirrored());
        String name = IMAGE.uuid().toString();
        Path clear = folder.resolve("orthanc/" + name.substring(0, 2) + "/" + name.substring(2, 4) + "/" + name);
        Files.createDirectories(clear.getParent());
        Files.write(clear, PLAIN);

        flip(8 * 56); // a key that nobody knows
        assertServedAsItIs();
        badSector(spooled);
        assertServedAsItIs();
        assertThat(spooled).exists();
    }

    private void assertServedAsItIs() {
        PlayedRead whole = new PlayedRead();
        storage.read(whole);
        assertThat(whole.failure).isNull();
        assertThat(whole.answer).isEqualTo(PLAIN);
        PlayedRead range = new PlayedRead(5, 9);
        storage.read(range);
        assertThat(range.answer).isEqualTo(Arrays.copyOfRange(PLAIN, 5, 14));
    }

    @Test
    void whatTheDiskOfTheCacheDoesNotGiveIsFetchedFromATier() throws IOException {
        Files.delete(mirrored());
        Files.delete(spooled);
        badSector(home.cached(IMAGE.uuid()));
        badSector(home.cachedHead(IMAGE.uuid()));
        withSidecar(false, () -> assertThat(plain(PLAIN.length)).isEqualTo(PLAIN));
        assertThat(home.cached(IMAGE.uuid())).doesNotExist();
        assertThat(home.quarantine().resolve("cache-" + IMAGE.uuid())).exists();
    }

    @Test
    void aHeadThatAPowerCutDamagedIsAskedForAgain() throws IOException {
        Files.delete(mirrored());
        Files.delete(spooled);
        Path head = home.cachedHead(IMAGE.uuid());
        Files.createDirectories(head.getParent());
        for (int length : new int[] {0, 40, SealedHeader.FIXED_SIZE + 7}) {
            Files.write(head, Arrays.copyOf(sealed, length));
            withSidecar(false, () -> assertThat(storage.plainReads().keyOf(IMAGE.uuid()))
                    .isPresent());
            Files.write(head, Arrays.copyOf(sealed, length));
            withSidecar(false, () -> assertThat(plain(PLAIN.length)).isEqualTo(PLAIN));
        }
    }

    @Test
    void aSecondDiskThatDiesDoesNotHideWhatATierHas() throws IOException {
        Files.delete(spooled);
        badSector(mirrored());
        withSidecar(false, () -> assertThat(plain(PLAIN.length)).isEqualTo(PLAIN));
    }

    @Test
    void aDamagedFileThatIsGivenBackComesFromTheSecondDisk() throws IOException {
        flip(8 * (SealedHeader.FIXED_SIZE + 1_000));
        assertThat(plain(PLAIN.length)).isEqualTo(PLAIN);
        assertThat(Files.readAllBytes(spooled)).isEqualTo(sealed);
    }

    @Test
    void whatATierGaveDamagedIsAskedForAgainWithDoubt() throws IOException {
        Files.delete(mirrored());
        Files.delete(spooled);
        withSidecar(true, () -> assertThat(plain(PLAIN.length)).isEqualTo(PLAIN));
    }

    @Test
    void nothingThatIsTooLargeIsHeldInMemoryOrSetAside() throws IOException {
        assertTooLarge();
        assertThat(spooled).exists();
        Files.delete(mirrored());
        Files.delete(spooled);
        withSidecar(false, this::assertTooLarge);
    }

    private void assertTooLarge() {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> plain(PLAIN.length - 1))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e.getMessage()).contains("Strongroom.Java.Heap");
                });
    }

    private byte[] plain(long largest) throws IOException {
        ByteSource plain = storage.plainReads().plain(IMAGE.uuid(), largest);
        return plain.read(0, (int) plain.size());
    }

    private Path mirrored() {
        return Home.sharded(folder.resolve("mirror"), IMAGE.uuid());
    }

    /** A folder opens as a file does, and gives an error for its bytes; it has the size of what is in it. */
    private static void badSector(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createDirectories(file);
        for (int i = 0; i < 100; i++) {
            Files.createFile(file.resolve("sector" + i));
        }
    }

    /** A sidecar that has the file in a tier. */
    private void withSidecar(boolean damaged, ThrowingRunnable reads) throws IOException {
        byte[] wrong = sealed.clone();
        wrong[wrong.length - 1_000] ^= 1;
        StandInSidecar sidecar = new StandInSidecar().on("/v1/sealed/" + IMAGE.uuid(), exchange -> {
            boolean doubt = exchange.getRequestHeaders().containsKey(Protocol.DOUBT_HEADER);
            StandInSidecar.giveRange(exchange, damaged && !doubt ? wrong : sealed);
        });
        try (sidecar) {
            sidecar.begin(home, keyring.installation());
            reads.run();
        }
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws IOException;
    }

    private void flip(int bit) throws IOException {
        byte[] changed = sealed.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(spooled, changed);
    }

    private void assertServed(String what) throws IOException {
        PlayedRead read = new PlayedRead();
        storage.read(read);
        assertThat(read.failure).as(what).isNull();
        assertThat(read.answer).as(what).isEqualTo(PLAIN);
        assertThat(Files.readAllBytes(spooled)).as(what).isEqualTo(sealed);
        try (DirectoryStream<Path> aside = Files.newDirectoryStream(home.quarantine())) {
            for (Path file : aside) {
                Files.delete(file);
            }
        }
    }

    /** A read as the loader holds it: memory is made once, and not without bounds. */
    private static final class PlayedRead implements PendingRead {
        private final boolean whole;
        private final long offset;
        private long length;
        private byte[] answer;
        private StrongroomException failure;

        private PlayedRead() {
            this.whole = true;
            this.offset = 0;
        }

        private PlayedRead(long offset, int length) {
            this.whole = false;
            this.offset = offset;
            this.length = length;
            this.answer = new byte[length];
        }

        @Override
        public Attachment attachment() {
            return IMAGE;
        }

        @Override
        public boolean isWhole() {
            return whole;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void allocate(long size) throws IOException {
            if ((answer != null && answer.length != size) || size > 100_000_000) {
                throw new IOException("no memory for " + size);
            }
            answer = new byte[(int) size];
            length = size;
        }

        @Override
        public void copyOut(long position, byte[] source, int from, int count) {
            System.arraycopy(source, from, answer, (int) position, count);
        }

        @Override
        public void succeed() {}

        @Override
        public void fail(StrongroomException cause) {
            failure = cause;
        }

        @Override
        public boolean isAlive() {
            return true;
        }
    }
}
