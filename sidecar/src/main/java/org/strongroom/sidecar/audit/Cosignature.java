package org.strongroom.sidecar.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What a witness signs, and how that stands in a note: C2SP tlog-cosignature, cosignature/v1 (Ed25519, type 4). Stateless. */
final class Cosignature {
    private static final int SIGNATURE = 64;

    private Cosignature() {}

    /**
     * The message that is signed: that at this time nothing larger was seen of the log.
     *
     * @param text of the checkpoint, all of it
     */
    static byte[] message(long seconds, String text) {
        return ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }

    /** What stands in the note's line, behind the key's id. */
    static byte[] of(long seconds, byte[] signature) {
        return ByteBuffer.allocate(Long.BYTES + signature.length)
                .putLong(seconds)
                .put(signature)
                .array();
    }

    /**
     * When the witness signed this note, the last time; empty if it did not.
     *
     * @throws StrongroomException CORRUPT if it is no note, or something stands there as this witness's that it did not sign
     */
    static Optional<Instant> time(byte[] note, NoteKey witness) {
        String text = SignedNote.text(note);
        List<byte[]> signatures = SignedNote.signatures(note, witness);
        return signatures.stream().map(one -> time(text, one, witness)).max(Instant::compareTo);
    }

    private static Instant time(String text, byte[] timestamped, NoteKey witness) {
        if (timestamped.length == Long.BYTES + SIGNATURE) {
            long seconds = ByteBuffer.wrap(timestamped).getLong();
            byte[] signature = Arrays.copyOfRange(timestamped, Long.BYTES, timestamped.length);
            boolean told = seconds > 0 && seconds <= Instant.MAX.getEpochSecond();
            if (told && witness.verifies(message(seconds, text), signature)) {
                return Instant.ofEpochSecond(seconds);
            }
        }
        throw StrongroomException.of(FailureKind.CORRUPT, "the cosignature of a checkpoint is wrong");
    }
}
