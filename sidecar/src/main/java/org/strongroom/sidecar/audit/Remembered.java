package org.strongroom.sidecar.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.strongroom.core.format.v1.Sha256;

/**
 * What a tier held of a log when it was last anchored, as the ledger keeps it. Immutable.
 *
 * @param through everything that was signed until then
 */
record Remembered(String log, long size, Sha256 root, Instant through) {
    String text() {
        return log + " " + size + " " + root + " " + through;
    }

    /** Empty if this is no such text: the ledger is a cache. */
    static Optional<Remembered> parse(String text) {
        String[] words = text.split(" ", -1);
        try {
            return words.length == 4
                    ? Optional.of(new Remembered(
                            words[0],
                            Long.parseLong(words[1]),
                            new Sha256(HexFormat.of().parseHex(words[2])),
                            Instant.parse(words[3])))
                    : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
