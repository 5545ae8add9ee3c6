package org.strongroom.sidecar.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.LogEntry;
import org.strongroom.sidecar.audit.LogReader;

/**
 * The one writer of the index beside a log: takes in whole blocks of entries, each in one transaction, so what it has is the log's
 * beginning; what comes behind that is read in the log. One that is damaged, or of another log, is made anew. For one thread.
 */
public final class SearchIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);

    private final Path file;
    private final LogReader log;

    /** @param folder {@code HOME/audit} */
    public SearchIndex(Path folder) {
        this.file = IndexFile.in(folder);
        this.log = new LogReader(folder);
    }

    /**
     * Takes in one block, if there is one.
     *
     * @return whether there is more at once
     */
    public boolean step() throws IOException {
        long whole;
        try {
            whole = log.size() / Postings.BLOCK;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false; // no log yet
            }
            throw e;
        }
        if (whole == 0) {
            return false; // read faster than looked up
        }
        try (Connection connection = open()) {
            int blocks = IndexFile.blocks(connection);
            if (blocks > whole) {
                IndexFile.make(file, log.name()); // of a longer log: an older copy of it was brought back
                return true;
            }
            if (blocks == whole) {
                return false;
            }
            take(connection, blocks);
            return blocks + 1 < whole;
        } catch (SQLException e) {
            if (isDamage(e)) {
                LOG.warn("the index of the audit log is damaged; it is made anew", e);
                IndexFile.delete(file);
                return true;
            }
            throw new IOException("cannot write the index of the audit log", e);
        }
    }

    /** For one transaction. */
    private Connection open() throws IOException, SQLException {
        boolean usable = false;
        if (Files.exists(file)) {
            try (Connection connection = IndexFile.connect(file, false)) {
                usable = IndexFile.isOf(connection, log.name());
            }
        }
        if (!usable) {
            IndexFile.make(file, log.name());
        }
        Connection connection = IndexFile.connect(file, false);
        connection.setAutoCommit(false);
        return connection;
    }

    private void take(Connection connection, int block) throws IOException, SQLException {
        Map<String, BitSet> postings = new HashMap<>();
        long earliest = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        long first = (long) block * Postings.BLOCK;
        for (long next = Math.max(first, log.first()); next < first + Postings.BLOCK; ) {
            for (LogEntry stored : log.from(next, first + Postings.BLOCK)) {
                int place = (int) (stored.index() - first);
                next = stored.index() + 1;
                try {
                    AuditEntry entry = stored.entry();
                    Terms.of(entry).forEach(term -> add(postings, term, place));
                    earliest = Math.min(earliest, entry.happened().toEpochMilli());
                    latest = Math.max(latest, entry.happened().toEpochMilli());
                } catch (StrongroomException e) {
                    add(postings, Terms.UNREADABLE, place);
                }
            }
        }
        write(connection, block, postings, earliest, latest);
    }

    private static void add(Map<String, BitSet> postings, String term, int place) {
        postings.computeIfAbsent(term, any -> new BitSet()).set(place);
    }

    private static void write(
            Connection connection, int block, Map<String, BitSet> postings, long earliest, long latest)
            throws SQLException {
        Map<Long, BitSet> byNumber = new HashMap<>();
        postings.forEach((term, entries) -> byNumber.computeIfAbsent(Terms.number(term), any -> new BitSet())
                .or(entries));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO postings VALUES (?, ?, ?)");
                PreparedStatement add = connection.prepareStatement("INSERT INTO blocks VALUES (?, ?, ?)")) {
            for (Map.Entry<Long, BitSet> term : byNumber.entrySet()) {
                insert.setLong(1, term.getKey());
                insert.setInt(2, block);
                insert.setBytes(3, Postings.encode(term.getValue()));
                insert.executeUpdate();
            }
            add.setInt(1, block);
            add.setLong(2, earliest);
            add.setLong(3, latest);
            add.executeUpdate();
        }
        connection.commit();
    }

    private static boolean isDamage(SQLException e) {
        return e instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                        || sqlite.getResultCode().name().startsWith(SQLiteErrorCode.SQLITE_CORRUPT.name()));
    }
}
