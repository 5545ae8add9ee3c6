package org.strongroom.core.control;

import java.time.Instant;
import java.util.Objects;

/**
 * How the last trial recovery from one tier went: a value of {@link Drills} and of {@code drills} in {@link Status}. Sizes are bytes of the
 * tier, seconds are of that day's machine and line.
 *
 * @param ended when
 * @param proven whether all that was tried was right
 * @param lastProven when that was so the last time; null if it never was
 * @param keys what opened the tier: {@code kit} or {@code root key}
 * @param point everything acknowledged until then was in the tier; null if nobody knows
 * @param snapshot when the index was copied that was opened; null if there was none
 * @param secondsToList from nothing to an Orthanc that listed that index; null if none did
 * @param secondsToRead what it takes to read all packs of the tier, as fast as the sample was; null if nobody knows
 * @param images that were opened
 * @param bytes that were read
 * @param faults what was found wrong
 * @param reason the first of them, without names of persons; null if there is none
 */
public record DrillResult(
        Instant ended,
        boolean proven,
        Instant lastProven,
        String keys,
        Instant point,
        Instant snapshot,
        Long secondsToList,
        Long secondsToRead,
        long images,
        long bytes,
        long faults,
        String reason) {
    public DrillResult {
        Objects.requireNonNull(ended, "ended");
        Objects.requireNonNull(keys, "keys");
        if (images < 0 || bytes < 0 || faults < 0) {
            throw new IllegalArgumentException("a count is negative");
        }
        if (proven == (reason != null)) {
            throw new IllegalArgumentException(proven ? "proven, with a reason why not" : "not proven, and no reason");
        }
    }

    /** The same, knowing of one before it. */
    public DrillResult after(DrillResult before) {
        return new DrillResult(
                ended,
                proven,
                proven ? ended : before.lastProven,
                keys,
                point,
                snapshot,
                secondsToList,
                secondsToRead,
                images,
                bytes,
                faults,
                reason);
    }
}
