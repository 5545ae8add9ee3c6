package org.strongroom.sidecar.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** A database that is locked and written by somebody else is copied as it was at one time, or not at all. */
class IndexCopyTest {
    @TempDir
    Path folder;

    private Path live;
    private Path copy;
    private Connection orthanc;
    private int rows;

    @BeforeEach
    void open() throws SQLException {
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
        assertThat(new IndexCopy(live, copy, pause -> {}).run()).isEqualTo(500);
        assertSound(500);
        assertThat(folder.resolve("copy-wal")).doesNotExist();
        run("INSERT INTO Twin VALUES (0, 'the original is still whole and writable')");
    }

    @Test
    void aLogThatWasBegunAnewMeanwhileMakesNoCopy() throws Exception {
        int[] times = {0};
        IndexCopy copying = new IndexCopy(live, copy, pause -> {}, () -> {
            if (times[0]++ < 2) {
                write(1_500); // the log is checkpointed and begun anew several times
            }
        });
        assertThat(copying.run()).isEqualTo(3_500);
        assertThat(times[0]).as("tried again as long as it changed").isEqualTo(3);
        assertSound(3_500);
    }

    @Test
    void whatIsWrittenWithoutBeginningANewLogDoesNotMatter() throws Exception {
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        write(1);
        IndexCopy copying = new IndexCopy(live, copy, pause -> {}, () -> {
            write(50);
            run("PRAGMA wal_checkpoint(PASSIVE)");
        });
        assertThat(copying.run()).isEqualTo(551);
        assertSound(551);
    }

    @Test
    void oneThatNeverRestsIsTriedAgainLater() {
        int[] times = {0};
        IndexCopy copying = new IndexCopy(live, copy, pause -> {}, () -> {
            times[0]++;
            write(600);
        });
        StrongroomException e = catchThrowableOfType(StrongroomException.class, copying::run);
        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(times[0]).as("each is a copy of the whole").isEqualTo(3);
    }

    @Test
    void oneThatIsNoOrthancsIsNotCalledDamaged() throws SQLException {
        run("ALTER TABLE Resources RENAME TO Other");
        StrongroomException e =
                catchThrowableOfType(StrongroomException.class, () -> new IndexCopy(live, copy, pause -> {}).run());
        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void aDamagedIndexIsNoSnapshot() throws Exception {
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] bytes = Files.readAllBytes(live);
        Arrays.fill(bytes, 8192, 8192 + 600, (byte) 0x55);
        Path damaged = Files.write(folder.resolve("damaged"), bytes);
        StrongroomException e =
                catchThrowableOfType(StrongroomException.class, () -> new IndexCopy(damaged, copy, pause -> {}).run());
        assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void oneThatIsNotThereIsSaid() throws IOException, InterruptedException {
        StrongroomException e = catchThrowableOfType(
                StrongroomException.class, () -> new IndexCopy(folder.resolve("none"), copy, pause -> {}).run());
        assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
}
