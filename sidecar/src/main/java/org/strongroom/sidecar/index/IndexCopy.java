package org.strongroom.sidecar.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import org.sqlite.SQLiteConfig;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.IntakePause;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/**
 * Copies a SQLite database that another process has open and locked for itself, and goes on writing. First the database, then its
 * write-ahead log: as long as the log was not begun anew meanwhile (then its header has other salts), it holds every page that was written
 * into the database since, so what the copy of the database may have torn is mended by the copy of the log. A second pass writes only what
 * changed since the first. If Orthanc writes too quickly for all of them, one more is made while intake waits. For one thread.
 */
public final class IndexCopy {
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(3);
    /** After a pause in vain so many attempts, which come hourly, are made without one: senders are stopped once a day. */
    private static final int WITHOUT_PAUSE = 23;

    private static final int LOG_HEADER = 32;
    /** Orthanc itself needs room on that disk: so much stays, or 5 % of a small one. */
    private static final long RESERVE = 1L << 30;

    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_NOTADB = 26;

    private final Path from;
    private final Path to;
    private final Home home;
    private final Sleeper sleeper;
    private final RunningTime time;
    private final Between between;
    private final BlockCopy blocks = new BlockCopy();
    private Duration lastPass = Duration.ZERO;

    /**
     * @param to that is not there yet
     * @param home where intake is told to wait
     */
    public IndexCopy(Path from, Path to, Home home, Sleeper sleeper) {
        this(from, to, home, sleeper, RunningTime.system(), () -> {});
    }

    /** @param between what happens to the database while it is copied */
    IndexCopy(Path from, Path to, Home home, Sleeper sleeper, RunningTime time, Between between) {
        this.from = from;
        this.to = to;
        this.home = home;
        this.sleeper = sleeper;
        this.time = time;
        this.between = between;
    }

    /**
     * A copy.
     *
     * @param instances that it has
     * @param paused how long intake waited for it; zero if it did not
     */
    public record Copied(long instances, Duration paused) {}

    /** Happens when the database is copied, and its log is not. */
    @FunctionalInterface
    interface Between {
        void happen() throws IOException, SQLException;
    }

