package org.strongroom.sidecar.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.FileSource;
import org.strongroom.sidecar.ledger.Arrival;
import org.strongroom.sidecar.ledger.Place;

/** Reads what the sidecar can know of a sealed file: its clear header and its size. Thread-safe. */
public final class SealedFileReader {
    /** A body message of no blocks: number of blocks and magic (format.md §3.3). */
    private static final long SMALLEST_BODY = Cobblestone.messageSize(8);

    private final UUID installation;

    public SealedFileReader(UUID installation) {
        this.installation = installation;
    }

    /**
     * Reads {@code file}.
     *
     * @throws StrongroomException CORRUPT if it is no sealed file of this name and installation
     * @throws java.nio.file.NoSuchFileException if it is not there any more
     * @throws org.strongroom.core.io.UnreadableFileException if the disk does not give it
     */
    public Arrival read(Path file, UUID uuid, Place place, Instant now) throws IOException {
        long size;
        SealedHeader header;
        try (FileSource source = FileSource.open(file)) {
            size = source.size();
            header = SealedHeader.decode(source.read(0, (int) Math.min(SealedHeader.MAX_SIZE, size)));
        }
        if (!header.attachment().equals(uuid)) {
            throw corrupt("a sealed file has another's name");
        }
        if (!header.installation().equals(installation)) {
            throw corrupt("a sealed file of another installation");
        }
        if (size < header.headPieceSize() + SMALLEST_BODY) {
            throw corrupt("a sealed file is cut off");
        }
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        return new Arrival(header, size, modified.isAfter(now) ? now : modified, place);
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
