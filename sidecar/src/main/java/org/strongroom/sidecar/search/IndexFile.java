package org.strongroom.sidecar.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/**
 * The index as an SQLite file. Not WAL: a command that only reads, and may be root's, must leave nothing beside it that the sidecar
 * could not write. Rows are never changed, so that who reads beside the writer sees what was there, or more.
 */
final class IndexFile {
    private static final int VERSION = 2;
    private static final String SCHEMA =
            """
            CREATE TABLE log (name TEXT NOT NULL);
            CREATE TABLE blocks (block INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);
            CREATE TABLE postings (term INTEGER NOT NULL, block INTEGER NOT NULL, entries BLOB NOT NULL,
              PRIMARY KEY (term, block)) WITHOUT ROWID;
            """;

    private IndexFile() {}

    static Path in(Path folder) {
        return folder.resolve("search.db");
    }

    /** Makes an empty one in the place of what is there; who reads that goes on reading it. */
    static void make(Path file, String log) throws IOException, SQLException {
        delete(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Connection connection = connect(file, false);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate(SCHEMA);
            try (PreparedStatement name = connection.prepareStatement("INSERT INTO log VALUES (?)")) {
                name.setString(1, log);
                name.executeUpdate();
            }
            statement.executeUpdate("PRAGMA user_version = " + VERSION);
            connection.commit();
        }
    }

    static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-journal"));
    }

    static Connection connect(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.DELETE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(10_000);
        config.setCacheSize(readOnly ? -8_000 : -32_000); // KiB, outside the Java heap
        config.setReadOnly(readOnly);
        config.setExplicitReadOnly(readOnly);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    /** Whether it is one of this version, and of this log. */
    static boolean isOf(Connection connection, String log) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (number(statement, "PRAGMA user_version") != VERSION) {
                return false;
            }
            try (ResultSet name = statement.executeQuery("SELECT name FROM log")) {
                return name.next() && name.getString(1).equals(log);
            }
        }
    }

    /** How many blocks it has, from the first entry on without a gap. */
    static int blocks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return (int) number(statement, "SELECT count(*) FROM blocks");
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
