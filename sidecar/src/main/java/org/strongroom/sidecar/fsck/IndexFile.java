package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.sqlite.SQLiteConfig;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Orthanc's own SQLite index, read-only, where no Orthanc runs. Only random uuids and sizes are read: names and dates stay
 * where they are.
 */
final class IndexFile implements IndexSource {
    private static final int EVERY = 10_000;

    private final Path index;
    private final Path storage;

    /** @param storage Orthanc's StorageDirectory, where clear files of the time before Strongroom are */
    IndexFile(Path index, Path storage) {
        this.index = index;
        this.storage = storage;
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public void list(Attachments pile, LongConsumer progress) throws IOException {
        pile.clear();
        read("SELECT uuid FROM AttachedFiles", rows -> {
            UUID uuid = UUID.fromString(rows.getString(1));
            pile.add(uuid, Files.exists(clearFile(uuid)));
            if (pile.count() % EVERY == 0) {
                progress.accept(pile.count());
            }
        });
    }

    /** Tells of every attachment and of its bytes as Orthanc stores them. */
    void sizes(Fsck.Entries each) throws IOException {
        read(
                "SELECT uuid, compressedSize FROM AttachedFiles",
                rows -> each.add(UUID.fromString(rows.getString(1)), rows.getLong(2)));
    }

    @FunctionalInterface
    private interface Row {
        void of(ResultSet rows) throws SQLException, IOException;
    }

    private void read(String query, Row row) throws IOException {
        if (!Files.isReadable(index)) {
            throw failed("Orthanc's index file is not there or may not be read");
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(2_000);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + index);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                row.of(rows);
            }
        } catch (SQLException | IllegalArgumentException e) {
            throw failed("Orthanc's index file cannot be read").causedBy(e);
        }
    }

    private Path clearFile(UUID uuid) {
        String name = uuid.toString();
        return storage.resolve(name.substring(0, 2))
                .resolve(name.substring(2, 4))
                .resolve(name);
    }

    private StrongroomException failed(String text) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, text)
                .with("file", index)
                .cure("Start Orthanc, and run this again");
    }
}
