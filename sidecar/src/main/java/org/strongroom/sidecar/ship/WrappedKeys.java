package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.ledger.TierTable.KeyPlace;

/** Reads the wrapped keys in Home: which segment holds which key id. Opens nothing. For one thread at a time. */
final class WrappedKeys {
    private final Home home;
    private final TierTable table;
    private final Map<Path, Long> read = new HashMap<>();

    WrappedKeys(Home home, TierTable table) {
        this.home = home;
        this.table = table;
    }

    /** Whole key records only: an unfinished last one is being written, or was never acknowledged. */
    static List<KeyRecord> records(Path file) throws IOException {
        return KeySegment.decode(Files.readAllBytes(file)).records();
    }

    Path segment(int number) {
        return home.keyring().resolve("records").resolve(String.format(Locale.ROOT, "%08d.strk", number));
    }

    private static int number(Path segment) {
        return Integer.parseInt(segment.getFileName().toString().substring(0, 8));
    }

    /** The segments that there are, with the lengths of their files. */
    Map<Integer, Long> segments() throws IOException {
        TreeMap<Integer, Long> segments = new TreeMap<>();
        for (Path file : list(home.keyring().resolve("records"))) {
            segments.put(number(file), Files.size(file));
        }
        return segments;
    }

    /** The records of all tenants. */
    List<KeyRecord> tenants() throws IOException {
        List<KeyRecord> records = new ArrayList<>();
        for (Path file : list(home.keyring().resolve("tenants"))) {
            records.addAll(records(file));
        }
        return records;
    }

    /**
     * Reads the segments that grew since the last call into the ledger.
     *
     * @throws StrongroomException of the first that cannot be read, when all others are
     */
    void refresh() throws IOException {
        Optional<StrongroomException> first = Optional.empty();
        for (Path file : list(home.keyring().resolve("records"))) {
            try {
                refresh(file);
            } catch (StrongroomException e) {
                first = first.or(() -> Optional.of(e));
            } catch (IOException e) {
                first = first.or(() -> Optional.of(unreadable(file, e)));
            }
        }
        if (first.isPresent()) {
            throw first.get();
        }
    }

    private void refresh(Path file) throws IOException {
        long size = Files.size(file);
        if (read.getOrDefault(file, -1L) == size) {
            return;
        }
        int segment = number(file);
        Map<UUID, KeyPlace> places = new HashMap<>();
        int position = 0;
        for (KeyRecord record : records(file)) {
            places.put(record.label().id(), new KeyPlace(segment, position++));
        }
        table.keys(places);
        read.put(file, size);
    }

    /** The disk's failure to give a segment, as one that holds up only what needs that segment. */
    static StrongroomException unreadable(Path segment, IOException e) {
        return StrongroomException.of(FailureKind.REFUSED, "a segment of Home's keyring cannot be read")
                .with("file", segment.getFileName())
                .cure("Look at Home's disk; restore the file from a backup of Home")
                .causedBy(e);
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
