package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/**
 * A checkpoint that a witness signed (format.md §9.6). Only the witness is believed: whoever has the log's key could have signed it as well.
 * Immutable.
 *
 * @param time when it did, by its clock
 */
record Cosigned(Checkpoint checkpoint, Instant time) {
    private static final String FOLDER = "cosigned";
    private static final int DIGITS = 32;

    /** @throws StrongroomException CORRUPT if this witness did not sign it */
    static Cosigned open(byte[] note, NoteKey witness) {
        Instant time = Cosignature.time(note, witness)
                .orElseThrow(() -> StrongroomException.of(
                        FailureKind.CORRUPT, "a checkpoint is not signed by the witness that is meant"));
        return new Cosigned(Checkpoint.parse(SignedNote.text(note)), time);
    }

    /** Where a log keeps the newest that a witness signed. */
    static Path file(Path audit, NoteKey witness) {
        byte[] key = (witness.encode() + "\n").getBytes(StandardCharsets.UTF_8);
        return audit.resolve(FOLDER).resolve(Sha256.of(key).toString().substring(0, DIGITS));
    }

    /** What is kept there; empty if nothing is. */
    static Optional<Cosigned> read(Path audit, NoteKey witness) throws IOException {
        return Tiles.file(file(audit, witness)).map(note -> open(note, witness));
    }

    /** As something that the log must still agree with. */
    Sighting sighting() {
        return new Sighting(checkpoint, Optional.empty());
    }
}
