package org.strongroom.sidecar.audit;

import java.util.Base64;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/**
 * How large the log is and what is in it: the text of a C2SP tlog-checkpoint. Immutable.
 *
 * @param origin which log
 * @param size how many entries
 * @param root of the tree over them
 */
record Checkpoint(String origin, long size, Sha256 root) {
    Checkpoint {
        Objects.requireNonNull(root, "root");
        if (origin.isEmpty() || origin.contains("\n") || size < 0) {
            throw new IllegalArgumentException("origin or size of a checkpoint");
        }
    }

    String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.toBytes()) + "\n";
    }

    /** @throws StrongroomException CORRUPT if this is no checkpoint's text; extensions are not understood */
    static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 4 || !lines[3].isEmpty() || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
            throw corrupt();
        }
        try {
            byte[] root = Base64.getDecoder().decode(lines[2]);
            Checkpoint checkpoint = new Checkpoint(lines[0], Long.parseLong(lines[1]), new Sha256(root));
            if (!checkpoint.text().equals(text)) {
                throw corrupt();
            }
            return checkpoint;
        } catch (IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not a checkpoint of an audit log");
    }
}
