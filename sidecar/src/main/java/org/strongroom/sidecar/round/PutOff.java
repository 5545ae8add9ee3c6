package org.strongroom.sidecar.round;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.strongroom.core.time.RunningTime;

/**
 * What failed by itself is left alone for a while, twice as long each time, so that the rest has its turn. For one thread.
 *
 * @param <K> what it is known by
 */
public final class PutOff<K> {
    private static final int DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private final RunningTime time;
    private final Map<K, Wait> waits = new HashMap<>();

    /**
     * @param failures in a row
     * @param until in running time
     */
    private record Wait(int failures, Duration until) {}

    /**
     * @param first how long after the first failure
     * @param longest how long at most
     */
    public PutOff(Duration first, Duration longest, RunningTime time) {
        this.first = first;
        this.longest = longest;
        this.time = time;
    }

    /** It failed once more. */
    public void failed(K one) {
        int failures = knows(one) ? Math.min(waits.get(one).failures() + 1, DOUBLINGS) : 1;
        Duration pause = first.multipliedBy(1L << (failures - 1));
        waits.put(one, new Wait(failures, time.now().plus(pause.compareTo(longest) < 0 ? pause : longest)));
    }

    /** It failed lately, and has not succeeded since. */
    public boolean knows(K one) {
        return waits.containsKey(one);
    }

    /** Whether it is left alone now. */
    public boolean isWaiting(K one) {
        return knows(one) && waits.get(one).until().compareTo(time.now()) > 0;
    }

    /** All that are left alone now. */
    public Set<K> waiting() {
        Set<K> waiting = new HashSet<>();
        waits.keySet().stream().filter(this::isWaiting).forEach(waiting::add);
        return waiting;
    }

    /** It succeeded, or is wanted no more. */
    public void over(K one) {
        waits.remove(one);
    }

    /** Forgets those that are not {@code wanted} any more, and returns them. */
    public Set<K> keep(Predicate<K> wanted) {
        Set<K> gone = new HashSet<>();
        waits.keySet().stream().filter(wanted.negate()).forEach(gone::add);
        waits.keySet().removeAll(gone);
        return gone;
    }

    /** All have their turn now. */
    public void tryAgain() {
        Duration now = time.now();
        waits.replaceAll((one, wait) -> new Wait(wait.failures(), now));
    }
}
