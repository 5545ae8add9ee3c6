package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Reads sequenced entries by position, while the log grows. Believes the files; {@link LogVerification} does not. Thread-safe.
 */
public final class LogReader {
    private final Path folder;
    private final Tiles tiles;

    /** @param folder {@code HOME/audit} */
    public LogReader(Path folder) {
        this.folder = folder;
        this.tiles = Tiles.in(folder);
    }

    /** What tells this log from every other one: 32 hexadecimal digits. NOT_FOUND if there is none yet. */
    public String name() throws IOException {
        return AnchorName.log(key(folder));
    }

    /**
     * How many entries there are: those from 0 to one below this are there, and will never change.
     *
     * @throws StrongroomException NOT_FOUND if there is no log yet; CORRUPT if its checkpoint is not signed by its key
     */
    public long size() throws IOException {
        return checkpoint(tiles, key(folder)).size();
    }

    /** The first entry that is kept: 0, unless the log was pruned. */
    public long first() throws IOException {
        return MinimumIndex.read(tiles);
    }

    /**
     * The entries from {@code index} on that stand in one file with it, at least one: ask again from behind the last.
     *
     * @param index less than {@link #size}
     * @throws StrongroomException NOT_FOUND if they are not there (a log may be pruned)
     */
    public List<LogEntry> from(long index) throws IOException {
        return from(index, size());
    }

    /**
     * As {@link #from(long)}, for who reads much.
     *
     * @param size what {@link #size} has said, or less: as if the log ended there
     */
    public List<LogEntry> from(long index, long size) throws IOException {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("entry " + index + " of " + size);
        }
        long first = index - index % TilePath.FULL;
        int width = (int) Math.min(TilePath.FULL, size - first);
        List<byte[]> entries = tiles.entries(first / TilePath.FULL, width)
                .filter(all -> all.size() >= width)
                .orElseThrow(
                        () -> StrongroomException.of(FailureKind.NOT_FOUND, "entries of the audit log are not there")
                                .with("from", first)
                                .cure("Run \"strongroom audit verify\""));
        List<LogEntry> found = new ArrayList<>();
        for (long at = index; at < first + width; at++) {
            found.add(new LogEntry(at, entries.get((int) (at - first))));
        }
        return found;
    }

    /**
     * The proof that an entry is in the log.
     *
     * @param index less than {@link #size}
     */
    public InclusionProof prove(long index) throws IOException {
        return InclusionProof.of(tiles, key(folder), index, from(index).get(0).json());
    }

    /** The line of the log's verifier key; NOT_FOUND if there is no log yet. */
    public String verifierKey() throws IOException {
        return key(folder).encode();
    }

    /** The log's verifier key; NOT_FOUND if there is none. */
    static NoteKey key(Path folder) throws IOException {
        return keyIn(folder.resolve(CheckpointSigner.PUBLIC));
    }

    /** The verifier key in a file; NOT_FOUND if it is absent. */
    static NoteKey keyIn(Path file) throws IOException {
        byte[] line = Tiles.file(file)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "there is no audit log yet")
                        .with("key", file)
                        .cure("Start Orthanc with the plugin"));
        return NoteKey.parse(new String(line, StandardCharsets.UTF_8)); // whatever bytes they are
    }

    /** The checkpoint that {@code key} signed. */
    static Checkpoint checkpoint(Tiles tiles, NoteKey key) throws IOException {
        Optional<byte[]> note = tiles.read(AuditLog.CHECKPOINT);
        if (note.isEmpty()) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the audit log has no checkpoint");
        }
        return open(note.get(), key);
    }

    /** @throws StrongroomException CORRUPT if it is not a checkpoint of the log whose key this is */
    static Checkpoint open(byte[] note, NoteKey key) {
        Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(note, key));
        if (!checkpoint.origin().equals(key.name())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a checkpoint of another log");
        }
        return checkpoint;
    }
}
