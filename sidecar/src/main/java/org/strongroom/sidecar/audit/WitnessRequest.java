package org.strongroom.sidecar.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/** The body of C2SP tlog-witness's add-checkpoint. Immutable. */
final class WitnessRequest {
    private static final int MOST_HASHES = 63;

    private final long old;
    private final List<Sha256> proof;
    private final byte[] note;

    /**
     * @param old how large the log was that the witness signed last
     * @param proof that it grew from there
     * @param note the signed checkpoint
     */
    WitnessRequest(long old, List<Sha256> proof, byte[] note) {
        this.old = old;
        this.proof = List.copyOf(proof);
        this.note = note.clone();
    }

    long old() {
        return old;
    }

    List<Sha256> proof() {
        return proof;
    }

    byte[] note() {
        return note.clone();
    }

    byte[] encode() {
        StringBuilder head = new StringBuilder("old ").append(old).append('\n');
        proof.forEach(hash ->
                head.append(Base64.getEncoder().encodeToString(hash.toBytes())).append('\n'));
        byte[] before = head.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(before, before.length + note.length);
        System.arraycopy(note, 0, all, before.length, note.length);
        return all;
    }

    /** @throws StrongroomException CORRUPT if it is none */
    static WitnessRequest parse(byte[] body) {
        String all = new String(body, StandardCharsets.UTF_8);
        int end = all.indexOf("\n\n");
        String[] lines = all.substring(0, Math.max(0, end)).split("\n", -1);
        if (!lines[0].matches("old (0|[1-9][0-9]{0,17})") || lines.length > 1 + MOST_HASHES) {
            throw corrupt();
        }
        try {
            List<Sha256> proof = new ArrayList<>();
            for (String line : Arrays.asList(lines).subList(1, lines.length)) {
                proof.add(new Sha256(Base64.getDecoder().decode(line)));
            }
            byte[] note = all.substring(end + 2).getBytes(StandardCharsets.UTF_8);
            return new WitnessRequest(Long.parseLong(lines[0].substring("old ".length())), proof, note);
        } catch (IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not a request to a witness");
    }
}
