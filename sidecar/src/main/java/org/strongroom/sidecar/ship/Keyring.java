package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.ledger.TierTable.KeyPlace;

/** Reads the wrapped keys in Home: which segment holds which key id. Opens nothing. For one thread at a time. */
final class Keyring {
    private static final int MAGIC = 0x5354524b; // "STRK", format.md §5.1
    private static final int LENGTH_OFFSET = 6;
    private static final int RECORD_ID_OFFSET = 40;
    private static final int CLEAR = 84;

    private final Home home;
    private final TierTable table;
    private final Map<Path, Long> read = new HashMap<>();

    Keyring(Home home, TierTable table) {
        this.home = home;
        this.table = table;
    }

    /** Key records as they are in a file, whole ones only: a torn last one is being written, or was never acknowledged. */
    static List<byte[]> records(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        List<byte[]> records = new ArrayList<>();
        while (in.remaining() >= CLEAR && in.getInt(in.position()) == MAGIC) {
            int length = Short.toUnsignedInt(in.getShort(in.position() + LENGTH_OFFSET));
            if (length < CLEAR || length > in.remaining()) {
                break;
            }
            byte[] record = new byte[length];
            in.get(record);
            records.add(record);
        }
        return records;
    }

    Path segment(int number) {
        return home.keyring().resolve("records").resolve(String.format("%08d.strk", number));
    }

    /** The records of all tenants. */
    List<byte[]> tenants() throws IOException {
        List<byte[]> records = new ArrayList<>();
        for (Path file : list(home.keyring().resolve("tenants"))) {
            records.addAll(records(file));
        }
        return records;
    }

    /** Reads the segments that grew since the last call into the ledger. */
    void refresh() throws IOException {
        for (Path file : list(home.keyring().resolve("records"))) {
            long size = Files.size(file);
            if (read.getOrDefault(file, -1L) != size) {
                int segment = Integer.parseInt(file.getFileName().toString().substring(0, 8));
                Map<UUID, KeyPlace> places = new HashMap<>();
                int position = 0;
                for (byte[] record : records(file)) {
                    ByteBuffer id = ByteBuffer.wrap(record, RECORD_ID_OFFSET, 16);
                    places.put(new UUID(id.getLong(), id.getLong()), new KeyPlace(segment, position++));
                }
                table.keys(places);
                read.put(file, size);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.strk")) {
            stream.forEach(files::add);
            files.sort(null);
        } catch (NoSuchFileException e) {
            return files; // no key was ever made
        }
        return files;
    }
}
