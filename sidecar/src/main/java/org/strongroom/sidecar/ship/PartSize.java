package org.strongroom.sidecar.ship;

import org.strongroom.core.settings.Rate;
import org.strongroom.sidecar.tier.Tier;

/** How large the parts of an upload are: what is lost when the line breaks, against what each request costs. */
final class PartSize {
    private static final int MOST_PARTS = 10_000;
    /** Seconds of the line that one part takes … */
    private static final int STEADY = 30;
    /** … and where it broke lately: of a minute and a half between two cuts, a few hundredths are lost. */
    private static final int SHAKY = 2;

    /** A store that takes such parts takes any. */
    static final long SMALLEST = 64L << 10;

    private static final long UNKNOWN = 256L << 10;
    private static final long LARGEST = 64L << 20;
    private static final int FEW = 4;
    /** Stores are paid by the request: on a good line nothing smaller is divided. */
    private static final long ONE = 8L << 20;

    private PartSize() {}

    /** Of part {@code number} and those behind it, in an upload of {@code size} bytes of which {@code left} are not sent. */
    static long of(long size, long left, int number, Tier tier, LineSpeed line, Rate limit) {
        return of(size, left, number, tier, line, limit, line.isShaky() ? SHAKY : STEADY);
    }

    /** The same as if the line had not broken lately. */
    static long calm(long size, long left, int number, Tier tier, LineSpeed line, Rate limit) {
        return of(size, left, number, tier, line, limit, STEADY);
    }

    /** With smaller ones an upload of which {@code left} bytes are not sent would have more parts than stores take. */
    static long least(long left, int number) {
        return left / (MOST_PARTS - number + 1) + 1;
    }

    private static long of(long size, long left, int number, Tier tier, LineSpeed line, Rate limit, int seconds) {
        long mostParts = least(left, number);
        long fewParts = Math.min(LARGEST, Math.max(ONE, (size + FEW - 1) / FEW));
        long carried = line.perSecond()
                .map(known -> Math.min(known, limit.bytesPerSecond()) * seconds)
                .orElse(UNKNOWN);
        long usual = Math.max(SMALLEST, Math.min(carried, fewParts));
        return Math.max(Math.max(usual, mostParts), tier.minimumPartSize());
    }
}
