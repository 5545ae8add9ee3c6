package org.strongroom.sidecar.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.IntakePause;

/** A database that is locked and written by somebody else is copied as it was at one time, or not at all. */
class IndexCopyTest {
    @TempDir
    Path folder;

    private Home home;
    private Duration now = Duration.ZERO;
    private Path live;
    private Path copy;
    private Connection orthanc;
    private int rows;

    @BeforeEach
    void open() throws IOException, SQLException {
        home = new Home(folder.resolve("home"));
        Files.createDirectories(home.run());
        live = folder.resolve("index");
        copy = folder.resolve("copy");
        orthanc = DriverManager.getConnection("jdbc:sqlite:" + live);
        run("PRAGMA locking_mode=EXCLUSIVE");
        run("PRAGMA journal_mode=WAL");
        run("CREATE TABLE Resources (internalId INTEGER PRIMARY KEY, resourceType INTEGER, text TEXT)");
        run("CREATE TABLE Twin (id INTEGER PRIMARY KEY, text TEXT)");
        run("CREATE INDEX ByText ON Twin (text)");
        write(500);
    }

    @AfterEach
    void close() throws SQLException {
        orthanc.close();
    }

    private IndexCopy copying() {
        return copying(() -> {});
    }

    private IndexCopy copying(IndexCopy.Between between) {
        return copying(live, between);
    }

