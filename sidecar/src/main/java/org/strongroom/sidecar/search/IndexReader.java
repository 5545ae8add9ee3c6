package org.strongroom.sidecar.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** Asks the index; writes nothing, here or beside it. For one thread. */
final class IndexReader implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement blocksOf;
    private final PreparedStatement entriesOf;
    private final int size;

    private IndexReader(Connection connection) throws SQLException {
        this.connection = connection;
        this.size = IndexFile.blocks(connection);
        this.blocksOf = connection.prepareStatement("SELECT block FROM postings WHERE term = ?");
        this.entriesOf = connection.prepareStatement("SELECT entries FROM postings WHERE term = ? AND block = ?");
    }

    /** @throws SQLException if there is none of this log that can be read */
    static IndexReader open(Path folder, String log) throws IOException, SQLException {
        Path file = IndexFile.in(folder);
        if (!Files.exists(file)) {
            throw new SQLException("no index");
        }
        Connection connection = IndexFile.connect(file, true);
        try {
            if (!IndexFile.isOf(connection, log)) {
                throw new SQLException("the index of another log, or another version's");
            }
            return new IndexReader(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** How many blocks of the log it has, from the first on. */
    int size() {
        return size;
    }

    /** Blocks that may have what is asked for; some may have been written since this was opened. */
    BitSet blocks(EventQuery query) throws SQLException {
        BitSet blocks = within(query);
        for (Set<String> terms : query.terms()) {
            BitSet having = new BitSet();
            for (String term : terms) {
                add(having, term);
            }
            blocks.and(having);
        }
        add(blocks, Terms.UNREADABLE);
        return blocks;
    }

    private BitSet within(EventQuery query) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT block FROM blocks WHERE last >= ? AND first < ?")) {
            select.setLong(1, query.since().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
            select.setLong(2, query.until().map(time -> time.toEpochMilli() + 1).orElse(Long.MAX_VALUE));
            BitSet blocks = new BitSet();
            collect(select, blocks);
            return blocks;
        }
    }

    private void add(BitSet blocks, String term) throws SQLException {
        blocksOf.setLong(1, Terms.number(term));
        collect(blocksOf, blocks);
    }

    /** Whoever changes the file may name blocks that there cannot be. */
    private void collect(PreparedStatement select, BitSet blocks) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                int block = rows.getInt(1);
                if (block >= 0 && block < size) {
                    blocks.set(block);
                }
            }
        }
    }

    /** Entries of a block, counted from its first, that may be what is asked for. */
    BitSet entries(int block, EventQuery query) throws SQLException {
        List<Set<String>> all = query.terms();
        BitSet entries = new BitSet();
        entries.set(0, Postings.BLOCK);
        for (Set<String> terms : all) {
            BitSet having = new BitSet();
            for (String term : terms) {
                having.or(postings(block, term));
            }
            entries.and(having);
        }
        entries.or(postings(block, Terms.UNREADABLE));
        return entries;
    }

    private BitSet postings(int block, String term) throws SQLException {
        entriesOf.setLong(1, Terms.number(term));
        entriesOf.setInt(2, block);
        try (ResultSet row = entriesOf.executeQuery()) {
            return row.next() ? Postings.decode(row.getBytes(1)) : new BitSet();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
