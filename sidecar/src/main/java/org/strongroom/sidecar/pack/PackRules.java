package org.strongroom.sidecar.pack;

import java.time.Duration;

/**
 * When a study becomes a pack.
 *
 * @param quiet no file of it arrived for so long
 * @param maxBytes or so many bytes of it wait; a pack grows to about this size
 */
public record PackRules(Duration quiet, long maxBytes) {
    public PackRules {
        if (quiet.isNegative() || maxBytes < 1) {
            throw new IllegalArgumentException("quiet " + quiet + ", at most " + maxBytes + " bytes");
        }
    }
}