    /** Each look at the clock takes two seconds. */
    private IndexCopy copying(Path from, IndexCopy.Between between) {
        return new IndexCopy(from, copy, home, pause -> {}, () -> now = now.plusSeconds(2), between);
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = orthanc.createStatement()) {
            statement.execute(sql);
        }
    }

    /** As Orthanc does: one transaction for each. */
    private void write(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            rows++;
            run("BEGIN");
            run("INSERT INTO Resources VALUES (" + rows + ", 4, hex(randomblob(400)))");
            run("INSERT INTO Twin VALUES (" + rows + ", (SELECT text FROM Resources WHERE internalId = " + rows + "))");
            run("COMMIT");
        }
    }

    private long ask(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getLong(1);
        }
    }

    private void assertSound(long instances) throws SQLException {
        assertThat(ask("SELECT COUNT(*) FROM Twin")).isEqualTo(instances);
        assertThat(ask("SELECT COUNT(*) FROM Resources r JOIN Twin t ON r.internalId = t.id AND r.text = t.text"))
                .isEqualTo(instances);
    }

    @Test
    void whatIsStillInTheLogIsInTheCopyWhichIsOneFile() throws Exception {
        assertThat(Files.size(folder.resolve("index-wal"))).isPositive();
        assertThat(copying().run()).isEqualTo(new IndexCopy.Copied(500, Duration.ZERO));
        assertSound(500);
        assertThat(folder.resolve("copy-wal")).doesNotExist();
        run("INSERT INTO Twin VALUES (0, 'the original is still whole and writable')");
    }

    @Test
    void aLogThatWasBegunAnewMeanwhileMakesNoCopy() throws Exception {
        int[] times = {0};
        IndexCopy copying = copying(() -> {
            if (times[0]++ < 2) {
                write(1_500); // the log is checkpointed and begun anew several times
            }
        });
        assertThat(copying.run()).isEqualTo(new IndexCopy.Copied(3_500, Duration.ZERO));
        assertThat(times[0]).as("tried again as long as it changed").isEqualTo(3);
        assertSound(3_500);
    }

    @Test
    void whatIsWrittenWithoutBeginningANewLogDoesNotMatter() throws Exception {
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        write(1);
        IndexCopy copying = copying(() -> {
            write(50);
            run("PRAGMA wal_checkpoint(PASSIVE)");
        });
        assertThat(copying.run()).isEqualTo(new IndexCopy.Copied(551, Duration.ZERO));
        assertSound(551);
    }

    @Test
    void oneThatNeverRestsIsTriedAgainLater() {
        int[] times = {0};
        IndexCopy copying = copying(() -> {
            times[0]++;
            write(600);
        });
        StrongroomException e = catchThrowableOfType(StrongroomException.class, copying::run);
        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(times[0]).as("the last of them while intake waits").isEqualTo(4);
        assertThat(e.context()).containsEntry("millisecondsPaused", "6000");
        assertThat(home.intakePause()).doesNotExist();
    }

    /** Something else writes than what arrives: to stop that each hour helps nobody. */
    @Test
    void intakeDoesNotWaitInVainAgainBeforeADaysAttempts() throws Exception {
        int[] pauses = {0};
        boolean[] rests = {false};
        IndexCopy.Between writing = () -> {
            pauses[0] += IntakePause.current(home).isPresent() ? 1 : 0;
            if (!rests[0]) {
                write(1);
                run("PRAGMA wal_checkpoint(TRUNCATE)");
                write(1); // into a new log
            }
        };
        for (int hour = 0; hour < 24; hour++) {
            StrongroomException e = catchThrowableOfType(
                    StrongroomException.class, () -> copying(writing).run());
            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(pauses[0]).as("hour %d", hour).isEqualTo(1);
        }
        assertThat(catchThrowableOfType(
                        StrongroomException.class, () -> copying(writing).run()))
                .isNotNull();
        assertThat(pauses[0]).as("the next day").isEqualTo(2);
        rests[0] = true;
        copying(writing).run();
        assertThat(home.pausedInVain()).as("all is well").doesNotExist();
        assertThat(pauses[0]).isEqualTo(2);
    }

    /** What only arrivals write rests as soon as they wait. */
    @Test
    void oneThatRestsOnlyWhileIntakeWaitsIsCopiedThen() throws Exception {
        IndexCopy copying = copying(() -> {
            if (IntakePause.current(home).isEmpty()) {
                write(600);
            }
        });
        assertThat(copying.run()).isEqualTo(new IndexCopy.Copied(2_300, Duration.ofSeconds(6)));
        assertSound(2_300);
        assertThat(home.intakePause()).doesNotExist();
    }

    /** A pause that cannot be long enough is none. */
    @Test
    void nobodyWaitsForOneThatTakesTooLongToRead() {
        IndexCopy copying = copying(() -> {
            assertThat(IntakePause.current(home)).isEmpty();
            now = now.plusSeconds(31);
            write(600);
        });
        StrongroomException e = catchThrowableOfType(StrongroomException.class, copying::run);
        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(e.context()).containsEntry("secondsToRead", "33");
    }

    /** Also what shrank, and what is no multiple of a block. */
    @Test
    void aSecondPassWritesOnlyWhatChanged() throws Exception {
        byte[] bytes = new byte[5 * BlockCopy.BLOCK + 77];
        new Random(7).nextBytes(bytes);
        Path source = Files.write(folder.resolve("source"), bytes);
        Path target = folder.resolve("target");
        BlockCopy blocks = new BlockCopy();
        blocks.copy(source, target);
        assertThat(target).hasSameBinaryContentAs(source);
        bytes[3 * BlockCopy.BLOCK] ^= 1;
        bytes[bytes.length - 1] ^= 1;
        Files.write(source, bytes);
        byte[] mark = {0, 1, 2, 3}; // in a block that did not change: it is not written once more
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(mark), BlockCopy.BLOCK);
        }
        blocks.copy(source, target);
        System.arraycopy(mark, 0, bytes, BlockCopy.BLOCK, mark.length);
        assertThat(Files.readAllBytes(target)).isEqualTo(bytes);
        for (int length : new int[] {2 * BlockCopy.BLOCK, 4 * BlockCopy.BLOCK + 1, 0, BlockCopy.BLOCK}) {
            Files.write(source, Arrays.copyOf(bytes, length));
            blocks.copy(source, target);
            assertThat(target).hasSameBinaryContentAs(source);
        }
    }

    @Test
    void oneThatIsNoOrthancsIsNotCalledDamaged() throws SQLException {
        run("ALTER TABLE Resources RENAME TO Other");
        StrongroomException e =
                catchThrowableOfType(StrongroomException.class, () -> copying().run());
        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void aDamagedIndexIsNoSnapshot() throws Exception {
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] bytes = Files.readAllBytes(live);
        Arrays.fill(bytes, 8192, 8192 + 600, (byte) 0x55);
        Path damaged = Files.write(folder.resolve("damaged"), bytes);
        StrongroomException e = catchThrowableOfType(
                StrongroomException.class, () -> copying(damaged, () -> {}).run());
        assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void oneThatIsNotThereIsSaid() throws IOException, InterruptedException {
        StrongroomException e =
                catchThrowableOfType(StrongroomException.class, () -> copying(folder.resolve("none"), () -> {})
                        .run());
        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
}
