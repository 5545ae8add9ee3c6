package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The entry from which on a log is kept (C2SP tlog-tiles, "Pruning"; format.md §9.8): bundles and tiles that end before it may be gone. Stateless. */
final class MinimumIndex {
    static final String FILE = "minimum-index";
    /** Who writes another number than the log's own gains nothing: {@link PruneNotice}. */
    static final String CURE =
            "Somebody changed this file: keep a copy as evidence. Then put the \"minimum\" of the log's newest event"
                    + " \"log-prune\" there, or remove the file if the log has no such event; no other number is"
                    + " believed. Then run \"strongroom audit verify\"";

    private static final String DECIMAL = "[0-9]{1,18}\n";

    private MinimumIndex() {}

    /**
     * That of a log; 0 if it was never pruned. A claim: {@link PruneNotice} and {@link LogVerification} look for the event
     * that says so.
     *
     * @throws StrongroomException CORRUPT if it is no number of whole bundles
     */
    static long read(Tiles tiles) throws IOException {
        Optional<byte[]> file = tiles.read(FILE);
        if (file.isEmpty()) {
            return 0;
        }
        String text = new String(file.get(), StandardCharsets.US_ASCII);
        long minimum = text.matches(DECIMAL) ? Long.parseLong(text.strip()) : -1;
        if (minimum < 0 || minimum % TilePath.FULL != 0) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT, "the audit log does not say from which event on it is kept")
                    .with("file", FILE)
                    .cure(CURE);
        }
        return minimum;
    }

    static byte[] file(long minimum) {
        return (minimum + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
