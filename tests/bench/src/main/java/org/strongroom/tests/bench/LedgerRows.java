package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.TierTable;

/**
 * A ledger as it is after years: studies of {@value #MEMBERS} instances, each in one pack that a tier holds, of most of them
 * only heads on this machine. Written past the ledger's classes, which would take an hour for ten million.
 */
final class LedgerRows {
    static final String TIER = "cloud";
    static final int MEMBERS = 500;
    private static final long FIRST_ARRIVAL = 1_600_000_000_000L;
    /** What the triggers would have summed up. */
    private static final String SUMS =
            """
            UPDATE totals SET (files, bytes, heads, plain) = (SELECT count(*), coalesce(sum(f.head + f.body), 0),
                coalesce(sum(f.head), 0), coalesce(sum(f.plain), 0)
              FROM files f WHERE f.place = totals.place AND (f.removed IS NOT NULL) = totals.removed);
            UPDATE studies SET cached = c.files, cached_bytes = c.bytes
              FROM (SELECT study, count(*) AS files, sum(head + body) AS bytes FROM files WHERE place = 2 GROUP BY study) c
              WHERE c.study = studies.id;
            INSERT INTO tier_totals (tier, state, packs, bytes)
              SELECT c.tier, c.state, count(*), sum(p.bytes) FROM copies c JOIN packs p ON p.id = c.pack GROUP BY c.tier, c.state;
            """;

    /** One study; the parameters are its number, its key, tenant and header of the first instance, when it arrived, and bytes. */
    private static final List<String> STUDY = List.of(
            "INSERT INTO studies (id, key, tenant, owner, arrived, used) VALUES (?1, ?2, ?3, ?3, ?5, ?5)",
            "INSERT INTO keys (key, segment, position) VALUES (?2, ?1 / 1024, ?1 % 1024)",
            // The uuid is bytes 24 to 40 of the header: format.md §3.1.
            "WITH drawn AS MATERIALIZED (SELECT n, randomblob(16) AS uuid FROM numbers)"
                    + " INSERT INTO files (id, uuid, study, place, planned, header, head, body, plain, arrived)"
                    + " SELECT (?1 - 1) * " + MEMBERS + " + n + 1, uuid, ?1, CASE ?1 % 20 WHEN 0 THEN 2 ELSE 3 END, 1,"
                    + " CAST(substr(?4, 1, 24) || uuid || substr(?4, 41) AS BLOB), ?6, ?7 - ?6, ?8, ?5 FROM drawn",
            "INSERT INTO packs (id, pack, study, members, bytes, digest, created, settled)"
                    + " VALUES (?1, randomblob(16), ?1, " + MEMBERS + ", ?7 * " + MEMBERS + ", randomblob(32), ?5, 1)",
            "INSERT INTO members (pack, position, file, body_offset, head_offset, body_digest, head_digest)"
                    + " SELECT ?1, n, (?1 - 1) * " + MEMBERS
                    + " + n + 1, n * ?7, n * ?6, randomblob(32), randomblob(32)"
                    + " FROM numbers",
            "INSERT INTO copies (pack, tier, state, bundle, seen) SELECT ?1, id, 4, 'bundle', ?5 FROM tiers");

    private LedgerRows() {}

    /** Makes the ledger; so many instances, rounded to whole studies. */
    static void write(Path to, int instances) throws IOException {
        try (Ledger ledger = Ledger.open(to, Instant.EPOCH)) {
            new TierTable(ledger).configure(List.of(TIER), tier -> true);
        }
        try (Connection ledger = DriverManager.getConnection("jdbc:sqlite:" + to);
                Statement statement = ledger.createStatement()) {
            statement.execute("PRAGMA journal_mode = OFF");
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("PRAGMA cache_size = -1000000");
            List<String> later = setAside(statement);
            ledger.setAutoCommit(false);
            statement.executeUpdate("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)");
            statement.executeUpdate("INSERT INTO numbers WITH RECURSIVE all_numbers(n) AS (SELECT 0 UNION ALL"
                    + " SELECT n + 1 FROM all_numbers WHERE n < " + (MEMBERS - 1) + ") SELECT n FROM all_numbers");
            studies(ledger, instances / MEMBERS);
            statement.executeUpdate(SUMS);
            for (String sql : later) {
                statement.executeUpdate(sql);
            }
            ledger.commit();
        } catch (SQLException e) {
            throw new IOException("no synthetic ledger", e);
        }
    }

    /** Indexes and triggers cost the least when all rows are there. Gives what makes them again. */
    private static List<String> setAside(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> made = new ArrayList<>();
        try (ResultSet all = statement.executeQuery(
                "SELECT type || ' ' || name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")) {
            while (all.next()) {
                names.add(all.getString(1));
                made.add(all.getString(2));
            }
        }
        for (String name : names) {
            statement.executeUpdate("DROP " + name);
        }
        return made;
    }

    private static void studies(Connection ledger, int count) throws SQLException {
        SplittableRandom random = new SplittableRandom(count);
        List<PreparedStatement> statements = new ArrayList<>();
        for (String sql : STUDY) {
            statements.add(ledger.prepareStatement(sql));
        }
        for (int number = 1; number <= count; number++) {
            LedgerStudy drawn = LedgerStudy.draw(random, 1);
            SealedHeader header = drawn.headers().get(0);
            List<Object> values = List.of(
                    number,
                    bytes(drawn.key()),
                    bytes(drawn.tenant()),
                    header.encode(),
                    FIRST_ARRIVAL + number * 60_000L,
                    header.headPieceSize(),
                    drawn.bytes(),
                    header.plainSize());
            for (PreparedStatement statement : statements) {
                int taken = statement.getParameterMetaData().getParameterCount();
                for (int i = 1; i <= taken; i++) {
                    statement.setObject(i, values.get(i - 1));
                }
                statement.executeUpdate();
            }
        }
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
