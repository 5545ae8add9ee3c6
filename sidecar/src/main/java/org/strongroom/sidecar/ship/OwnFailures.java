package org.strongroom.sidecar.ship;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Tells a pack that a tier does not take from a tier that takes nothing: a pack is at fault by itself only if it fails again and again
 * while others get through. For one thread.
 */
final class OwnFailures {
    /** After so many failures of the tier without a success, those behind have a turn. */
    private static final int PATIENCE = 3;
    /** So many times others must have got through between two of its failures. */
    private static final int STRIKES = 2;

    private final Map<Long, Failure> failures = new HashMap<>();
    /** How often a pack went a step forward. */
    private long passed;
    /** Failures without a success, of whatever pack. */
    private int inARow;

    /**
     * A pack's last one.
     *
     * @param passed when it failed
     * @param progress how far it was
     * @param strikes how often others got through since the one before, without it coming any further
     */
    private record Failure(long passed, long progress, int strikes) {}

    /**
     * It failed in a way that trying again may help.
     *
     * @param progress grows when something of it got through
     * @return whether the fault is its own
     */
    boolean isOwn(long pack, long progress) {
        Failure before = failures.get(pack);
        boolean moved = before == null || progress > before.progress();
        int strikes = moved ? 0 : before.strikes() + (passed > before.passed() ? 1 : 0);
        failures.put(pack, new Failure(passed, progress, strikes));
        inARow = before != null && moved ? 1 : inARow + 1;
        return strikes >= STRIKES;
    }

    /** Forgets packs that are not there any more. */
    void keep(Predicate<Long> isThere) {
        failures.keySet().removeIf(isThere.negate());
    }

    /** Whether those behind it go first now: they show whose fault it is. */
    boolean isOthersTurn(long pack) {
        Failure last = failures.get(pack);
        return inARow >= PATIENCE || (last != null && last.strikes() > 0);
    }

    /**
     * It went a step forward.
     *
     * @return whether others failed just before: now it will be seen whose fault that was
     */
    boolean passed(long pack) {
        failures.remove(pack);
        passed++;
        boolean failed = inARow > 0;
        inARow = 0;
        return failed;
    }
}
