package org.strongroom.sidecar.ship;

import java.time.Duration;
import java.util.Optional;

/**
 * When a line is cut next, where its cuts come in a rhythm: those of a router that a timer restarts, or of a gateway that lets no
 * connection grow old. It is believed once some intervals in a row were nearly equal, until a cut comes out of it, or some are not seen.
 * Where there is none nothing waits for it. Times are one running time's. For one thread.
 */
final class CutRhythm {
    /** So many intervals in a row make a rhythm: three come about by chance now and then. */
    private static final int ENOUGH = 4;
    /** When so many cuts were due and not seen there is none, until one comes that fits. */
    private static final int MISSED = 2;
    /** An interval differs from those before by this part of it at most. */
    private static final int NEARLY = 50;
    /** What fails so soon behind a cut fails of the same one: the line is not back yet. */
    private static final Duration OUTAGE = Duration.ofSeconds(20);
    /** What takes this part of an interval is worth a pause … */
    private static final int LARGE = 4;
    /** … if it leaves this part free, for a cut that comes early … */
    private static final int ROOM = 20;
    /** … and the pause takes this part at most. What is large would not be through before the cut then. */
    private static final int LONGEST = 5;
    /** The pause ends this part too early. The cut costs no more than that, and is seen: so the next one is known as well. */
    private static final int EARLY = 64;

    private Optional<Duration> last = Optional.empty();
    private Duration interval = Duration.ZERO;
    /** So many in a row were as long as this one. */
    private int equal;

    /** The line was found broken. */
    void cut(Duration now) {
        Optional<Duration> since = last.map(now::minus);
        if (since.filter(each -> each.compareTo(OUTAGE) < 0).isPresent()) {
            return;
        }
        since.ifPresent(this::add);
        last = Optional.of(now);
    }

    private void add(Duration since) {
        long beats = isRhythm() ? Math.max(1, since.plus(interval.dividedBy(2)).dividedBy(interval)) : 1;
        Duration off = since.minus(interval.multipliedBy(beats)).abs();
        if (off.multipliedBy(NEARLY).compareTo(interval) <= 0) {
            interval = interval.plus(since.dividedBy(beats)).dividedBy(2);
            equal++;
        } else {
            interval = since;
            equal = 1;
        }
    }

    private boolean isRhythm() {
        return equal >= ENOUGH;
    }

    /**
     * How long something that takes so long should not be begun yet, because a cut would meet it, and behind the cut it gets through. Zero
     * if nothing is gained by waiting.
     */
    Duration pause(Duration now, Duration takes) {
        boolean isLarge = takes.multipliedBy(LARGE).compareTo(interval) >= 0;
        boolean fits = takes.plus(interval.dividedBy(ROOM)).compareTo(interval) <= 0;
        if (!isRhythm() || !isLarge || !fits) {
            return Duration.ZERO;
        }
        Duration since = now.minus(last.orElseThrow());
        long beats = since.dividedBy(interval) + 1;
        Duration pause =
                interval.multipliedBy(beats).minus(interval.dividedBy(EARLY)).minus(since);
        boolean isShort = pause.multipliedBy(LONGEST).compareTo(interval) <= 0;
        return beats <= MISSED && isShort && !pause.isNegative() ? pause : Duration.ZERO;
    }
}
