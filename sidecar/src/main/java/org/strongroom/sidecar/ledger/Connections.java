package org.strongroom.sidecar.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jdbi.v3.core.ConnectionFactory;
import org.sqlite.SQLiteConfig;

/** A fixed number of open connections to one SQLite file, lent one at a time. */
final class Connections implements ConnectionFactory, AutoCloseable {
    private final BlockingQueue<Connection> free;
    private final List<Connection> all = new ArrayList<>();

    Connections(Path file, int count, boolean readOnly) throws SQLException {
        free = new ArrayBlockingQueue<>(count);
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(30_000);
        config.setCacheSize(readOnly ? -2_000 : -16_000); // KiB, outside the Java heap
        config.enforceForeignKeys(!readOnly);
        config.setReadOnly(readOnly);
        config.setExplicitReadOnly(readOnly);
        try {
            for (int i = 0; i < count; i++) {
                all.add(config.createConnection("jdbc:sqlite:" + file));
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
        free.addAll(all);
    }

    @Override
    public Connection openConnection() throws SQLException {
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the ledger", e);
        }
    }

    @Override
    public void closeConnection(Connection connection) {
        free.add(connection);
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : all) {
            connection.close();
        }
    }
}
