package org.strongroom.tests.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.IntStream;
import org.strongroom.tests.harness.Scratch;

/** Makes Orthanc's SQLite index large, by rows of images that nobody has: as an archive of years has them. Orthanc must not run. Stateless. */
final class LargeIndex {
    /** Images of one transaction. */
    private static final int IMAGES = 20_000;
    /** Tags of an image that Orthanc keeps, and how long their values are together with the bytes around them. */
    private static final int TAGS = 12;

    private LargeIndex() {}

    /** Adds images to the index until its file has so many bytes; returns how many were added. */
    static long grow(Path index, long bytes) throws SQLException, IOException {
        long added = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + index);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=DELETE");
            statement.execute("PRAGMA synchronous=OFF");
            statement.execute("PRAGMA cache_size=-200000");
            statement.execute("CREATE TEMP TABLE Numbers (n INTEGER PRIMARY KEY)");
            statement.execute("CREATE TEMP TABLE Elements (n INTEGER PRIMARY KEY)");
            statement.execute(numbers("Numbers", IMAGES));
            statement.execute(numbers("Elements", TAGS));
            while (Files.size(index) < bytes) {
                connection.setAutoCommit(false);
                add(statement);
                connection.commit();
                connection.setAutoCommit(true);
                added += IMAGES;
            }
        }
        Scratch.own(index);
        return added;
    }

    private static String numbers(String table, int count) {
        return "INSERT INTO temp." + table
                + " WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < " + count
                + ") SELECT n FROM c";
    }

    /** As the rows of images beside the first series of the index; ids as Orthanc makes them look. */
    private static void add(Statement statement) throws SQLException {
        String id = IntStream.range(0, 5)
                .mapToObj(i -> "hex(randomblob(4))")
                .reduce((a, b) -> a + " || '-' || " + b)
                .orElseThrow();
        statement.execute("CREATE TEMP TABLE Last AS SELECT MAX(internalId) AS id FROM Resources");
        statement.execute("INSERT INTO Resources (resourceType, publicId, parentId) SELECT 4, lower(" + id
                + "), (SELECT MIN(internalId) FROM Resources WHERE resourceType = 3) FROM temp.Numbers");
        String added = "Resources r WHERE r.internalId > (SELECT id FROM temp.Last)";
        statement.execute("INSERT INTO MainDicomTags (id, tagGroup, tagElement, value) SELECT r.internalId, 32, e.n,"
                + " hex(randomblob(12)) FROM temp.Elements e, " + added);
        statement.execute("INSERT INTO DicomIdentifiers (id, tagGroup, tagElement, value) SELECT r.internalId, 8, 24,"
                + " '2.25.' || abs(random()) FROM " + added);
        for (int type : new int[] {2, 7, 8, 9, 12, 15}) {
            statement.execute("INSERT INTO Metadata (id, type, value) SELECT r.internalId, " + type
                    + ", hex(randomblob(" + (type == 15 ? 60 : 12) + ")) FROM " + added);
        }
        statement.execute("INSERT INTO Changes (changeType, internalId, resourceType, date) SELECT 2, r.internalId, 4,"
                + " '20260101T000000' FROM " + added);
        statement.execute("DROP TABLE temp.Last");
    }

    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
