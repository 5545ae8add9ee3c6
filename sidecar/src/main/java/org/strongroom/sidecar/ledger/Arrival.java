package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.Objects;
import org.strongroom.core.format.v1.SealedHeader;

/**
 * A sealed file that was found. Immutable.
 *
 * @param bytes of the whole sealed file
 * @param at when it arrived
 * @param place where it was found
 */
public record Arrival(SealedHeader header, long bytes, Instant at, Place place) {
    public Arrival {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(place, "place");
        if (bytes <= header.headPieceSize()) {
            throw new IllegalArgumentException("a sealed file of " + bytes + " bytes");
        }
    }
}
