package org.strongroom.sidecar.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The ledger's file: one writer at a time, several readers, every write durable on return. Thread-safe. A missing or
 * damaged file is replaced by an empty one ({@link #isNew}), which {@code Rebuild} fills again.
 */
public final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    /** Version n is made of version n − 1 by {@code schema-n.sql}. */
    private static final int SCHEMA = 6;

    private static final int READERS = 4;
    /** Smaller files are checked at every start, larger ones only when the last stop was not a clean one. */
    private static final long ALWAYS_CHECKED = 64L << 20;

    private static final String SUSPECT = ".suspect";

    private final Path file;
    private final Connections writing;
    private final Connections reading;
    private final Jdbi writer;
    private final Jdbi reader;
    private final ReentrantLock turn = new ReentrantLock();
    private final boolean isNew;

    private Ledger(Path file, boolean isNew) throws SQLException {
        this.file = file;
        this.isNew = isNew;
        this.writing = new Connections(file, 1, false);
        try {
            this.writer = Jdbi.create(writing);
            Ids.register(writer);
            prepare(isNew);
            this.reading = new Connections(file, READERS, true);
            this.reader = Jdbi.create(reading);
            Ids.register(reader);
        } catch (SQLException | RuntimeException e) {
            writing.close();
            throw e;
        }
    }

    /**
     * Opens {@code file}, or makes it. A damaged one is kept beside it under another name.
     *
     * @throws StrongroomException REFUSED if a newer Strongroom wrote it
     */
    public static Ledger open(Path file, Instant now) throws IOException {
        if (Files.exists(file)) {
            Optional<Ledger> existing = openExisting(file);
            if (existing.isPresent()) {
                return existing.get();
            }
            quarantine(file, now);
        }
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            return new Ledger(file, true);
        } catch (SQLException e) {
            throw new IOException("cannot make the ledger", e);
        }
    }

    private static Optional<Ledger> openExisting(Path file) throws IOException {
        boolean check = Files.size(file) < ALWAYS_CHECKED
                || Files.exists(beside(file, "-wal"))
                || Files.exists(beside(file, SUSPECT));
        try {
            Ledger ledger = new Ledger(file, false);
            if (check && !ledger.isSound()) {
                ledger.close();
                return Optional.empty();
            }
            Files.deleteIfExists(beside(file, SUSPECT));
            return Optional.of(ledger);
        } catch (SQLException | JdbiException | DamagedException e) {
            if (isDamage(e)) {
                LOG.warn("the ledger is damaged", e);
                return Optional.empty();
            }
            throw new IOException("cannot open the ledger", e);
        }
    }

    private static boolean isDamage(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                SQLiteErrorCode code = sqlite.getResultCode();
                return code == SQLiteErrorCode.SQLITE_NOTADB
                        || code.name().startsWith(SQLiteErrorCode.SQLITE_CORRUPT.name());
            }
            if (cause instanceof DamagedException) {
                return true;
            }
        }
        return false;
    }

    private static void quarantine(Path file, Instant now) throws IOException {
        Path kept = beside(file, ".damaged-" + now.toEpochMilli());
        Files.move(file, kept);
        Files.deleteIfExists(beside(file, "-wal"));
        Files.deleteIfExists(beside(file, "-shm"));
        Files.deleteIfExists(beside(file, SUSPECT));
        LOG.warn("the damaged ledger was put aside as {}; it is rebuilt", kept.getFileName());
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** Makes the tables, or those that came after the version that made this file. */
    private void prepare(boolean fresh) throws SQLException {
        writer.useTransaction(handle -> {
            int version =
                    handle.createQuery("PRAGMA user_version").mapTo(int.class).one();
            if (version > SCHEMA) {
                throw StrongroomException.of(FailureKind.REFUSED, "a newer Strongroom wrote this ledger")
                        .with("schema", version)
                        .cure("Install that version again, or move ledger.db away: it is rebuilt");
            } else if (version < 1 && !fresh) {
                throw new DamagedException("no schema in the ledger");
            }
            for (int next = version + 1; next <= SCHEMA; next++) {
                try (Statement statement = handle.getConnection().createStatement()) {
                    statement.executeUpdate(schema(next));
                }
                handle.execute("PRAGMA user_version = " + next);
            }
        });
    }

    private static String schema(int version) {
        try (InputStream in = Ledger.class.getResourceAsStream("schema-" + version + ".sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isSound() {
        return write(handle -> handle.createQuery("PRAGMA quick_check(1)")
                .mapTo(String.class)
                .first()
                .equals("ok"));
    }

    /** Whether this start found no usable ledger. */
    public boolean isNew() {
        return isNew;
    }

    /** One transaction, alone; durable on return, undone if it throws. */
    <T> T write(Function<Handle, T> work) {
        turn.lock();
        try {
            return writer.inTransaction(work::apply);
        } catch (JdbiException e) {
            throw judged(e);
        } finally {
            turn.unlock();
        }
    }

    /** Reads one consistent state; must be short. */
    <T> T read(Function<Handle, T> work) {
        try {
            return reader.inTransaction(work::apply);
        } catch (JdbiException e) {
            throw judged(e);
        }
    }

    /** A full disk is said as such; a damaged file is looked at closely at the next start. */
    private RuntimeException judged(JdbiException e) {
        if (isDamage(e)) {
            try {
                Files.write(beside(file, SUSPECT), new byte[0]);
            } catch (IOException marking) {
                e.addSuppressed(marking);
            }
            return StrongroomException.of(FailureKind.CORRUPT, "the ledger is damaged")
                    .cure("Restart the sidecar: it rebuilds the ledger")
                    .causedBy(e);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
                return StrongroomException.of(FailureKind.FULL, "no room for the ledger")
                        .cure("Make room on Home's disk")
                        .causedBy(e);
            }
        }
        return e;
    }

    @Override
    public void close() {
        turn.lock();
        try {
            reading.close();
            writing.close();
        } catch (SQLException e) {
            LOG.warn("the ledger did not close cleanly; it is checked at the next start", e);
        } finally {
            turn.unlock();
        }
    }

    private static final class DamagedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private DamagedException(String text) {
            super(text);
        }
    }
}
