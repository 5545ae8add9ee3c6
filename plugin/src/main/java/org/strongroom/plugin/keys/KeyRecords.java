package org.strongroom.plugin.keys;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.AppendLog;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.io.FileSource;

/**
 * The append-only files of study and attachment records, with an index of their clear parts: nothing is unwrapped to find
 * one. Thread-safe.
 */
final class KeyRecords implements Closeable {
    private final KeyringFiles files;
    private final UUID installation;
    private final Map<UUID, Place> places = new HashMap<>();
    private final Map<Tag16, UUID> current = new HashMap<>();
    private final AppendLog log;
    private int inSegment;

    /** Where a record is, and what {@link AppendLog#sync} waits for until it is durable (0: it was read from disk). */
    private record Place(int segment, int offset, int size, long ticket) {}

    private KeyRecords(KeyringFiles files, UUID installation) throws IOException {
        this.files = files;
        this.installation = installation;
        DurableFiles.createDirectories(files.records());
        int number = 1;
        long length = load(number);
        while (Files.exists(files.segment(number + 1))) {
            number++;
            length = load(number);
        }
        this.log = new AppendLog(files::segment, number, length);
    }

    /**
     * @throws StrongroomException CORRUPT if a file holds anything that is not a record, other than an unfinished last one
     */
    static KeyRecords open(KeyringFiles files, UUID installation) throws IOException {
        return new KeyRecords(files, installation);
    }

    private long load(int number) throws IOException {
        Path file = files.segment(number);
        if (Files.notExists(file)) {
            return 0;
        }
        KeySegment segment;
        try {
            segment = KeySegment.decode(Files.readAllBytes(file));
        } catch (StrongroomException e) {
            throw e.with("file", file).cure("Restore it from a backup of Home, or from the bundles in a tier");
        }
        int offset = 0;
        for (KeyRecord record : segment.records()) {
            if (!record.label().installation().equals(installation)) {
                throw StrongroomException.of(FailureKind.CORRUPT, "a key record of another installation")
                        .with("file", file)
                        .with("offset", offset);
            }
            index(record, new Place(number, offset, record.size(), 0));
            offset += record.size();
        }
        inSegment = segment.records().size();
        return segment.length();
    }

    private void index(KeyRecord record, Place place) {
        places.put(record.label().id(), place);
        if (record.label().kind() == KeyKind.STUDY) {
            current.put(record.label().ownerTag(), record.label().id());
        }
    }

    /** The key in use of a study; empty if it has none. */
    synchronized Optional<UUID> find(Tag16 owner) {
        return Optional.ofNullable(current.get(owner));
    }

    /** The key of this study is not used for new files any more. */
    synchronized void retire(UUID key) {
        current.values().remove(key);
    }

    /** Writes a record; not durable before {@link #sync}. */
    synchronized void add(KeyRecord record) throws IOException {
        if (inSegment == KeySegment.MAX_RECORDS) {
            log.rotate();
            inSegment = 0;
        }
        int offset = Math.toIntExact(log.length());
        long ticket = log.write(record.encode());
        inSegment++;
        index(record, new Place(log.number(), offset, record.size(), ticket));
    }

    /** Returns when the record of this key is on disk. */
    void sync(UUID key) throws IOException {
        Place place = place(key).orElseThrow();
        if (place.ticket() > 0) {
            log.sync(place.ticket());
        }
    }

    /** The record of a key; empty if there is none. */
    Optional<KeyRecord> read(UUID key) throws IOException {
        Optional<Place> place = place(key);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        Path file = files.segment(place.get().segment());
        try (FileSource source = FileSource.open(file)) {
            return Optional.of(KeyRecord.decode(
                    source.read(place.get().offset(), place.get().size())));
        }
    }

    private synchronized Optional<Place> place(UUID key) {
        return Optional.ofNullable(places.get(key));
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
