package org.strongroom.plugin.keys;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
    private final Map<UUID, Place> places = new LinkedHashMap<>();
    private final Map<Tag16, UUID> current = new HashMap<>();
    private final Set<UUID> retired = new HashSet<>();
    private final Set<UUID> destroyed = new HashSet<>();
    /** Null in a reader. */
    private final AppendLog log;

    private int inSegment;
    /** The last file that was loaded. */
    private int loaded = 1;

    /** Where a record is, and what {@link AppendLog#sync} waits for until it is durable (0: it was read from disk). */
    private record Place(int segment, int offset, int size, long ticket) {}

    private KeyRecords(KeyringFiles files, UUID installation, boolean writer) throws IOException {
        this.files = files;
        this.installation = installation;
        if (writer) {
            DurableFiles.createDirectories(files.records());
        }
        long length = load(writer);
        this.log = writer ? new AppendLog(files::segment, loaded, length) : null;
    }

    /**
     * @throws StrongroomException CORRUPT if a file holds anything that is not a record, other than an unfinished last one
     */
    static KeyRecords open(KeyringFiles files, UUID installation) throws IOException {
        return new KeyRecords(files, installation, true);
    }

    /**
     * The records of a keyring that another process may be writing, whose new ones are found when they are asked for: nothing
     * is cut off, nothing can be added.
     *
     * @throws StrongroomException as {@link #open}
     */
    static KeyRecords read(KeyringFiles files, UUID installation) throws IOException {
        return new KeyRecords(files, installation, false);
    }

    /** Loads what is there from the last loaded file on; returns the length of the records in the last one. */
    private long load(boolean writer) throws IOException {
        int last = files.segments();
        long length = 0;
        for (int number = loaded; number <= last; number++) {
            length = load(number, number == last, writer);
        }
        loaded = Math.max(loaded, last);
        return length;
    }

    private long load(int number, boolean last, boolean writer) throws IOException {
        Path file = files.segment(number);
        byte[] content = files.read(file);
        KeySegment segment;
        try {
            segment = KeySegment.decode(content);
        } catch (StrongroomException e) {
            throw files.damaged(file).causedBy(e);
        }
        if (segment.length() < content.length) {
            if (!last) {
                throw files.damaged(file).with("offset", segment.length());
            }
            // What a reader finds unfinished, its writer may be finishing now.
            if (writer) {
                keepCutOff(number, content, segment.length());
            }
        }
        int offset = 0;
        for (KeyRecord record : segment.records()) {
            if (!record.label().installation().equals(installation)) {
                throw files.damaged(file)
                        .with("offset", offset)
                        .with("installation", record.label().installation());
            }
            index(record, new Place(number, offset, record.size(), 0));
            offset += record.size();
        }
        inSegment = segment.records().size();
        return segment.length();
    }

    /**
     * An unfinished record was never used, so it is cut off. Should a damaged length only make it look unfinished, its bytes
     * are still there: nothing here ever destroys a key.
     */
    private void keepCutOff(int number, byte[] content, int offset) throws IOException {
        byte[] rest = Arrays.copyOfRange(content, offset, content.length);
        if (!Arrays.equals(rest, new byte[rest.length])) {
            DurableFiles.replace(files.cutOff(number, offset, rest.length), rest);
        }
    }

    private void index(KeyRecord record, Place place) {
        places.put(record.label().id(), place);
        if (record.label().kind() == KeyKind.DESTROYED) {
            destroyed.add(record.label().id());
        } else if (record.label().kind() == KeyKind.STUDY) {
            current.put(record.label().ownerTag(), record.label().id());
        }
    }

    /** The key in use of a study; empty if it has none. */
    synchronized Optional<UUID> find(Tag16 owner) {
        return Optional.ofNullable(current.get(owner)).filter(key -> !retired.contains(key));
    }

    /** The newest key of a study, in use or not; empty if it has none that is not destroyed. */
    synchronized Optional<UUID> newest(Tag16 owner) {
        return Optional.ofNullable(current.get(owner)).filter(key -> !destroyed.contains(key));
    }

    /** Ids of all keys of studies and attachments that are not destroyed, oldest first. */
    synchronized List<UUID> ids() {
        return places.keySet().stream().filter(id -> !destroyed.contains(id)).toList();
    }

    synchronized boolean isDestroyed(UUID key) {
        return destroyed.contains(key);
    }

    /** The key of this study is not used for new files any more. */
    synchronized void retire(UUID key) {
        retired.add(key);
    }

    synchronized boolean isRetired(UUID key) {
        return retired.contains(key);
    }

    /** Writes a record; not durable before {@link #sync}. */
    synchronized void add(KeyRecord record) throws IOException {
        if (log == null) {
            throw new IllegalStateException("a reader of the keyring adds nothing");
        }
        if (inSegment == KeySegment.MAX_RECORDS) {
            log.rotate();
            inSegment = 0;
        }
        int offset = Math.toIntExact(log.length());
        long ticket = log.write(record.encode());
        inSegment++;
        index(record, new Place(log.number(), offset, record.size(), ticket));
    }

    /**
     * Puts another record of the same length in the place of a key's, durably, and overwrites the old one: what a disk keeps of what is
     * overwritten, nobody can tell.
     *
     * @param successor makes the record of the one that is there
     */
    synchronized void destroy(UUID key, UnaryOperator<KeyRecord> successor) throws IOException {
        Place place = places.get(key);
        if (log == null || place == null) {
            throw new IllegalStateException("a reader of the keyring, or a key that it does not have");
        }
        if (place.segment() == log.number()) {
            log.rotate(); // nobody else may write to a file that is replaced
            inSegment = 0;
        }
        Path file = files.segment(place.segment());
        byte[] content = files.read(file);
        byte[] before = Arrays.copyOfRange(content, place.offset(), place.offset() + place.size());
        KeyRecord record = successor.apply(KeyRecord.decode(before));
        System.arraycopy(record.encode(), 0, content, place.offset(), place.size());
        try (RandomAccessFile old = new RandomAccessFile(file.toFile(), "rw")) {
            DurableFiles.replace(file, content);
            old.seek(place.offset());
            old.write(new byte[place.size()]);
            old.getFD().sync();
        }
        files.dropCutOff(before);
        destroyed.add(key);
        retired.add(key);
        current.values().remove(key);
    }

    /** Returns when the record of this key is on disk. */
    void sync(UUID key) throws IOException {
        Place place = place(key).orElseThrow();
        if (place.ticket() > 0) {
            log.sync(place.ticket());
        }
    }

    /**
     * What {@code opener} makes of the record of a key; empty if there is none.
     *
     * @throws StrongroomException CORRUPT, with the place, if the record is damaged or {@code opener} finds it so
     */
    <T> Optional<T> read(UUID key, Function<KeyRecord, T> opener) throws IOException {
        Optional<Place> known = place(key);
        if (known.isEmpty() && log == null) {
            known = placeByNow(key);
        }
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Place place = known.get();
        try (FileSource source = FileSource.open(files.segment(place.segment()))) {
            return Optional.of(opener.apply(KeyRecord.decode(source.read(place.offset(), place.size()))));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            throw files.damaged(files.segment(place.segment()))
                    .with("offset", place.offset())
                    .with("key", key)
                    .causedBy(e);
        }
    }

    /** The segment that a key's record is in; empty if there is none. */
    Optional<Integer> segment(UUID key) {
        return place(key).map(Place::segment);
    }

    private synchronized Optional<Place> place(UUID key) {
        return Optional.ofNullable(places.get(key));
    }

    /** For a reader: the writer may have added it since. */
    private synchronized Optional<Place> placeByNow(UUID key) throws IOException {
        load(false);
        return place(key);
    }

    @Override
    public void close() throws IOException {
        if (log != null) {
            log.close();
        }
    }
}