    /**
     * Makes a copy that is one whole file, checks it, and returns how many instances it has.
     *
     * @throws StrongroomException UNAVAILABLE if the index changed too quickly each time; FULL if there is no room; CORRUPT if it is damaged
     */
    public Copied run() throws IOException, InterruptedException {
        requireRoom();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            if (attempt > 0) {
                sleeper.sleep(PAUSE);
            }
            if (copy()) {
                Files.deleteIfExists(home.pausedInVain());
                return new Copied(check(), Duration.ZERO);
            }
        }
        if (lastPass.compareTo(IntakePause.LONGEST) > 0) {
            throw tooQuick()
                    .with("secondsToRead", lastPass.toSeconds())
                    .cure("Make a snapshot when less arrives, or put the index on a quicker disk: reading it takes"
                            + " longer than intake may wait");
        }
        int without = withoutPause();
        if (without > 0) {
            remember(without - 1);
            throw tooQuick()
                    .with("triesUntilIntakeWaits", without)
                    .cure(
                            "Find out what else writes into the index: intake has waited for a copy, and that did not help."
                                    + " Or make a snapshot when less arrives");
        }
        Duration begun = time.now();
        IntakePause pause = IntakePause.begin(home);
        boolean whole;
        try {
            whole = copy();
        } finally {
            pause.close();
        }
        Duration paused = time.now().minus(begun);
        if (!whole) {
            remember(WITHOUT_PAUSE);
            throw tooQuick()
                    .with("millisecondsPaused", paused.toMillis())
                    .cure(
                            "Nothing: it is tried again later. Intake waited for it, and something else writes into the index");
        }
        Files.deleteIfExists(home.pausedInVain());
        return new Copied(check(), paused.compareTo(IntakePause.LONGEST) > 0 ? IntakePause.LONGEST : paused);
    }

    /** Attempts that are to be made without a pause; what cannot be read is none. */
    private int withoutPause() throws IOException {
        try {
            return Integer.parseInt(Files.readString(home.pausedInVain(), StandardCharsets.US_ASCII)
                    .strip());
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        }
    }

    private void remember(int without) throws IOException {
        DurableFiles.replace(home.pausedInVain(), Integer.toString(without).getBytes(StandardCharsets.US_ASCII));
    }

    private static StrongroomException tooQuick() {
        return StrongroomException.of(
                FailureKind.UNAVAILABLE, "Orthanc's index changes more quickly than it is copied");
    }

    private void requireRoom() throws IOException {
        if (!Files.isReadable(from)) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc's index is not there or may not be read")
                    .with("file", from)
                    .cure("Start Orthanc once, or run this as the user that runs it");
        }
        Path log = log(from);
        long logged = Files.exists(log) ? Files.size(log) : 0;
        DiskSpace disk = DiskSpace.of(from);
        // The copy takes its log in before that goes.
        long needed = Files.size(from) + 2 * logged + Math.min(RESERVE, disk.total() / 20);
        if (disk.usable() < needed) {
            throw StrongroomException.of(FailureKind.FULL, "no room beside Orthanc's index for a copy of it")
                    .with("bytes", needed)
                    .cure("Make room on that disk");
        }
    }

    private boolean copy() throws IOException {
        Duration begun = time.now();
        byte[] before = salts();
        FileTime written = Files.getLastModifiedTime(from);
        blocks.copy(from, to);
        try {
            between.happen();
        } catch (SQLException e) {
            throw damaged().causedBy(e);
        }
        copyLog();
        lastPass = time.now().minus(begun);
        boolean sameLog = Arrays.equals(before, salts()) && Arrays.equals(before, header(log(to)));
        // Without a log nothing mends what was written meanwhile.
        return sameLog && (before.length > 0 || written.equals(Files.getLastModifiedTime(from)));
    }

    private byte[] salts() throws IOException {
        return header(log(from));
    }

    /** The header of a write-ahead log, which tells one from the next; nothing if there is none. */
    private static byte[] header(Path log) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(LOG_HEADER);
        try (FileChannel in = FileChannel.open(log, StandardOpenOption.READ)) {
            while (header.hasRemaining() && in.read(header) >= 0) {
                // the next part
            }
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
        return header.hasRemaining() ? new byte[0] : header.array();
    }

    private void copyLog() throws IOException {
        try {
            Files.copy(log(from), log(to), StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            Files.deleteIfExists(log(to));
        }
    }

    private static Path log(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    /** Opening it takes the log in; leaving that mode makes it one file. */
    private long check() {
        SQLiteConfig config = new SQLiteConfig();
        try (Connection connection = config.createConnection("jdbc:sqlite:" + to);
                Statement statement = connection.createStatement()) {
            ask(statement, "PRAGMA journal_mode=DELETE");
            String verdict = ask(statement, "PRAGMA integrity_check");
            if (!verdict.equals("ok")) {
                throw damaged();
            }
            return Long.parseLong(ask(statement, "SELECT COUNT(*) FROM Resources WHERE resourceType = 4"));
        } catch (SQLException e) {
            int code = e.getErrorCode() & 0xff; // an extended code has its kind there
            if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
                throw damaged().causedBy(e);
            }
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the copy of Orthanc's index could not be checked")
                    .with("file", from)
                    .with("sqlite", e.getErrorCode())
                    .cure("Look at the room on its disk; it is tried again later")
                    .causedBy(e);
        }
    }

    private static String ask(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private StrongroomException damaged() {
        return StrongroomException.of(FailureKind.CORRUPT, "the copy of Orthanc's index is damaged")
                .with("file", from)
                .cure("Look at its disk; stop Orthanc and run sqlite3 FILE 'PRAGMA integrity_check'");
    }
}
